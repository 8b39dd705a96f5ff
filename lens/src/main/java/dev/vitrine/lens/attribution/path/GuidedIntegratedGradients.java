package dev.vitrine.lens.attribution.path;

import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.attribution.Baseline;
import dev.vitrine.lens.attribution.BaselineAttribution;
import dev.vitrine.lens.attribution.Explainer;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.objective.Objective;
import dev.vitrine.lens.session.ModelSession;
import dev.vitrine.lens.setting.Setting;
import dev.vitrine.lens.setting.Settings;
import java.util.Arrays;
import java.util.List;

/**
 * ∫ ∂score/∂x ⊙ dx along an adaptive path: in each step the values with the smallest gradients move first, so that the
 * path avoids regions of high gradient unrelated to the prediction. Kapishnikov et al. 2021, arXiv:2106.09788, with the
 * gradients at both ends of each move, where their code uses the one at its start.
 */
public record GuidedIntegratedGradients(
        @Setting(least = 1, meaning = "steps of the path, each of one or more gradients")
        int steps,

        @Setting(label = "SHARE", above = 0, most = 1, meaning = "share of the values moved at a time")
        double fraction,

        @Setting(label = "SHARE", least = 0, meaning = "how far a value may lead or lag the straight path")
        double distance,

        @Setting(label = "WHAT", meaning = BaselineAttribution.START)
        Baseline baseline)
        implements BaselineAttribution {
    private static final int STEPS = 200;
    private static final double FRACTION = 0.25;
    private static final double DISTANCE = 0.02;

    /** Relative difference up to which two lengths count as equal. */
    private static final double SAME = 1e-9;

    public GuidedIntegratedGradients {
        Settings.require(GuidedIntegratedGradients.class, steps, fraction, distance, baseline);
    }

    public GuidedIntegratedGradients() {
        this(STEPS, FRACTION, DISTANCE, Baseline.BLACK);
    }

    @Override
    public Traits traits() {
        return new Traits("guided-integrated-gradients", Form.PIXELS, Reduction.SUM, Sign.SIGNED);
    }

    @Override
    public long evaluations(Model model) {
        return 3L * steps;
    }

    @Override
    public Explainer on(ModelSession session, Objective objective) {
        return EachPath.explainer(session, objective, (subject, gradients, progress) -> {
            Tensor start = BaselineAttribution.of(session, baseline, subject.image());
            Walk walk = new Walk(start.toFloats(), subject.values(), gradients);
            for (int step = 1; step <= steps; step++) {
                walk.advance((double) step / steps);
                progress.report(step, steps);
            }
            return walk.attribution;
        });
    }

    /** One picture's path from its baseline. */
    private final class Walk {
        private final float[] start;
        private final float[] end;
        private final double[] here;
        private final double[] attribution;
        private final double length;
        private final EachPath.Gradients gradients;
        private float[] slopes;

        Walk(float[] start, float[] end, EachPath.Gradients gradients) {
            this.start = start;
            this.end = end;
            this.here = new double[start.length];
            this.attribution = new double[start.length];
            double sum = 0;
            for (int i = 0; i < start.length; i++) {
                here[i] = start[i];
                sum += Math.abs((double) end[i] - start[i]);
            }
            this.length = sum;
            this.gradients = gradients;
            this.slopes = slopesHere();
        }

        private float[] slopesHere() {
            return gradients.at(List.of(rounded())).get(0);
        }

        /** Moves until the remaining distance is 1 − share of the whole. */
        void advance(double share) {
            double leftAtEnd = length * (1 - share);
            double low = Math.max(0, share - distance);
            double high = Math.min(1, share + distance);
            boolean arrived = length == 0;
            while (!arrived) {
                double[] before = here.clone();
                double[] sizes = new double[here.length];
                for (int i = 0; i < here.length; i++) {
                    double whole = (double) end[i] - start[i];
                    double at = whole == 0 ? high : (here[i] - start[i]) / whole;
                    if (at < low) {
                        here[i] = start[i] + low * whole;
                        at = low;
                    }
                    sizes[i] = at >= high - SAME ? Double.POSITIVE_INFINITY : Math.abs(slopes[i]);
                }
                double left = left();
                if (left - leftAtEnd <= SAME * length) {
                    arrived = true;
                } else {
                    arrived = move(sizes, high, left - leftAtEnd);
                }
                // The mean of both ends: the path crosses many kinks, where the gradient at one end is biased.
                float[] ahead = slopesHere();
                for (int i = 0; i < here.length; i++) {
                    attribution[i] += (here[i] - before[i]) * ((double) slopes[i] + ahead[i]) / 2;
                }
                slopes = ahead;
            }
        }

        /** Moves the values with the smallest gradients; whether that was far enough. */
        private boolean move(double[] sizes, double high, double needed) {
            double threshold = quantile(sizes);
            double room = 0;
            for (int i = 0; i < here.length; i++) {
                room += moves(sizes[i], threshold) ? Math.abs(limit(i, high) - here[i]) : 0;
            }
            double part = room > 0 ? Math.min(1, needed / room) : 1;
            for (int i = 0; i < here.length; i++) {
                if (moves(sizes[i], threshold)) {
                    here[i] += part * (limit(i, high) - here[i]);
                }
            }
            return room >= needed || room == 0;
        }

        private boolean moves(double size, double threshold) {
            return size <= threshold && size < Double.POSITIVE_INFINITY;
        }

        private double limit(int i, double high) {
            return start[i] + high * ((double) end[i] - start[i]);
        }

        private double left() {
            double sum = 0;
            for (int i = 0; i < here.length; i++) {
                sum += Math.abs(end[i] - here[i]);
            }
            return sum;
        }

        /** Of all values, where those at their limit count as infinite. */
        private double quantile(double[] sizes) {
            double[] sorted = sizes.clone();
            Arrays.sort(sorted);
            return sorted[(int) Math.floor(fraction * (sorted.length - 1))];
        }

        private float[] rounded() {
            float[] values = new float[here.length];
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) here[i];
            }
            return values;
        }
    }
}
