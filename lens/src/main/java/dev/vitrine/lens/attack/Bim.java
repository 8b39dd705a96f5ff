package dev.vitrine.lens.attack;

import dev.vitrine.lens.attribution.Progress;
import dev.vitrine.lens.setting.Setting;
import dev.vitrine.lens.setting.Settings;

/** Steps along the sign of the gradient, each clipped to ε. Kurakin et al. 2016, arXiv:1607.02533. */
public record Bim(
        @Setting(label = "E", above = 0, most = 1, meaning = Words.EPSILON)
        double epsilon,

        @Setting(label = "A", above = 0, meaning = Words.STEP_SIZE)
        double stepSize,

        @Setting(least = 1, meaning = Words.STEPS) int steps,

        @Setting(label = "PLACE", meaning = Words.START) Start start,

        @Setting(label = "WHEN", meaning = Words.ENDING) Ending ending,

        @Setting(meaning = Words.SEED) long seed)
        implements SignSteps {
    public static final Bim USUAL =
            new Bim(Words.USUAL_EPSILON, Words.USUAL_STEP, Words.USUAL_STEPS, Start.PICTURE, Ending.LAST_STEP, 0);

    public Bim {
        Settings.require(Bim.class, epsilon, stepSize, steps, start, ending, seed);
    }

    @Override
    public String id() {
        return "bim";
    }

    @Override
    public String summary() {
        return "several steps along the sign of the gradient, within epsilon";
    }

    @Override
    public Crafted on(Victim victim, Subjects subjects, Progress progress) {
        return new Steps(ball(), stepSize, steps, start, 1, Steps.Momentum.NONE, ending, seed)
                .run(victim, subjects, progress);
    }
}
