package dev.vitrine.lens.attack;

import dev.vitrine.lens.attribution.Progress;
import dev.vitrine.lens.setting.Setting;
import dev.vitrine.lens.setting.Settings;

/**
 * Steps along the sign of a running sum of gradients, each divided by its mean absolute value: MI-FGSM. Dong et al. 2017,
 * arXiv:1710.06081. NI-FGSM takes the gradient where the sum alone would lead. Lin et al. 2019, arXiv:1908.06281. Both
 * transfer better to other networks.
 */
public record MomentumFgsm(
        Point point,

        @Setting(label = "E", above = 0, most = 1, meaning = Words.EPSILON)
        double epsilon,

        @Setting(label = "A", above = 0, meaning = Words.STEP_SIZE)
        double stepSize,

        @Setting(least = 1, meaning = Words.STEPS) int steps,

        @Setting(label = "MU", above = 0, most = 1, meaning = Words.DECAY)
        double decay,

        @Setting(label = "PLACE", meaning = Words.START) Start start,

        @Setting(label = "WHEN", meaning = Words.ENDING) Ending ending,

        @Setting(meaning = Words.SEED) long seed)
        implements SignSteps {
    /** Where the gradient is taken. */
    public enum Point {
        HERE,
        /** Where the accumulated gradients alone would lead. */
        AHEAD
    }

    public MomentumFgsm {
        Settings.require(MomentumFgsm.class, point, epsilon, stepSize, steps, decay, start, ending, seed);
    }

    public static MomentumFgsm usual(Point point) {
        return new MomentumFgsm(
                point, Words.USUAL_EPSILON, Words.USUAL_STEP, Words.USUAL_STEPS, 1, Start.PICTURE, Ending.LAST_STEP, 0);
    }

    @Override
    public String id() {
        return point == Point.HERE ? "mi-fgsm" : "ni-fgsm";
    }

    @Override
    public String summary() {
        return point == Point.HERE
                ? "steps along the sign of accumulated gradients"
                : "steps along the sign of accumulated gradients taken ahead";
    }

    @Override
    public Crafted on(Victim victim, Subjects subjects, Progress progress) {
        return new Steps(ball(), stepSize, steps, start, 1, new Steps.Momentum(decay, point), ending, seed)
                .run(victim, subjects, progress);
    }
}
