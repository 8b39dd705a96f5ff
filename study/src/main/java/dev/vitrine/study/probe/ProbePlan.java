package dev.vitrine.study.probe;

import dev.vitrine.lens.setting.Setting;
import dev.vitrine.lens.setting.Settings;
import java.util.List;
import java.util.stream.Stream;

/**
 * The settings of a probe.
 *
 * @param grids cells along each side that maps are averaged over, such as 1 and 2
 * @param shots training pictures per class, ascending; empty for all that are not held out
 */
public record ProbePlan(
        List<Integer> grids,
        List<Integer> shots,

        @Setting(
                label = "SHARE",
                above = 0,
                below = 1,
                meaning = "share of each class's pictures held out for testing, without --shots")
        double heldOut,

        @Setting(least = 1, meaning = "maximum number of test pictures per class")
        int mostTested,

        @Setting(meaning = "seed of the split; the same seed gives the same bytes")
        long seed) {
    /** One mean per map, and all pictures that are not held out. */
    public static final ProbePlan USUAL = new ProbePlan(List.of(1), List.of(), 0.3, 50, 0);

    public ProbePlan {
        Settings.require(ProbePlan.class, grids, shots, heldOut, mostTested, seed);
        if (grids.isEmpty() || Stream.concat(grids.stream(), shots.stream()).anyMatch(number -> number < 1)) {
            throw new IllegalArgumentException("grids " + grids + ", shots " + shots + ": expected numbers from 1 up");
        }
        grids = grids.stream().sorted().distinct().toList();
        shots = shots.stream().sorted().distinct().toList();
    }

    /** A copy with other grids and shots. */
    public ProbePlan with(List<Integer> newGrids, List<Integer> newShots) {
        return new ProbePlan(newGrids, newShots, heldOut, mostTested, seed);
    }

    /** Number of a class's pictures used for training; at least one is left for testing. */
    int training(int members) {
        int kept = shots.isEmpty()
                ? members - (int) Math.max(1, Math.round(heldOut * members))
                : shots.get(shots.size() - 1);
        return Math.max(1, Math.min(members - 1, kept));
    }

    /** Numbers of training pictures per class; a number larger than every class stands for all. */
    List<Integer> trials() {
        return shots.isEmpty() ? List.of(Integer.MAX_VALUE) : shots;
    }
}
