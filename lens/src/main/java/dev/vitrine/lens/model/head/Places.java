package dev.vitrine.lens.model.head;

import dev.vitrine.engine.graph.Value;
import java.util.Optional;

/**
 * The positions of a map, or the boxes of a detector.
 *
 * @param count number of positions
 * @param height of the map; 0 if the positions are a list
 * @param region the ones that count
 * @param words how they were combined, for display
 * @param probabilities mean probability of each class over the region, {@code f32[N,classes]}, if it does not follow
 *     from the scores
 * @param detections the boxes, if known
 */
public record Places(
        long count,
        long height,
        long width,
        Region region,
        String words,
        Optional<Value> probabilities,
        Optional<Detections> detections) {}
