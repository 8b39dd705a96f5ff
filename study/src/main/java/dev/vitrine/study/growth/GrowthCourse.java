package dev.vitrine.study.growth;

import java.util.List;

/**
 * The development of a network over its checkpoints.
 *
 * @param pictures number of pictures used
 * @param snapshots in the order of the training, including the last
 */
public record GrowthCourse(int pictures, List<Snapshot> snapshots) {
    public GrowthCourse {
        snapshots = List.copyOf(snapshots);
    }
}
