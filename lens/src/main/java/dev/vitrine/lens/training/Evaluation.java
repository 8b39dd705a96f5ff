package dev.vitrine.lens.training;

import java.util.List;
import java.util.stream.IntStream;

/**
 * The performance of a network on unaugmented pictures.
 *
 * @param loss mean of −log p(right class)
 * @param confusion confusion matrix: for each true class, the number of pictures predicted as each class
 * @param units maps and units after rectifiers
 * @param dead those of them that no picture activates
 */
public record Evaluation(double loss, List<List<Integer>> confusion, int units, int dead) {
    public Evaluation {
        confusion = confusion.stream().map(List::copyOf).toList();
    }

    /** Number of pictures evaluated. */
    public int pictures() {
        return confusion.stream().mapToInt(Evaluation::sum).sum();
    }

    /** Accuracy over all pictures. */
    public double accuracy() {
        int right = IntStream.range(0, confusion.size())
                .map(label -> confusion.get(label).get(label))
                .sum();
        return (double) right / Math.max(1, pictures());
    }

    /** Accuracy on a class's pictures (recall), NaN if there are none. */
    public double accuracy(int label) {
        return (double) confusion.get(label).get(label) / sum(confusion.get(label));
    }

    /** Mean of the classes' accuracies. */
    public double meanClassAccuracy() {
        return IntStream.range(0, confusion.size())
                .filter(label -> sum(confusion.get(label)) > 0)
                .mapToDouble(this::accuracy)
                .average()
                .orElse(0);
    }

    public double deadShare() {
        return (double) dead / Math.max(1, units);
    }

    static int sum(List<Integer> counts) {
        return counts.stream().mapToInt(Integer::intValue).sum();
    }
}
