package dev.vitrine.study.probe;

import dev.vitrine.engine.VitrineException;
import java.util.List;

/**
 * What a probe asks.
 *
 * @param grids cells along each side that maps are averaged over, such as 1 and 2
 * @param shots training pictures of each class, rising; none for all that are not held out
 * @param heldOut share of each class's pictures that test, where there are no shots
 * @param mostTested most pictures of a class that test
 * @param seed of the split
 */
public record ProbePlan(List<Integer> grids, List<Integer> shots, double heldOut, int mostTested, long seed) {
    public ProbePlan {
        grids = grids.stream().sorted().distinct().toList();
        shots = shots.stream().sorted().distinct().toList();
        grids.forEach(grid -> require("--grid", grid));
        shots.forEach(count -> require("--shots", count));
        require("--most-tested", mostTested);
        if (grids.isEmpty()) {
            throw VitrineException.usage("--grid: expected at least one number, such as 1 for the mean of each map.");
        }
        if (!(heldOut > 0 && heldOut < 1)) {
            throw VitrineException.usage("--held-out " + heldOut + ": expected a share between 0 and 1, such as 0.3.");
        }
    }

    private static void require(String option, int given) {
        if (given < 1) {
            throw VitrineException.usage(option + " " + given + ": expected at least 1.");
        }
    }

    /** How many of a class's pictures are kept for training; at least one tests. */
    int training(int members) {
        int kept = shots.isEmpty()
                ? members - (int) Math.max(1, Math.round(heldOut * members))
                : shots.get(shots.size() - 1);
        return Math.max(1, Math.min(members - 1, kept));
    }

    /** Numbers of training pictures a class that are tried; one that is beyond all classes stands for all. */
    List<Integer> trials() {
        return shots.isEmpty() ? List.of(Integer.MAX_VALUE) : shots;
    }
}
