package dev.vitrine.engine.rewrite.quantization;

import dev.vitrine.engine.graph.Value;

/**
 * How a whole number q stands for a real one: scale · (q − zero).
 *
 * @param zero {@link Value#NONE} for 0
 * @param axis the axis along which scale and zero change, where they are vectors
 */
record Code(Value scale, Value zero, long axis) {
    Code(Value scale, Value zero) {
        this(scale, zero, 1);
    }
}
