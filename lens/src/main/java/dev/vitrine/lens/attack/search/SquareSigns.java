package dev.vitrine.lens.attack.search;

import dev.vitrine.lens.attack.Victim;
import java.util.Arrays;
import java.util.SplittableRandom;

/** Squares of ±ε, a sign for each channel; vertical stripes at first. */
record SquareSigns(int channels, int height, int width, double epsilon) implements SquareChange {
    SquareSigns(Victim victim, double epsilon) {
        this(victim.channels(), victim.height(), victim.width(), epsilon);
    }

    @Override
    public double[] first(SplittableRandom random) {
        double[] change = new double[channels * height * width];
        for (int channel = 0; channel < channels; channel++) {
            for (int column = 0; column < width; column++) {
                double value = signed(random);
                for (int row = 0; row < height; row++) {
                    change[(channel * height + row) * width + column] = value;
                }
            }
        }
        return change;
    }

    @Override
    public double[] next(double[] change, int side, SplittableRandom random) {
        int top = random.nextInt(height - side + 1);
        int left = random.nextInt(width - side + 1);
        double[] next = change.clone();
        for (int channel = 0; channel < channels; channel++) {
            double value = signed(random);
            for (int row = top; row < top + side; row++) {
                int from = (channel * height + row) * width + left;
                Arrays.fill(next, from, from + side, value);
            }
        }
        return next;
    }

    private double signed(SplittableRandom random) {
        return random.nextBoolean() ? epsilon : -epsilon;
    }
}
