package dev.vitrine.lens.attack.universal;

import dev.vitrine.lens.attack.Subjects;
import dev.vitrine.lens.attack.Victim;
import dev.vitrine.lens.attack.Words;
import dev.vitrine.lens.attribution.Progress;
import dev.vitrine.lens.setting.Setting;
import dev.vitrine.lens.setting.Settings;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * One change for all pictures: δ ← clip(δ + η·sign Σ ∇loss(x + δ), −ε, ε), over batches of pictures, of which those that still
 * resist count. Moosavi-Dezfooli et al. 2016, arXiv:1610.08401; by stochastic gradients as Shafahi et al. 2018,
 * arXiv:1811.11304.
 */
public record UniversalPerturbation(
        @Setting(label = "E", above = 0, most = 1, meaning = Words.EPSILON)
        double epsilon,

        @Setting(label = "A", above = 0, meaning = Words.STEP_SIZE)
        double stepSize,

        @Setting(least = 1, meaning = "passes over the pictures")
        int passes,

        @Setting(least = 1, meaning = "pictures of a step") int batch,

        @Setting(meaning = Words.SEED) long seed) {
    public static final UniversalPerturbation USUAL = new UniversalPerturbation(10.0 / 255, 1.0 / 255, 10, 16, 0);

    public static final String ID = "universal";

    private static final double LEVELS = 255;
    private static final double SLACK = 1e-6;

    public UniversalPerturbation {
        Settings.require(UniversalPerturbation.class, epsilon, stepSize, passes, batch, seed);
    }

    /**
     * The change after one more pass over the pictures.
     *
     * @param change {@code f32[C,H,W]}, of the passes before
     * @param number of the pass
     */
    public float[] after(float[] change, Victim victim, Subjects subjects, int number, Progress progress) {
        float[] next = change.clone();
        List<Integer> order =
                IntStream.range(0, subjects.count()).boxed().collect(Collectors.toCollection(ArrayList::new));
        Collections.shuffle(order, new Random(seed * 31 + number));
        for (int from = 0; from < order.size(); from += batch) {
            int[] rows = order.subList(from, Math.min(order.size(), from + batch)).stream()
                    .mapToInt(Integer::intValue)
                    .toArray();
            Subjects some = subjects.of(rows);
            List<float[]> changed = some.pictures().stream()
                    .map(picture -> applied(picture, next))
                    .toList();
            Victim.Slopes slopes = victim.slopes(changed, some.classes());
            double[] sum = new double[next.length];
            for (int row = 0; row < rows.length; row++) {
                if (!some.succeeds(row, slopes.logits()[row])) {
                    add(sum, slopes.gradients()[row]);
                }
            }
            for (int i = 0; i < next.length; i++) {
                double moved = next[i] + subjects.direction() * stepSize * Math.signum(sum[i]);
                next[i] = (float) Math.max(-epsilon, Math.min(epsilon, moved));
            }
            progress.report(Math.min(order.size(), from + batch), order.size());
        }
        return next;
    }

    private static void add(double[] sum, float[] gradient) {
        double size = 0;
        for (float value : gradient) {
            size = Math.max(size, Math.abs(value));
        }
        for (int i = 0; i < sum.length && size > 0; i++) {
            sum[i] += gradient[i] / size;
        }
    }

    /** A change of random signs and the largest size, for comparison. */
    public float[] random(int size) {
        Random random = new Random(seed);
        float[] change = new float[size];
        for (int i = 0; i < size; i++) {
            change[i] = (float) (random.nextBoolean() ? epsilon : -epsilon);
        }
        return change;
    }

    /** The change in whole steps of 8 bits, not longer, so that a picture of 8 bits stays one. */
    public static float[] whole(float[] change) {
        float[] whole = new float[change.length];
        for (int i = 0; i < whole.length; i++) {
            double levels = Math.floor(Math.abs(change[i]) * LEVELS + SLACK * LEVELS);
            whole[i] = (float) (Math.signum(change[i]) * levels / LEVELS);
        }
        return whole;
    }

    /** The picture plus the change, within 0..1. */
    public static float[] applied(float[] picture, float[] change) {
        float[] changed = new float[picture.length];
        for (int i = 0; i < changed.length; i++) {
            changed[i] = Math.max(0, Math.min(1, picture[i] + change[i]));
        }
        return changed;
    }
}
