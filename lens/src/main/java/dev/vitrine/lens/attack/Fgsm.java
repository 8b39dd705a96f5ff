package dev.vitrine.lens.attack;

import dev.vitrine.lens.attribution.Progress;
import dev.vitrine.lens.setting.Setting;
import dev.vitrine.lens.setting.Settings;

/** x + ε · sign ∇loss: one step. Goodfellow et al. 2014, arXiv:1412.6572. From a random start, Wong et al. 2020, arXiv:2001.03994. */
public record Fgsm(
        @Setting(label = "E", above = 0, most = 1, meaning = Words.EPSILON)
        double epsilon,

        @Setting(label = "PLACE", meaning = Words.START) Start start,

        @Setting(meaning = Words.SEED) long seed)
        implements SignSteps {
    public static final Fgsm USUAL = new Fgsm(Words.USUAL_EPSILON, Start.PICTURE, 0);

    public Fgsm {
        Settings.require(Fgsm.class, epsilon, start, seed);
    }

    @Override
    public String id() {
        return "fgsm";
    }

    @Override
    public String summary() {
        return "one step along the sign of the gradient";
    }

    @Override
    public Crafted on(Victim victim, Subjects subjects, Progress progress) {
        return new Steps(ball(), epsilon, 1, start, 1, Steps.Momentum.NONE, Ending.LAST_STEP, seed)
                .run(victim, subjects, progress);
    }
}
