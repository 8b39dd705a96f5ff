package dev.vitrine.lens.attack;

import dev.vitrine.lens.attribution.Progress;
import dev.vitrine.lens.setting.Setting;
import dev.vitrine.lens.setting.Settings;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Projected gradient descent from a random start: steps of steepest ascent in a norm, each projected onto the ball of
 * radius ε. Madry et al. 2017, arXiv:1706.06083.
 */
public record Pgd(
        @Setting(label = "NORM", meaning = "how changes are measured")
        Norm norm,

        @Setting(
                label = "E",
                above = 0,
                meaning = "largest size of a change in the norm",
                otherwise = "8/255 for linf, 1 for l2, 12 for l1")
        OptionalDouble epsilon,

        @Setting(
                label = "A",
                above = 0,
                meaning = "length of a step in the norm",
                otherwise = "2/255 for linf, 0.2 for l2, 3 for l1, as a share of epsilon where that is given")
        OptionalDouble stepSize,

        @Setting(least = 1, meaning = Words.STEPS) int steps,

        @Setting(label = "PLACE", meaning = Words.START) Start start,

        @Setting(least = 1, meaning = Words.RESTARTS) int restarts,

        @Setting(label = "WHEN", meaning = Words.ENDING) Ending ending,

        @Setting(meaning = Words.SEED) long seed)
        implements WhiteBox {
    public static final Pgd USUAL = new Pgd(
            Norm.LINF,
            OptionalDouble.empty(),
            OptionalDouble.empty(),
            Words.USUAL_STEPS,
            Start.RANDOM,
            1,
            Ending.LAST_STEP,
            0);

    private static final double L2_EPSILON = 1;
    private static final double L1_EPSILON = 12;
    private static final double LINF_SHARE = 0.25;
    private static final double L2_SHARE = 0.2;

    public Pgd {
        Settings.require(Pgd.class, norm, epsilon, stepSize, steps, start, restarts, ending, seed);
    }

    @Override
    public String id() {
        return "pgd";
    }

    @Override
    public String summary() {
        return "several steps from a random start, within epsilon in a norm";
    }

    @Override
    public Optional<Ball> bound() {
        return Optional.of(ball());
    }

    private Ball ball() {
        return new Ball(
                norm,
                epsilon.orElse(
                        switch (norm) {
                            case LINF -> Words.USUAL_EPSILON;
                            case L2 -> L2_EPSILON;
                            case L1 -> L1_EPSILON;
                        }));
    }

    @Override
    public Crafted on(Victim victim, Subjects subjects, Progress progress) {
        Ball ball = ball();
        double size = stepSize.orElse(ball.radius() * (norm == Norm.L2 ? L2_SHARE : LINF_SHARE));
        return new Steps(ball, size, steps, start, restarts, Steps.Momentum.NONE, ending, seed)
                .run(victim, subjects, progress);
    }
}
