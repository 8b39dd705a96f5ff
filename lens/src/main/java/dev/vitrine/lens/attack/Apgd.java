package dev.vitrine.lens.attack;

import dev.vitrine.lens.attribution.Progress;
import dev.vitrine.lens.setting.Setting;
import dev.vitrine.lens.setting.Settings;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * PGD that sets its own step: momentum .75, first step 2ε, halved and taken up again at the best place where a checkpoint
 * finds too little progress. With {@link Loss#LOG_ODDS} or the difference of logits ratio: the two gradient attacks of
 * AutoAttack. Croce and Hein 2020, arXiv:2003.01690.
 */
public record Apgd(
        Kind kind,

        @Setting(label = "NORM", meaning = "how changes are measured: linf or l2")
        Norm norm,

        @Setting(
                label = "E",
                above = 0,
                meaning = "largest size of a change in the norm",
                otherwise = "8/255 for linf, 0.5 for l2")
        OptionalDouble epsilon,

        @Setting(least = 1, meaning = Words.STEPS) int steps,

        @Setting(least = 1, meaning = Words.RESTARTS) int restarts,

        @Setting(meaning = Words.SEED) long seed)
        implements WhiteBox {
    private static final double L2_EPSILON = 0.5;
    private static final double PACE = 0.75;
    private static final double ENOUGH = 0.75;
    private static final double FIRST_PERIOD = 0.22;
    private static final double SHRINK = 0.03;
    private static final double LEAST_PERIOD = 0.06;

    /** The loss that steps raise. */
    public enum Kind {
        CROSS_ENTROPY,
        RATIO
    }

    public Apgd {
        Settings.require(Apgd.class, kind, norm, epsilon, steps, restarts, seed);
        if (norm == Norm.L1) {
            throw new IllegalArgumentException("norm l1: expected linf or l2");
        }
    }

    public static Apgd usual(Kind kind) {
        return new Apgd(kind, Norm.LINF, OptionalDouble.empty(), 100, 1, 0);
    }

    @Override
    public String id() {
        return kind == Kind.CROSS_ENTROPY ? "apgd-ce" : "apgd-dlr";
    }

    @Override
    public String summary() {
        return kind == Kind.CROSS_ENTROPY
                ? "steps of self-adjusting length, by the cross-entropy"
                : "steps of self-adjusting length, by the difference of logits ratio";
    }

    @Override
    public Optional<Ball> bound() {
        return Optional.of(ball());
    }

    private Ball ball() {
        return new Ball(norm, epsilon.orElse(norm == Norm.LINF ? Words.USUAL_EPSILON : L2_EPSILON));
    }

    @Override
    public boolean startsAtRandom() {
        return true;
    }

    @Override
    public Crafted on(Victim victim, Subjects subjects, Progress progress) {
        Ball ball = ball();
        Loss loss = kind == Kind.CROSS_ENTROPY ? Loss.LOG_ODDS : Loss.RATIO;
        return Track.restarts(
                subjects,
                restarts,
                steps,
                progress,
                (track, restart, within) -> climb(victim, track, ball, loss, restart, within));
    }

    /** One picture's climb. */
    private static final class Climb {
        float[] before;
        double size;
        double loss = Double.NEGATIVE_INFINITY;
        double best = Double.NEGATIVE_INFINITY;
        float[] bestPlace;
        float[] bestGradient;
        int rises;
        double sizeThen;
        double bestThen = Double.NEGATIVE_INFINITY;

        Climb(float[] place, double size) {
            before = place;
            bestPlace = place;
            bestGradient = new float[0];
            this.size = size;
            sizeThen = size;
        }
    }

    private void climb(Victim victim, Track track, Ball ball, Loss loss, int restart, Progress progress) {
        Subjects subjects = track.subjects();
        List<Climb> climbs = new ArrayList<>();
        for (int row = 0; row < subjects.count(); row++) {
            track.move(row, ball.random(subjects.pictures().get(row), subjects.random(row, seed, restart)));
            climbs.add(new Climb(track.place(row), 2 * ball.radius()));
        }
        int[] checkpoints = checkpoints();
        int next = 1;
        for (int step = 0; step <= steps; step++) {
            int[] active = track.unbroken();
            if (active.length == 0) {
                return;
            }
            Victim.Slopes slopes = victim.slopes(
                    loss,
                    Arrays.stream(active).mapToObj(track::place).toList(),
                    Arrays.stream(active).map(row -> subjects.classes()[row]).toArray());
            boolean check = next < checkpoints.length && step == checkpoints[next];
            for (int i = 0; i < active.length; i++) {
                int row = active[i];
                track.seen(row, track.place(row), slopes.logits()[i]);
                if (step < steps && !track.succeeded(row)) {
                    Climb climb = climbs.get(row);
                    take(
                            climb,
                            track.place(row),
                            subjects.direction() * (double) slopes.losses()[i],
                            slopes.gradients()[i]);
                    float[] gradient = slopes.gradients()[i];
                    if (check && stalls(climb, checkpoints[next] - checkpoints[next - 1])) {
                        track.move(row, climb.bestPlace);
                        climb.before = climb.bestPlace;
                        gradient = climb.bestGradient;
                    }
                    move(track, row, climb, ball, gradient, step == 0);
                }
            }
            next += check ? 1 : 0;
            progress.report(step, steps);
        }
    }

    private static void take(Climb climb, float[] place, double loss, float[] gradient) {
        climb.rises += loss > climb.loss ? 1 : 0;
        climb.loss = loss;
        if (loss > climb.best) {
            climb.best = loss;
            climb.bestPlace = place;
            climb.bestGradient = gradient;
        }
    }

    /** Whether a checkpoint finds too little progress; the step is then halved. */
    private static boolean stalls(Climb climb, int period) {
        boolean few = climb.rises < ENOUGH * period;
        boolean same = climb.sizeThen == climb.size && climb.bestThen == climb.best;
        climb.rises = 0;
        climb.sizeThen = climb.size;
        climb.bestThen = climb.best;
        if (few || same) {
            climb.size /= 2;
            return true;
        }
        return false;
    }

    private static void move(Track track, int row, Climb climb, Ball ball, float[] gradient, boolean first) {
        float[] picture = track.subjects().pictures().get(row);
        float[] here = track.place(row);
        double[] step = new double[here.length];
        ball.norm().steepest(gradient, step);
        float[] reached = ball.step(picture, here, step, track.subjects().direction() * climb.size);
        double pace = first ? 1 : PACE;
        double[] change = new double[here.length];
        for (int i = 0; i < change.length; i++) {
            change[i] = here[i]
                    + pace * ((double) reached[i] - here[i])
                    + (1 - pace) * ((double) here[i] - climb.before[i])
                    - picture[i];
        }
        climb.before = here;
        track.move(row, ball.place(picture, change));
    }

    /** Steps at which progress is checked: periods of 22 %, each 3 % shorter down to 6 %. */
    private int[] checkpoints() {
        List<Integer> checkpoints = new ArrayList<>(List.of(0));
        double at = FIRST_PERIOD;
        double period = FIRST_PERIOD;
        while (at <= 1) {
            checkpoints.add((int) Math.ceil(at * steps));
            period = Math.max(period - SHRINK, LEAST_PERIOD);
            at += period;
        }
        return checkpoints.stream().mapToInt(Integer::intValue).distinct().toArray();
    }
}
