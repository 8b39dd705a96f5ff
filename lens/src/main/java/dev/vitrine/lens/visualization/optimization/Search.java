package dev.vitrine.lens.visualization.optimization;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.attribution.Progress;
import dev.vitrine.lens.optimization.Descent;
import dev.vitrine.lens.visualization.parametrization.Views;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * The common loop of all methods: a random transformation, a run of the graph, a step, and processing of the parameters
 * after it.
 */
public record Search(Optimizer optimizer, int steps) {
    public Search {
        if (steps < 1) {
            throw new IllegalArgumentException("steps " + steps + ": expected at least 1");
        }
    }

    /**
     * The state of the search after a step.
     *
     * @param step 1 after the first
     * @param parameters may be changed
     * @param gradient of the loss before the step
     * @param scores before the step
     */
    public record State(int step, float[] parameters, float[] gradient, float[] scores) {}

    /** Processing of the parameters between steps. */
    @FunctionalInterface
    public interface Upkeep {
        Upkeep NONE = state -> {};

        void after(State state);

        /** Whether an evaluated point is good enough to stop. */
        default boolean isDone() {
            return false;
        }
    }

    /** Observes the pictures during optimization. */
    @FunctionalInterface
    public interface Watch {
        Watch NONE = (step, pictures) -> {};

        /**
         * Called before the first step with 0, then after each.
         *
         * @param pictures makes {@code f32[N,C,H,W], 0..1}, at the cost of a run
         */
        void see(int step, Supplier<Tensor> pictures);
    }

    /** Optimizes the parameters in place. */
    public Course run(
            PictureLoss loss,
            float[] parameters,
            RandomGenerator random,
            Upkeep upkeep,
            Watch watch,
            Progress progress) {
        Problem problem = loss.problem();
        if (optimizer instanceof LimitedMemory && !problem.views().equals(Views.NONE)) {
            throw VitrineException.usage("L-BFGS needs a deterministic objective; found random transformations ("
                    + problem.views().label() + "). Take Adam, or no jitter, scale and rotation.");
        }
        long[] shape = problem.shape();
        float[] gradient = new float[parameters.length];
        Course course = new Course();
        Optimizer.Walk walk = optimizer.walk(parameters.length);
        watch.see(0, () -> loss.pictures(parameters));
        List<PictureLoss.Answer> answers = new ArrayList<>();
        for (int step = 1; step <= steps && !upkeep.isDone(); step++) {
            Tensor look = problem.views().next(random, (int) shape[2], (int) shape[3]);
            double value = walk.step(parameters, (place, slope) -> {
                PictureLoss.Answer answer = loss.at(place, look, slope);
                answers.add(answer);
                System.arraycopy(slope, 0, gradient, 0, slope.length);
                return answer.loss();
            });
            PictureLoss.Answer before = answers.stream()
                    .filter(answer -> answer.loss() == value || Double.isNaN(value))
                    .findFirst()
                    .orElseThrow();
            requireFinite(value, step);
            course.add(value, before.scores());
            // A line search ends a step at an evaluated point; the next step starts there.
            answers.subList(0, Math.max(0, answers.size() - Descent.MOST_TRIES)).clear();
            problem.parametrization().confine(parameters);
            upkeep.after(new State(step, parameters, gradient, before.scores()));
            watch.see(step, () -> loss.pictures(parameters));
            progress.report(step, steps);
        }
        return course;
    }

    private static void requireFinite(double value, int step) {
        if (!Double.isFinite(value)) {
            throw VitrineException.failure("The objective is " + value + " at step " + step
                    + "; expected a finite number. Take a smaller rate, or another layer.");
        }
    }
}
