package dev.vitrine.lens.model.head;

import dev.vitrine.engine.graph.Value;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What a detector says of each box.
 *
 * @param boxes {@code f32[N,boxes,4]}
 * @param classes score of each class in each box, {@code f32[N,boxes,classes]}, 0..1
 * @param objectness {@code f32[N,boxes,1]}, whether there is anything in the box
 * @param ranks {@code f32[N,boxes,classes]}, what the best box of a class is chosen by: rises with the probability, and is
 *     not cut off at 0 and 1 where logits can be reached
 * @param background the class that stands for nothing at all, where there is one
 * @param format what the four numbers are, where the graph or the card tells
 * @param normalized whether they are in 0..1, where the card tells
 */
public record Detections(
        Value boxes,
        Value classes,
        Optional<Value> objectness,
        Value ranks,
        OptionalInt background,
        Optional<BoxFormat> format,
        Optional<Boolean> normalized) {}
