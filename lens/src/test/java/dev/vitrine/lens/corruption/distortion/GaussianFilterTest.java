package dev.vitrine.lens.corruption.distortion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class GaussianFilterTest {
    /** Against the plain sum over all taps; a kernel of reach 9 or 15 is longer than one or both axes. */
    @ParameterizedTest
    @EnumSource(Edge.class)
    void equalsThePlainSum(Edge edge) {
        int width = 7;
        int height = 12;
        double[] values = new Random(1).doubles(width * height * 2).toArray();
        for (double sigma : new double[] {0.1, 0.8, 2.2, 3, 5}) {
            double[] found = new GaussianFilter(sigma, 3, edge).apply(values, width, height, 2);
            double[] expected = plain(values, width, height, sigma, (int) (3 * sigma + 0.5), edge);
            for (int i = 0; i < found.length; i++) {
                assertThat(found[i]).as("sigma %f", sigma).isCloseTo(expected[i], within(1e-12));
            }
        }
    }

    private static double[] plain(double[] values, int width, int height, double sigma, int reach, Edge edge) {
        double[] sums = new double[values.length];
        for (int i = 0; i < values.length; i++) {
            int x = i / 2 % width;
            int y = i / 2 / width;
            double total = 0;
            for (int dy = -reach; dy <= reach; dy++) {
                for (int dx = -reach; dx <= reach; dx++) {
                    double weight = Math.exp(-(dx * dx + dy * dy) / (2 * sigma * sigma));
                    total += weight;
                    sums[i] += weight
                            * values[2 * (edge.place(y + dy, height) * width + edge.place(x + dx, width)) + i % 2];
                }
            }
            sums[i] /= total;
        }
        return sums;
    }
}
