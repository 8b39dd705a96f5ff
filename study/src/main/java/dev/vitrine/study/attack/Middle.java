package dev.vitrine.study.attack;

import java.util.Arrays;
import java.util.stream.DoubleStream;

/** Mean and median; 0 of no numbers. */
public record Middle(double mean, double median) {
    public static Middle of(DoubleStream numbers) {
        double[] sorted = numbers.sorted().toArray();
        int half = sorted.length / 2;
        double median =
                sorted.length == 0 ? 0 : sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
        return new Middle(Arrays.stream(sorted).average().orElse(0), median);
    }
}
