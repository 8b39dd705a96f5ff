package dev.vitrine.lens.training.step;

import java.util.List;

/** The learning rate over a training, as a factor of its peak. */
public sealed interface Schedule {
    /** @param progress the share of all steps done, from 0 to below 1 */
    double factor(double progress);

    /**
     * factorᵏ after k milestones.
     *
     * @param milestones shares of the training, ascending
     */
    record Step(List<Double> milestones, double factor) implements Schedule {
        public Step {
            milestones = List.copyOf(milestones);
            milestones.forEach(milestone -> requireShare("milestone", milestone));
            if (!(factor > 0 && factor <= 1)) {
                throw new IllegalArgumentException("factor " + factor + ": expected above 0, at most 1");
            }
        }

        @Override
        public double factor(double progress) {
            long passed = milestones.stream()
                    .filter(milestone -> progress >= milestone)
                    .count();
            return Math.pow(factor, passed);
        }

        @Override
        public String toString() {
            return milestones.isEmpty() ? "constant" : "step, times " + factor + " at " + milestones + " of all steps";
        }
    }

    /**
     * (1 + cos π t)/2 after a linear warm-up. Loshchilov and Hutter 2017, arXiv:1608.03983, without restarts.
     *
     * @param warmup share of the training used for warm-up
     */
    record Cosine(double warmup) implements Schedule {
        public Cosine {
            requireShare("warmup", warmup);
        }

        @Override
        public double factor(double progress) {
            return progress < warmup
                    ? progress / warmup
                    : (1 + Math.cos(Math.PI * (progress - warmup) / (1 - warmup))) / 2;
        }

        @Override
        public String toString() {
            return "cosine, warm-up " + warmup + " of all steps";
        }
    }

    /**
     * From 1/{@value #START_DIVISOR} up to 1 and down to nearly 0, both ways along a cosine. Smith and Topin 2018,
     * arXiv:1708.07120, with the constants of PyTorch.
     *
     * @param rise share of the training before the peak
     */
    record OneCycle(double rise) implements Schedule {
        private static final double START_DIVISOR = 25;
        private static final double END_DIVISOR = START_DIVISOR * 1e4;

        public OneCycle {
            requireShare("rise", rise);
            if (rise == 0) {
                throw new IllegalArgumentException("rise 0: expected above 0");
            }
        }

        @Override
        public double factor(double progress) {
            return progress < rise
                    ? between(1 / START_DIVISOR, 1, progress / rise)
                    : between(1, 1 / END_DIVISOR, (progress - rise) / (1 - rise));
        }

        @Override
        public String toString() {
            return "one cycle, peak at " + rise + " of all steps";
        }

        private static double between(double from, double to, double part) {
            return to + (from - to) * (1 + Math.cos(Math.PI * part)) / 2;
        }
    }

    private static void requireShare(String name, double share) {
        if (!(share >= 0 && share < 1)) {
            throw new IllegalArgumentException(name + " " + share + ": expected a share from 0 to below 1");
        }
    }
}
