package dev.vitrine.study.growth;

import dev.vitrine.lens.setting.Setting;
import dev.vitrine.lens.setting.Settings;

/** Channels and pictures of a growth study. */
public record GrowthSettings(
        @Setting(meaning = "channels drawn per layer, without --unit", least = 0)
        int perLayer,

        @Setting(meaning = "number of pictures, evenly spaced among all", least = 1)
        int pictures,

        @Setting(meaning = "number of these used to compare layers, evenly spaced", least = 3)
        int compared,

        @Setting(meaning = "seed of the channels drawn") long seed) {
    public static final GrowthSettings USUAL = new GrowthSettings(6, 1000, 300, 0);

    public GrowthSettings {
        Settings.require(GrowthSettings.class, perLayer, pictures, compared, seed);
    }
}
