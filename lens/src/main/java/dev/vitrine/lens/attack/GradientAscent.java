package dev.vitrine.lens.attack;

import dev.vitrine.lens.attribution.Progress;
import dev.vitrine.lens.setting.Setting;
import dev.vitrine.lens.setting.Settings;
import java.util.Arrays;
import java.util.List;

/**
 * Plain gradient ascent on the class to reach, with a change that decays: δ ← (1 − λ)·δ + η·∇/‖∇‖₂, until the network predicts
 * the class; without a target, away from the true class. The change found is then shortened by bisection as far as the attack
 * still succeeds. Simonyan et al. 2013, arXiv:1312.6034, from a picture; Szegedy et al. 2013, arXiv:1312.6199.
 */
public record GradientAscent(
        @Setting(label = "A", above = 0, meaning = "length of a step in L2")
        double stepSize,

        @Setting(
                label = "L",
                least = 0,
                most = 1,
                meaning = "weight decay: share of the change that each step takes back")
        double weightDecay,

        @Setting(least = 1, meaning = "steps at most; a picture is done when the attack succeeds")
        int steps)
        implements WhiteBox {
    public static final GradientAscent USUAL = new GradientAscent(0.05, 0.01, 200);

    private static final int SHORTENINGS = 10;

    public GradientAscent {
        Settings.require(GradientAscent.class, stepSize, weightDecay, steps);
    }

    @Override
    public String id() {
        return "gradient-ascent";
    }

    @Override
    public String summary() {
        return "small steps along the gradient, with weight decay of the change";
    }

    @Override
    public Norm norm() {
        return Norm.L2;
    }

    @Override
    public Crafted on(Victim victim, Subjects subjects, Progress progress) {
        Track track = new Track(subjects);
        double[][] changes = new double[subjects.count()][victim.size()];
        for (int step = 0; step < steps; step++) {
            int[] active = track.unbroken();
            if (active.length == 0) {
                break;
            }
            List<float[]> places = Arrays.stream(active).mapToObj(track::place).toList();
            Victim.Slopes slopes = victim.slopes(
                    Loss.LOG_ODDS,
                    places,
                    Arrays.stream(active).map(row -> subjects.classes()[row]).toArray());
            for (int i = 0; i < active.length; i++) {
                track.seen(active[i], places.get(i), slopes.logits()[i]);
                if (!track.succeeded(active[i])) {
                    move(track, active[i], changes[active[i]], slopes.gradients()[i]);
                }
            }
            progress.report(step, steps);
        }
        track.look(victim, track.unbroken());
        shorten(victim, track);
        progress.report(steps, steps);
        return track.crafted();
    }

    private void move(Track track, int row, double[] change, float[] gradient) {
        double[] step = new double[change.length];
        Norm.L2.steepest(gradient, step);
        for (int i = 0; i < change.length; i++) {
            change[i] = (1 - weightDecay) * change[i] + track.subjects().direction() * stepSize * step[i];
        }
        track.move(row, Ball.moved(track.subjects().pictures().get(row), change, 1));
    }

    /** The shortest success between each picture and the place that was found. */
    private static void shorten(Victim victim, Track track) {
        Subjects subjects = track.subjects();
        int[] rows = Arrays.stream(Track.all(subjects.count()))
                .filter(track::succeeded)
                .toArray();
        double[] low = new double[rows.length];
        double[] high = new double[rows.length];
        double[][] changes = new double[rows.length][];
        for (int i = 0; i < rows.length; i++) {
            high[i] = 1;
            changes[i] =
                    Ball.difference(track.result(rows[i]), subjects.pictures().get(rows[i]));
        }
        for (int half = 0; half < SHORTENINGS && rows.length > 0; half++) {
            for (int i = 0; i < rows.length; i++) {
                track.move(rows[i], Ball.moved(subjects.pictures().get(rows[i]), changes[i], 0.5 * (low[i] + high[i])));
            }
            float[][] logits =
                    victim.logits(Arrays.stream(rows).mapToObj(track::place).toList());
            for (int i = 0; i < rows.length; i++) {
                double middle = 0.5 * (low[i] + high[i]);
                track.seen(rows[i], track.place(rows[i]), logits[i]);
                if (subjects.succeeds(rows[i], logits[i])) {
                    high[i] = middle;
                } else {
                    low[i] = middle;
                }
            }
        }
    }
}
