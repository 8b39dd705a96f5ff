package dev.vitrine.study.ablation;

import dev.vitrine.lens.setting.Setting;
import dev.vitrine.study.ablation.ChannelAblation.Importance;

/** How channels are ablated, and in which order. */
public record AblationSettings(
        @Setting(label = "mean|zero", meaning = "replacement of ablated channels")
        Fill fill,

        @Setting(
                label = "taylor|exact",
                meaning = "importance of a channel: the increase of the loss without it, estimated from the gradient"
                        + " (fast)"
                        + " or measured channel by channel")
        Importance importance) {
    public static final AblationSettings USUAL = new AblationSettings(Fill.MEAN, Importance.TAYLOR);
}
