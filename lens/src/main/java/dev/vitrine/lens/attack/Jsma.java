package dev.vitrine.lens.attack;

import dev.vitrine.lens.attribution.Progress;
import dev.vitrine.lens.setting.Setting;
import dev.vitrine.lens.setting.Settings;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Few values changed a lot: with α = ∂z_t/∂x for the class t to reach and β = Σ ∂z_k/∂x over the others, those of the largest
 * saliency |α|·|β| where α and β have opposite signs move along the sign of α. Without a target, t is the likeliest wrong class
 * of each step. Papernot et al. 2015, arXiv:1511.07528; in both directions as Wiyatno and Xu 2018, arXiv:1808.07945.
 */
public record Jsma(
        @Setting(label = "SHARE", above = 0, most = 1, meaning = "share of the values that may change")
        double share,

        @Setting(label = "T", above = 0, most = 1, meaning = "change of a value, clipped to 0..1")
        double theta,

        @Setting(least = 1, meaning = "number of steps over which the values are spread")
        int steps)
        implements WhiteBox {
    public static final Jsma USUAL = new Jsma(0.1, 1, 100);

    public Jsma {
        Settings.require(Jsma.class, share, theta, steps);
    }

    @Override
    public String id() {
        return "jsma";
    }

    @Override
    public String summary() {
        return "a few values of the largest saliency, moved to black or white";
    }

    @Override
    public Norm norm() {
        return Norm.L1;
    }

    @Override
    public Crafted on(Victim victim, Subjects subjects, Progress progress) {
        Track track = new Track(subjects);
        int size = victim.size();
        boolean[][] used = new boolean[subjects.count()][size];
        float[][] logits = victim.logits(subjects.pictures());
        for (int row = 0; row < subjects.count(); row++) {
            track.seen(row, subjects.pictures().get(row), logits[row]);
        }
        long most = Math.max(1, Math.round(share * size));
        for (int step = 0; step < steps; step++) {
            int[] active = track.unbroken();
            int values = (int) (most * (step + 1) / steps - most * step / steps);
            if (active.length == 0) {
                break;
            }
            if (values > 0) {
                move(victim, track, active, used, values);
            }
            progress.report(step, steps);
        }
        progress.report(steps, steps);
        return track.crafted();
    }

    private void move(Victim victim, Track track, int[] active, boolean[][] used, int values) {
        Subjects subjects = track.subjects();
        float[][] logits =
                victim.logits(IntStream.of(active).mapToObj(track::place).toList());
        List<float[]> places = new ArrayList<>();
        List<float[]> weights = new ArrayList<>();
        for (int i = 0; i < active.length; i++) {
            int wanted = wanted(subjects, active[i], logits[i]);
            float[] own = new float[victim.classes()];
            float[] others = new float[victim.classes()];
            for (int index = 0; index < own.length; index++) {
                own[index] = index == wanted ? 1 : 0;
                others[index] = 1 - own[index];
            }
            places.addAll(List.of(track.place(active[i]), track.place(active[i])));
            weights.addAll(List.of(own, others));
        }
        float[][] slopes = victim.slopes(places, weights).gradients();
        for (int i = 0; i < active.length; i++) {
            int row = active[i];
            track.asked(row, 3);
            track.move(row, moved(track.place(row), slopes[2 * i], slopes[2 * i + 1], used[row], values));
        }
        track.look(victim, active);
    }

    private static int wanted(Subjects subjects, int row, float[] logits) {
        return subjects.targets().map(targets -> targets[row]).orElseGet(() -> {
            float[] wrong = logits.clone();
            wrong[subjects.labels()[row]] = Float.NEGATIVE_INFINITY;
            return Subjects.best(wrong);
        });
    }

    private float[] moved(float[] place, float[] own, float[] others, boolean[] used, int values) {
        int[] chosen = IntStream.range(0, place.length)
                .filter(i -> !used[i] && own[i] * others[i] < 0)
                .filter(i -> own[i] > 0 ? place[i] < 1 : place[i] > 0)
                .boxed()
                .sorted(Comparator.comparingDouble((Integer i) -> (double) own[i] * others[i]))
                .limit(values)
                .mapToInt(Integer::intValue)
                .toArray();
        float[] moved = place.clone();
        for (int i : chosen) {
            moved[i] = (float) Math.max(0, Math.min(1, place[i] + Math.signum(own[i]) * theta));
            used[i] = true;
        }
        return moved;
    }
}
