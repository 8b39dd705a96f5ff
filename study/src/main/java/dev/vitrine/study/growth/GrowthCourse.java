package dev.vitrine.study.growth;

import java.util.List;

/**
 * How a network grew.
 *
 * @param pictures that were taken
 * @param snapshots in the order of the training, the last among them
 */
public record GrowthCourse(int pictures, List<Snapshot> snapshots) {
    public GrowthCourse {
        snapshots = List.copyOf(snapshots);
    }
}
