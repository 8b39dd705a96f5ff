package dev.vitrine.lens.training.step;

import dev.vitrine.lens.setting.Setting;
import dev.vitrine.lens.setting.Settings;

/**
 * h · hard + (1 − h) · T² · KL(softmax(teacher/T) ‖ softmax(logits/T)): the weights of labels and of a teacher's
 * probabilities. Hinton et al. 2015, arXiv:1503.02531.
 */
public record Distillation(
        @Setting(label = "T", above = 0, most = 100, meaning = "temperature of both softmaxes")
        double temperature,

        @Setting(label = "SHARE", least = 0, below = 1, meaning = "weight of the loss on the labels")
        double hard) {
    public static final Distillation USUAL = new Distillation(4, 0.1);

    public Distillation {
        Settings.require(Distillation.class, temperature, hard);
    }
}
