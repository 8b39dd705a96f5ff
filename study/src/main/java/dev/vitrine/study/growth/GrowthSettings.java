package dev.vitrine.study.growth;

import dev.vitrine.lens.setting.Setting;
import dev.vitrine.lens.setting.Settings;

/** What of a growing network is looked at. */
public record GrowthSettings(
        @Setting(meaning = "channels of a layer that are drawn, without --unit", least = 0)
        int perLayer,

        @Setting(meaning = "how many pictures to take, evenly from all", least = 1)
        int pictures,

        @Setting(meaning = "how many of those the comparison of layers takes, evenly", least = 3)
        int compared,

        @Setting(meaning = "of the channels that are drawn") long seed) {
    public static final GrowthSettings USUAL = new GrowthSettings(6, 1000, 300, 0);

    public GrowthSettings {
        Settings.require(GrowthSettings.class, perLayer, pictures, compared, seed);
    }
}
