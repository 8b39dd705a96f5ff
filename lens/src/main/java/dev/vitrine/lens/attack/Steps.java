package dev.vitrine.lens.attack;

import dev.vitrine.lens.attribution.Progress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Steps along the gradient of {@link Loss#LOG_ODDS}, each followed by the projection onto a ball: the loop of FGSM, BIM,
 * PGD and their variants with momentum.
 *
 * @param momentum share of the sum of gradients that goes into the next; 0 for none
 */
record Steps(
        Ball ball, double size, int count, Start start, int restarts, Momentum momentum, Ending ending, long seed) {
    /**
     * The step goes along g ← μ·g + ∇/mean|∇|.
     *
     * @param decay μ; 0 for the gradient alone
     */
    record Momentum(double decay, MomentumFgsm.Point point) {
        static final Momentum NONE = new Momentum(0, MomentumFgsm.Point.HERE);
    }

    Attack.Crafted run(Victim victim, Subjects subjects, Progress progress) {
        return Track.restarts(
                subjects, restarts, count, progress, (track, restart, steps) -> climb(victim, track, restart, steps));
    }

    private void climb(Victim victim, Track track, int restart, Progress progress) {
        Subjects subjects = track.subjects();
        int rows = subjects.count();
        double[][] sums = new double[rows][];
        for (int row = 0; row < rows; row++) {
            float[] picture = subjects.pictures().get(row);
            if (start == Start.RANDOM) {
                track.move(row, ball.random(picture, subjects.random(row, seed, restart)));
            }
            sums[row] = new double[momentum.decay() > 0 ? picture.length : 0];
        }
        for (int step = 0; step < count; step++) {
            int[] active = ending == Ending.FIRST_SUCCESS ? track.unbroken() : Track.all(rows);
            if (active.length == 0) {
                break;
            }
            List<float[]> points = new ArrayList<>();
            for (int row : active) {
                points.add(point(subjects.pictures().get(row), track.place(row), sums[row], subjects.direction()));
            }
            Victim.Slopes slopes = victim.slopes(
                    Loss.LOG_ODDS,
                    points,
                    Arrays.stream(active).map(row -> subjects.classes()[row]).toArray());
            for (int i = 0; i < active.length; i++) {
                track.seen(active[i], points.get(i), slopes.logits()[i]);
                if (ending == Ending.LAST_STEP || !track.succeeded(active[i])) {
                    move(track, active[i], slopes.gradients()[i], sums[active[i]]);
                }
            }
            progress.report(step, count);
        }
        track.look(victim, ending == Ending.FIRST_SUCCESS ? track.unbroken() : Track.all(rows));
    }

    private float[] point(float[] picture, float[] here, double[] sum, int direction) {
        if (momentum.point() == MomentumFgsm.Point.HERE || sum.length == 0) {
            return here;
        }
        return ball.step(picture, here, sum, direction * size * momentum.decay());
    }

    private void move(Track track, int row, float[] gradient, double[] sum) {
        float[] along = gradient;
        if (sum.length > 0) {
            double mean = 0;
            for (float value : gradient) {
                mean += Math.abs(value);
            }
            mean /= gradient.length;
            along = new float[gradient.length];
            for (int i = 0; i < sum.length; i++) {
                sum[i] = momentum.decay() * sum[i] + (mean > 0 ? gradient[i] / mean : 0);
                along[i] = (float) sum[i];
            }
        }
        double[] step = new double[along.length];
        ball.norm().steepest(along, step);
        Subjects subjects = track.subjects();
        track.move(row, ball.step(subjects.pictures().get(row), track.place(row), step, subjects.direction() * size));
    }
}
