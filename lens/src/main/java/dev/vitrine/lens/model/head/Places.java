package dev.vitrine.lens.model.head;

import dev.vitrine.engine.graph.Value;
import java.util.Optional;

/**
 * The places of a map, or the boxes of a detector.
 *
 * @param count how many
 * @param height of the map; 0 where the places are a list
 * @param region which of them count
 * @param words how they were put together, for people
 * @param probabilities mean probability of each class over the region, {@code f32[N,classes]}, where scores alone do not
 *     tell it
 * @param detections the boxes, where they are known
 */
public record Places(
        long count,
        long height,
        long width,
        Region region,
        String words,
        Optional<Value> probabilities,
        Optional<Detections> detections) {}
