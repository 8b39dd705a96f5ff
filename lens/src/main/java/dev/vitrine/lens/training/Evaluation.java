package dev.vitrine.lens.training;

import java.util.List;
import java.util.stream.IntStream;

/**
 * How a network does on pictures as they are.
 *
 * @param loss mean of −log p(right class)
 * @param confusion for each class, how many of its pictures were taken for each class
 * @param units maps and units behind rectifiers
 * @param dead those of them that no picture excites
 */
public record Evaluation(double loss, List<List<Integer>> confusion, int units, int dead) {
    public Evaluation {
        confusion = confusion.stream().map(List::copyOf).toList();
    }

    /** How many pictures it was asked about. */
    public int pictures() {
        return confusion.stream().mapToInt(Evaluation::sum).sum();
    }

    /** Share of all pictures that are told right. */
    public double accuracy() {
        int right = IntStream.range(0, confusion.size())
                .map(label -> confusion.get(label).get(label))
                .sum();
        return (double) right / Math.max(1, pictures());
    }

    /** Share of a class's pictures that are told right, NaN where there are none. */
    public double accuracy(int label) {
        return (double) confusion.get(label).get(label) / sum(confusion.get(label));
    }

    /** Mean of the classes' shares. */
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
