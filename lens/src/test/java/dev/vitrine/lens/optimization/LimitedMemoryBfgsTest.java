package dev.vitrine.lens.optimization;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class LimitedMemoryBfgsTest {
    /** Σ 100 (x₂ − x₁²)² + (1 − x₁)² over neighbors: a long bent valley to 1, 1, …. */
    private static double rosenbrock(double[] point, double[] gradient) {
        double value = 0;
        Arrays.fill(gradient, 0);
        for (int index = 0; index + 1 < point.length; index++) {
            double bend = point[index + 1] - point[index] * point[index];
            double rest = 1 - point[index];
            value += 100 * bend * bend + rest * rest;
            gradient[index] += -400 * bend * point[index] - 2 * rest;
            gradient[index + 1] += 200 * bend;
        }
        return value;
    }

    @Test
    void walksTheBentValleyToItsEnd() {
        double[] start = {-1.2, 1, -1.2, 1, -1.2, 1};
        LimitedMemoryBfgs.Minimum found =
                new LimitedMemoryBfgs(8, 500, 1e-12).minimize(LimitedMemoryBfgsTest::rosenbrock, start);
        assertThat(found.value()).isLessThan(1e-12);
        for (double coordinate : found.point()) {
            assertThat(coordinate).isCloseTo(1, within(1e-5));
        }
        assertThat(start).containsExactly(-1.2, 1, -1.2, 1, -1.2, 1);
    }

    @Test
    void aBowlOfUnlikeAxesTakesFewStepsThoughSteepestDescentWouldTakeThousands() {
        SmoothFunction bowl = (point, gradient) -> {
            double value = 0;
            for (int axis = 0; axis < point.length; axis++) {
                double weight = Math.pow(10, axis);
                gradient[axis] = weight * (point[axis] - axis);
                value += 0.5 * weight * (point[axis] - axis) * (point[axis] - axis);
            }
            return value;
        };
        LimitedMemoryBfgs.Minimum found =
                new LimitedMemoryBfgs(6, 100, 1e-10).minimize(bowl, new double[] {9, 9, 9, 9, 9});
        assertThat(found.steps()).isLessThan(60);
        for (int axis = 0; axis < 5; axis++) {
            assertThat(found.point()[axis]).isCloseTo(axis, within(1e-4));
        }
    }

    @Test
    void theValueFallsAtEachStepAndTheWatchCanEndTheWay() {
        List<Double> values = new ArrayList<>();
        LimitedMemoryBfgs.Minimum found = new LimitedMemoryBfgs(8, 500, 0)
                .minimize(LimitedMemoryBfgsTest::rosenbrock, new double[] {-1.2, 1}, (step, value) -> {
                    values.add(value);
                    return step == 5 ? LimitedMemoryBfgs.Decision.END : LimitedMemoryBfgs.Decision.GO_ON;
                });
        assertThat(found.steps()).isEqualTo(5);
        assertThat(values).hasSize(5).isSortedAccordingTo((one, other) -> Double.compare(other, one));
        assertThat(values.get(4)).isEqualTo(found.value());
    }

    @Test
    void noStepIsTakenFromTheMinimum() {
        LimitedMemoryBfgs.Minimum found =
                new LimitedMemoryBfgs(4, 50, 1e-9).minimize(LimitedMemoryBfgsTest::rosenbrock, new double[] {1, 1, 1});
        assertThat(found.steps()).isZero();
        assertThat(found.point()).containsExactly(1, 1, 1);
    }
}
