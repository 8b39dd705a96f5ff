package dev.vitrine.engine.operator;

import dev.vitrine.engine.graph.Value;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/** The gradient of each input of a node in order; {@link Value#NONE} where it is zero or not needed. */
public record InputGradients(List<Value> values) {
    public static final InputGradients NOTHING = new InputGradients(List.of());

    public InputGradients {
        values = List.copyOf(values);
    }

    public static InputGradients of(Value... values) {
        return new InputGradients(Arrays.asList(values));
    }

    /** A gradient for one input only. */
    public static InputGradients at(int index, Value value) {
        List<Value> values = new java.util.ArrayList<>(Collections.nCopies(index, Value.NONE));
        values.add(value);
        return new InputGradients(values);
    }
}
