package dev.vitrine.engine.operator;

import dev.vitrine.engine.graph.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Gradients in a form that saves the next rule work. Each also exists as an ordinary value; unused ones are pruned. */
public final class GradientForms {
    /**
     * A gradient {@code f32[N,C,H,W]} in four phases: element (2i + a, 2j + b) is element (i, j) of part 2a + b.
     *
     * @param parts {@code f32[N,C,⌈(H−a)/2⌉,⌈(W−b)/2⌉]}
     */
    record Phased(List<Value> parts, long channels, long height, long width) {}

    private final Map<Value, Phased> phased = new HashMap<>();
    private final Map<Value, Value> uniform = new HashMap<>();
    private final Set<Value> masked = new HashSet<>();
    private final Set<Value> nonNegative = new HashSet<>();

    void phased(Value gradient, Phased form) {
        phased.put(gradient, form);
    }

    Optional<Phased> phased(Value gradient) {
        return Optional.ofNullable(phased.get(gradient));
    }

    /** The gradient is the same at all positions of a channel: {@code source}, {@code f32[N,C,1,1]}. */
    void uniform(Value gradient, Value source) {
        uniform.put(gradient, source);
    }

    Optional<Value> uniform(Value gradient) {
        return Optional.ofNullable(uniform.get(gradient));
    }

    /** The gradient has already been multiplied by the slope of the preceding rectifier. */
    void masked(Value gradient) {
        masked.add(gradient);
    }

    boolean isMasked(Value gradient) {
        return masked.contains(gradient);
    }

    /** Declares a value non-negative, such as a replacement for a value of the network. */
    public void nonNegative(Value value) {
        nonNegative.add(value);
    }

    /** Whether a value is known to be non-negative: the output of a Relu, or declared so. */
    public boolean isNonNegative(Value value, BackwardContext c) {
        return nonNegative.contains(value)
                || c.forward()
                        .producer(value)
                        .filter(producer -> producer.operator().equals("Relu"))
                        .isPresent();
    }

    /** left + right; phased gradients are added phase by phase and interleaved once. */
    public Value sum(Value left, Value right, BackwardContext c) {
        Phased own = phased.get(left);
        Phased other = phased.get(right);
        if (own == null || other == null) {
            return c.add(left, right);
        }
        List<Value> parts = new ArrayList<>();
        for (int i = 0; i < own.parts().size(); i++) {
            parts.add(c.add(own.parts().get(i), other.parts().get(i)));
        }
        return Blocks.interleave(new Phased(parts, own.channels(), own.height(), own.width()), c);
    }
}
