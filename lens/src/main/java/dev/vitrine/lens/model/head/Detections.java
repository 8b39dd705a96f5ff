package dev.vitrine.lens.model.head;

import dev.vitrine.engine.graph.Value;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The outputs of a detector for each box.
 *
 * @param boxes {@code f32[N,boxes,4]}
 * @param classes score of each class in each box, {@code f32[N,boxes,classes]}, 0..1
 * @param objectness {@code f32[N,boxes,1]}, whether the box contains an object
 * @param ranks {@code f32[N,boxes,classes]}, the ranking by which the best box of a class is chosen: increases with the
 *     probability, and does not saturate at 0 and 1 if logits are available
 * @param background the background class, if any
 * @param format the meaning of the four numbers, if given by the graph or the card
 * @param normalized whether they are in 0..1, if given by the card
 */
public record Detections(
        Value boxes,
        Value classes,
        Optional<Value> objectness,
        Value ranks,
        OptionalInt background,
        Optional<BoxFormat> format,
        Optional<Boolean> normalized) {}
