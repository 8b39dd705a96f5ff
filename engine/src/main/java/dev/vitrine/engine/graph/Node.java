package dev.vitrine.engine.graph;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * One operation. An omitted optional input and an unused output are {@link Value#NONE}; the domain of a standard
 * operator is the empty string.
 */
public record Node(
        String name, String domain, String opType, List<Value> inputs, List<Value> outputs, Attributes attributes) {
    private static final int LONGEST_SHOWN = 300;

    public Node {
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
    }

    /** The operator's qualified name: {@code Conv}, {@code com.microsoft.Gelu}. */
    public String operator() {
        return domain.isEmpty() ? opType : domain + "." + opType;
    }

    /** The input at a position, {@link Value#NONE} if omitted. */
    public Value input(int index) {
        return index < inputs.size() ? inputs.get(index) : Value.NONE;
    }

    /** The output at a position, {@link Value#NONE} if omitted. */
    public Value output(int index) {
        return index < outputs.size() ? outputs.get(index) : Value.NONE;
    }

    public Value output() {
        return outputs.get(0);
    }

    public Node withInputs(List<Value> newInputs) {
        return new Node(name, domain, opType, newInputs, outputs, attributes);
    }

    /** The node with one input replaced. */
    public Node withInput(int index, Value value) {
        List<Value> changed = new ArrayList<>(inputs);
        changed.set(index, value);
        return withInputs(changed);
    }

    /** Inputs without omitted trailing ones. */
    public static List<Value> given(Value... inputs) {
        int last = inputs.length;
        while (last > 0 && !inputs[last - 1].isPresent()) {
            last--;
        }
        return List.of(inputs).subList(0, last);
    }

    public Node withOutputs(List<Value> newOutputs) {
        return new Node(name, domain, opType, inputs, newOutputs, attributes);
    }

    public Node withAttributes(Attributes newAttributes) {
        return new Node(name, domain, opType, inputs, outputs, newAttributes);
    }

    /** The values that the node reads, including those read by the bodies of its branches and loops. */
    public Set<Value> reads() {
        Set<Value> reads = new HashSet<>(inputs);
        for (AttributeValue attribute : attributes.values().values()) {
            if (attribute instanceof AttributeValue.OfGraph inner) {
                inner.body().nodes().forEach(child -> reads.addAll(child.reads()));
                reads.addAll(inner.body().outputs());
            }
        }
        reads.remove(Value.NONE);
        return reads;
    }

    /** The node's name in messages: {@code Node 'layer1/conv2' (Conv)}; only the end of a very long name. */
    public String label() {
        return "Node '" + shown(name) + "' (" + shown(operator()) + ")";
    }

    private static String shown(String text) {
        return text.length() <= LONGEST_SHOWN ? text : "…" + text.substring(text.length() - LONGEST_SHOWN);
    }
}
