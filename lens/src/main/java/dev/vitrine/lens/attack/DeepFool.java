package dev.vitrine.lens.attack;

import dev.vitrine.lens.attribution.Progress;
import dev.vitrine.lens.setting.Setting;
import dev.vitrine.lens.setting.Settings;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The nearest decision boundary of the network made linear where the picture is, again and again:
 * {@code r = |f_k|/‖w_k‖² · w_k} for the class k of the smallest |f_k|/‖w_k‖, with f_k = z_k − z_label and w_k = ∂f_k/∂x; the
 * result is the picture plus 1 + overshoot times the sum of the steps. Moosavi-Dezfooli et al. 2015, arXiv:1511.04599.
 */
public record DeepFool(
        @Setting(least = 1, meaning = "steps at most; a picture is done when the network is wrong")
        int steps,

        @Setting(label = "SHARE", least = 0, meaning = "share by which the sum of the steps is lengthened")
        double overshoot,

        @Setting(least = 1, meaning = "other classes whose boundaries are looked at, the likeliest")
        int candidates)
        implements WhiteBox {
    public static final DeepFool USUAL = new DeepFool(50, 0.02, 10);

    /** Added to the distance of a boundary, so that a step crosses it. */
    private static final double CROSSING = 1e-4;

    public DeepFool {
        Settings.require(DeepFool.class, steps, overshoot, candidates);
    }

    @Override
    public String id() {
        return "deepfool";
    }

    @Override
    public String summary() {
        return "the smallest step across the nearest decision boundary";
    }

    @Override
    public Norm norm() {
        return Norm.L2;
    }

    @Override
    public boolean canTarget() {
        return false;
    }

    @Override
    public Crafted on(Victim victim, Subjects subjects, Progress progress) {
        Track track = new Track(subjects);
        int rows = subjects.count();
        double[][] sums = new double[rows][victim.size()];
        int[][] others = new int[rows][];
        float[][] first = victim.logits(subjects.pictures());
        for (int row = 0; row < rows; row++) {
            track.seen(row, subjects.pictures().get(row), first[row]);
            others[row] = likeliest(first[row], subjects.labels()[row]);
        }
        for (int step = 0; step < steps; step++) {
            int[] active = track.unbroken();
            if (active.length == 0) {
                break;
            }
            for (int row : active) {
                move(victim, track, row, others[row], sums[row]);
            }
            track.look(victim, active);
            progress.report(step, steps);
        }
        progress.report(steps, steps);
        return track.crafted();
    }

    private int[] likeliest(float[] logits, int label) {
        return IntStream.range(0, logits.length)
                .filter(index -> index != label)
                .boxed()
                .sorted(Comparator.comparingDouble((Integer index) -> -logits[index]))
                .limit(candidates)
                .mapToInt(Integer::intValue)
                .toArray();
    }

    private void move(Victim victim, Track track, int row, int[] others, double[] sum) {
        float[] here = track.place(row);
        int label = track.subjects().labels()[row];
        List<float[]> weights = new ArrayList<>();
        for (int other : others) {
            float[] weight = new float[victim.classes()];
            weight[other] = 1;
            weight[label] = -1;
            weights.add(weight);
        }
        Victim.Slopes slopes = victim.slopes(Collections.nCopies(others.length, here), weights);
        track.asked(row, others.length);
        double least = Double.POSITIVE_INFINITY;
        int nearest = -1;
        double[] squares = new double[others.length];
        for (int i = 0; i < others.length; i++) {
            for (float slope : slopes.gradients()[i]) {
                squares[i] += (double) slope * slope;
            }
            double distance = Math.abs(slopes.losses()[i]) / Math.sqrt(squares[i]);
            if (squares[i] > 0 && distance < least) {
                least = distance;
                nearest = i;
            }
        }
        if (nearest < 0) {
            return;
        }
        float[] along = slopes.gradients()[nearest];
        double length = (Math.abs(slopes.losses()[nearest]) + CROSSING) / squares[nearest];
        for (int i = 0; i < sum.length; i++) {
            sum[i] += length * along[i];
        }
        track.move(row, Ball.moved(track.subjects().pictures().get(row), sum, 1 + overshoot));
    }
}
