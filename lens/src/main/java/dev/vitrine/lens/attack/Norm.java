package dev.vitrine.lens.attack;

import dev.vitrine.lens.setting.Labeled;
import java.util.Arrays;
import java.util.SplittableRandom;

/** How the size of a change is measured, over all values of a picture. */
public enum Norm implements Labeled {
    /** max |δ|. */
    LINF("linf") {
        @Override
        public double of(double[] change) {
            double largest = 0;
            for (double value : change) {
                largest = Math.max(largest, Math.abs(value));
            }
            return largest;
        }

        @Override
        void steepest(float[] gradient, double[] step) {
            for (int i = 0; i < step.length; i++) {
                step[i] = Math.signum(gradient[i]);
            }
        }

        @Override
        void project(double[] change, double radius) {
            for (int i = 0; i < change.length; i++) {
                change[i] = Math.max(-radius, Math.min(radius, change[i]));
            }
        }

        @Override
        void draw(double[] change, double radius, SplittableRandom random) {
            for (int i = 0; i < change.length; i++) {
                change[i] = radius * (2 * random.nextDouble() - 1);
            }
        }
    },

    /** √Σδ². */
    L2("l2") {
        @Override
        public double of(double[] change) {
            double sum = 0;
            for (double value : change) {
                sum += value * value;
            }
            return Math.sqrt(sum);
        }

        @Override
        void steepest(float[] gradient, double[] step) {
            double largest = 0;
            for (float value : gradient) {
                largest = Math.max(largest, Math.abs(value));
            }
            double sum = 0;
            for (int i = 0; i < step.length; i++) {
                step[i] = largest > 0 ? gradient[i] / largest : 0;
                sum += step[i] * step[i];
            }
            scale(step, sum > 0 ? 1 / Math.sqrt(sum) : 0);
        }

        @Override
        void project(double[] change, double radius) {
            double norm = of(change);
            if (norm > radius) {
                scale(change, radius / norm);
            }
        }

        /** In a direction of the normal distribution, the radius uniform. */
        @Override
        void draw(double[] change, double radius, SplittableRandom random) {
            for (int i = 0; i < change.length; i++) {
                change[i] = random.nextGaussian();
            }
            scale(change, radius * random.nextDouble() / of(change));
        }
    },

    /** Σ|δ|. */
    L1("l1") {
        @Override
        public double of(double[] change) {
            double sum = 0;
            for (double value : change) {
                sum += Math.abs(value);
            }
            return sum;
        }

        /**
         * The values of largest slope, a hundredth of all, by the same amount: the steepest way is one value alone, which
         * 0..1 stops soon. Tramèr and Boneh 2019, arXiv:1904.13000.
         */
        @Override
        void steepest(float[] gradient, double[] step) {
            float[] sizes = new float[gradient.length];
            for (int i = 0; i < sizes.length; i++) {
                sizes[i] = Math.abs(gradient[i]);
            }
            Arrays.sort(sizes);
            int count = Math.max(1, (int) Math.round(L1_SHARE * sizes.length));
            float least = sizes[sizes.length - count];
            double moved = 0;
            for (int i = 0; i < step.length; i++) {
                step[i] = Math.abs(gradient[i]) >= least ? Math.signum(gradient[i]) : 0;
                moved += Math.abs(step[i]);
            }
            scale(step, moved > 0 ? 1 / moved : 0);
        }

        /** Onto the simplex of the absolute values. Duchi et al. 2008, doi:10.1145/1390156.1390191. */
        @Override
        void project(double[] change, double radius) {
            if (of(change) <= radius) {
                return;
            }
            double[] sizes = Arrays.stream(change).map(Math::abs).sorted().toArray();
            double sum = 0;
            double threshold = 0;
            for (int i = sizes.length - 1, count = 1; i >= 0; i--, count++) {
                sum += sizes[i];
                double tried = (sum - radius) / count;
                if (tried >= sizes[i]) {
                    break;
                }
                threshold = tried;
            }
            for (int i = 0; i < change.length; i++) {
                change[i] = Math.signum(change[i]) * Math.max(0, Math.abs(change[i]) - threshold);
            }
        }

        /** In a direction of the Laplace distribution, the radius uniform. */
        @Override
        void draw(double[] change, double radius, SplittableRandom random) {
            for (int i = 0; i < change.length; i++) {
                double uniform = random.nextDouble() - 0.5;
                change[i] = -Math.signum(uniform) * Math.log(1 - 2 * Math.abs(uniform));
            }
            scale(change, radius * random.nextDouble() / of(change));
        }
    };

    private static final double L1_SHARE = 0.01;

    private final String label;

    Norm(String label) {
        this.label = label;
    }

    @Override
    public String label() {
        return label;
    }

    /** The size of a change. */
    public abstract double of(double[] change);

    /** The step of size 1 along which the loss rises; zero where the gradient is. */
    abstract void steepest(float[] gradient, double[] step);

    /** Onto the ball of a radius. */
    abstract void project(double[] change, double radius);

    /** A random change within the ball. */
    abstract void draw(double[] change, double radius, SplittableRandom random);

    private static void scale(double[] values, double factor) {
        for (int i = 0; i < values.length; i++) {
            values[i] *= factor;
        }
    }
}
