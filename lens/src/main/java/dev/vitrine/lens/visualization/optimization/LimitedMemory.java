package dev.vitrine.lens.visualization.optimization;

import dev.vitrine.lens.optimization.Descent;
import dev.vitrine.lens.optimization.SmoothFunction;
import java.util.Optional;

/**
 * L-BFGS. Liu and Nocedal 1989, doi:10.1007/BF01589116. For deterministic functions.
 *
 * @param memory number of past updates kept
 */
public record LimitedMemory(int memory) implements Optimizer {
    /** The first step moves no parameter further. */
    private static final double FIRST_STEP = 0.05;

    public LimitedMemory {
        if (memory < 1) {
            throw new IllegalArgumentException("memory " + memory + ": expected at least 1");
        }
    }

    @Override
    public String label() {
        return "lbfgs " + memory;
    }

    @Override
    public Walk walk(int size) {
        return new Steps(memory);
    }

    private static final class Steps implements Walk {
        private final int memory;
        private Optional<Descent> descent = Optional.empty();
        /** The gradient of the current step. */
        private Optional<Function> function = Optional.empty();

        Steps(int memory) {
            this.memory = memory;
        }

        @Override
        public double step(float[] place, Function asked) {
            function = Optional.of(asked);
            Descent way = descent.orElseGet(() -> begin(place));
            way.moveTo(doubles(place));
            double before = way.value();
            way.step();
            copy(way.point(), place);
            return before;
        }

        private Descent begin(float[] place) {
            float[] there = new float[place.length];
            float[] slope = new float[place.length];
            SmoothFunction smooth = (point, gradient) -> {
                copy(point, there);
                double value = function.orElseThrow().at(there, slope);
                for (int index = 0; index < slope.length; index++) {
                    gradient[index] = slope[index];
                }
                return value;
            };
            Descent way = new Descent(smooth, doubles(place), memory, LimitedMemory::firstTrial);
            descent = Optional.of(way);
            return way;
        }
    }

    private static double firstTrial(double[] gradient) {
        double steepness = 0;
        for (double entry : gradient) {
            steepness = Math.max(steepness, Math.abs(entry));
        }
        return FIRST_STEP / steepness;
    }

    private static double[] doubles(float[] values) {
        double[] result = new double[values.length];
        for (int index = 0; index < values.length; index++) {
            result[index] = values[index];
        }
        return result;
    }

    private static void copy(double[] from, float[] to) {
        for (int index = 0; index < to.length; index++) {
            to[index] = (float) from[index];
        }
    }
}
