package dev.vitrine.study.ablation;

import dev.vitrine.lens.setting.Setting;
import dev.vitrine.study.ablation.ChannelAblation.Importance;

/** How channels are taken out, and which go first. */
public record AblationSettings(
        @Setting(label = "mean|zero", meaning = "what channels hold that are taken out")
        Fill fill,

        @Setting(
                label = "taylor|exact",
                meaning = "what makes a channel important: the rise of the loss without it, by its derivative (quick)"
                        + " or measured channel by channel")
        Importance importance) {
    public static final AblationSettings USUAL = new AblationSettings(Fill.MEAN, Importance.TAYLOR);
}
