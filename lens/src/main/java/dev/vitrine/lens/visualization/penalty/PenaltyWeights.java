package dev.vitrine.lens.visualization.penalty;

import dev.vitrine.lens.setting.Setting;
import dev.vitrine.lens.setting.Settings;
import java.util.ArrayList;
import java.util.List;

/**
 * Weights of penalties relative to the objective; 0 disables one.
 *
 * @param tv of {@link TotalVariation}
 * @param l2 of {@link AlphaNorm} with α = 2
 */
public record PenaltyWeights(
        @Setting(label = "W", least = 0, meaning = "weight of total variation")
        double tv,

        @Setting(label = "W", least = 0, meaning = "weight of the squared distance from gray")
        double l2) {
    public static final PenaltyWeights NONE = new PenaltyWeights(0, 0);

    public PenaltyWeights {
        Settings.require(PenaltyWeights.class, tv, l2);
    }

    public List<Penalty> penalties() {
        List<Penalty> penalties = new ArrayList<>();
        if (tv > 0) {
            penalties.add(new TotalVariation(tv, 1));
        }
        if (l2 > 0) {
            penalties.add(new AlphaNorm(l2, 2));
        }
        return penalties;
    }
}
