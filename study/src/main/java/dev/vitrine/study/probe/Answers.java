package dev.vitrine.study.probe;

import dev.vitrine.study.Interval;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The confusion matrix of a classifier on labeled pictures.
 *
 * @param counts number of pictures by true and predicted class
 */
public record Answers(int[][] counts) {
    /** How often a class was predicted as another. */
    public record Confusion(int truth, int said, int times, int of) {}

    static Answers of(int[] truth, int[] said, int classes) {
        int[][] counts = new int[classes][classes];
        for (int index = 0; index < truth.length; index++) {
            counts[truth[index]][said[index]]++;
        }
        return new Answers(counts);
    }

    private int total(int label) {
        int total = 0;
        for (int count : counts[label]) {
            total += count;
        }
        return total;
    }

    /** Accuracy on one class; NaN if it has no pictures. */
    public double share(int label) {
        return (double) counts[label][label] / total(label);
    }

    /** Mean per-class accuracy: every class has the same weight. */
    public double meanPerClass() {
        double sum = 0;
        int present = 0;
        for (int label = 0; label < counts.length; label++) {
            if (total(label) > 0) {
                sum += share(label);
                present++;
            }
        }
        return sum / present;
    }

    /**
     * Interval of {@link #meanPerClass()}: that of a proportion over C²/Σ(1/n_c) pictures, which has the variance of a
     * mean over C classes of n_c pictures each.
     */
    public Interval interval() {
        double inverse = 0;
        int present = 0;
        for (int label = 0; label < counts.length; label++) {
            if (total(label) > 0) {
                inverse += 1.0 / total(label);
                present++;
            }
        }
        return Interval.ofShare(meanPerClass(), present * present / inverse);
    }

    public int pictures() {
        int sum = 0;
        for (int label = 0; label < counts.length; label++) {
            sum += total(label);
        }
        return sum;
    }

    /** Confused pairs of classes, the largest share of the true class first. */
    public List<Confusion> confusions(int most) {
        List<Confusion> confusions = new ArrayList<>();
        for (int truth = 0; truth < counts.length; truth++) {
            for (int said = 0; said < counts.length; said++) {
                if (said != truth && counts[truth][said] > 0) {
                    confusions.add(new Confusion(truth, said, counts[truth][said], total(truth)));
                }
            }
        }
        confusions.sort(Comparator.comparingDouble((Confusion one) -> -(double) one.times() / one.of())
                .thenComparingInt(one -> -one.times()));
        return List.copyOf(confusions.subList(0, Math.min(most, confusions.size())));
    }
}
