package dev.vitrine.engine.rewrite.quantization;

import dev.vitrine.engine.graph.Value;

/**
 * Quantization parameters: the integer q represents scale · (q − zero).
 *
 * @param zero the zero point; {@link Value#NONE} for 0
 * @param axis the axis of scale and zero, where they are vectors
 */
record Code(Value scale, Value zero, long axis) {
    Code(Value scale, Value zero) {
        this(scale, zero, 1);
    }
}
