package dev.vitrine.lens.visualization.optimization;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class OptimizerTest {
    /** Σ cᵢ (xᵢ − i)² with c from 1 to 100: a long valley. */
    private static double valley(float[] place, float[] gradient) {
        double value = 0;
        for (int i = 0; i < place.length; i++) {
            double steepness = Math.pow(100, (double) i / (place.length - 1));
            double away = place[i] - i;
            value += steepness * away * away;
            gradient[i] = (float) (2 * steepness * away);
        }
        return value;
    }

    /** Rosenbrock's function, least 0 at (1, 1). */
    private static double bent(float[] place, float[] gradient) {
        double across = 1 - place[0];
        double off = place[1] - (double) place[0] * place[0];
        gradient[0] = (float) (-2 * across - 400 * off * place[0]);
        gradient[1] = (float) (200 * off);
        return across * across + 100 * off * off;
    }

    static Stream<Optimizer> all() {
        return Stream.of(new Adam(0.1), new Ascent(0.02), new Momentum(0.001, 0.9), new LimitedMemory(5));
    }

    @ParameterizedTest
    @MethodSource("all")
    void goesDownTheValley(Optimizer optimizer) {
        float[] place = new float[6];
        Optimizer.Walk walk = optimizer.walk(place.length);
        double first = walk.step(place, OptimizerTest::valley);
        for (int step = 0; step < 300; step++) {
            walk.step(place, OptimizerTest::valley);
        }
        assertThat(valley(place, new float[6])).isLessThan(0.01 * first);
    }

    @Test
    void limitedMemoryFindsTheEndOfABentValleyAndNeverClimbs() {
        float[] place = {-1.2f, 1};
        Optimizer.Walk walk = new LimitedMemory(5).walk(2);
        double before = Double.POSITIVE_INFINITY;
        for (int step = 0; step < 80; step++) {
            double value = walk.step(place, OptimizerTest::bent);
            assertThat(value).isLessThanOrEqualTo(before);
            before = value;
        }
        assertThat(bent(place, new float[2])).isLessThan(1e-6);
        assertThat(place[0]).isBetween(0.99f, 1.01f);
    }

    @Test
    void anEvenPlaceIsLeftAlone() {
        for (Optimizer optimizer : List.of(new Adam(0.1), new Ascent(1), new Momentum(1, 0.5), new LimitedMemory(3))) {
            float[] place = {2, 3};
            Optimizer.Walk walk = optimizer.walk(2);
            for (int step = 0; step < 3; step++) {
                assertThat(walk.step(place, (where, gradient) -> {
                            gradient[0] = 0;
                            gradient[1] = 0;
                            return 7;
                        }))
                        .isEqualTo(7);
            }
            assertThat(place).as(optimizer.label()).containsExactly(2, 3);
        }
    }
}
