package dev.vitrine.lens.embedding.tsne;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Approximations against all pairs, on maps of the spans of a whole run. */
class RepulsionTest {
    private static final int POINTS = 6000;
    private static final Repulsion NONE = (points, forces) -> {
        throw new AssertionError("the grid was too small");
    };

    static Stream<Arguments> maps() {
        IntFunction<Repulsion> tree = points -> new TreeRepulsion(points, 0.5);
        IntFunction<Repulsion> fourier = points -> new FourierRepulsion(points, NONE);
        return Stream.of(1e-4, 3.0, 30.0, 80.0, 150.0, 240.0)
                .flatMap(span -> Stream.of(Arguments.of("tree", tree, span), Arguments.of("fourier", fourier, span)));
    }

    @ParameterizedTest(name = "{0}, span {2}")
    @MethodSource("maps")
    void approximationsAgreeWithAllPairs(String name, IntFunction<Repulsion> made, double span) {
        double[] points = clusters(span);
        double[] expected = new double[points.length];
        double[] found = new double[points.length];
        double sum = new ExactRepulsion(2).of(points, expected);
        assertThat(made.apply(POINTS).of(points, found)).isBetween(0.98 * sum, 1.02 * sum);
        double error = 0;
        double size = 0;
        for (int index = 0; index < points.length; index++) {
            error += Math.pow(found[index] - expected[index], 2);
            size += Math.pow(expected[index], 2);
        }
        assertThat(Math.sqrt(error / size)).isLessThan(0.03);
    }

    @Test
    void aMapTooWideForTheGridFallsBack() {
        double[] points = clusters(2000);
        double[] expected = new double[points.length];
        double[] found = new double[points.length];
        double sum = new ExactRepulsion(2).of(points, expected);
        assertThat(new FourierRepulsion(POINTS, new ExactRepulsion(2)).of(points, found))
                .isEqualTo(sum);
        assertThat(found).isEqualTo(expected);
    }

    @Test
    void aGridThatHasServedBeforeGivesTheSame() {
        Repulsion used = new FourierRepulsion(POINTS, NONE);
        for (double span : new double[] {3, 150, 40}) {
            used.of(clusters(span), new double[2 * POINTS]);
        }
        double[] points = clusters(41);
        double[] again = new double[points.length];
        double[] fresh = new double[points.length];
        double sum = used.of(points, again);
        assertThat(new FourierRepulsion(POINTS, NONE).of(points, fresh)).isEqualTo(sum);
        assertThat(again).isEqualTo(fresh);
    }

    /** Groups of Gaussians over a square, a tenth of its side wide. */
    private static double[] clusters(double span) {
        Random random = new Random(7);
        double[] points = new double[2 * POINTS];
        for (int index = 0; index < points.length; index++) {
            int group = index / 2 % 9;
            double center = index % 2 == 0 ? group % 3 / 2.0 : group / 3 / 2.0;
            points[index] = span * (0.8 * center + 0.05 * random.nextGaussian());
        }
        return points;
    }
}
