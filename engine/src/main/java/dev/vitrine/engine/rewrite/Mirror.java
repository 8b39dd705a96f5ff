package dev.vitrine.engine.rewrite;

import dev.vitrine.engine.graph.Dimension;
import dev.vitrine.engine.graph.GraphBuilder;
import dev.vitrine.engine.graph.Node;
import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.engine.graph.Value;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A second evaluation of a graph, beside the first, at other inputs. */
public final class Mirror {
    private Mirror() {}

    /**
     * Appends a copy of every node that depends on a replaced value, reading the replacements in their place.
     *
     * @param nodes the nodes to copy, in order
     * @param replacements for some values what stands in their place
     * @param oldBatch the first dimension of values that belong to the batch
     * @param newBatch the first dimension that their copies have instead
     * @return for each value that depends on a replaced one, its copy
     */
    public static Map<Value, Value> append(
            GraphBuilder builder,
            List<Node> nodes,
            Map<Value, Value> replacements,
            Dimension oldBatch,
            Dimension newBatch) {
        Map<Value, Value> copies = new HashMap<>(replacements);
        for (Node node : nodes) {
            if (node.inputs().stream().noneMatch(copies::containsKey)) {
                continue;
            }
            List<Value> inputs = node.inputs().stream()
                    .map(input -> copies.getOrDefault(input, input))
                    .toList();
            List<Value> outputs = node.outputs().stream()
                    .map(output -> output.isPresent() ? builder.fresh(output.name()) : output)
                    .toList();
            String name = builder.fresh(node.name()).name();
            builder.addFresh(new Node(name, node.domain(), node.opType(), inputs, outputs, node.attributes()));
            for (int i = 0; i < outputs.size(); i++) {
                Value before = node.output(i);
                Value after = outputs.get(i);
                if (before.isPresent()) {
                    copies.put(before, after);
                    builder.type(before).ifPresent(type -> builder.declare(after, withBatch(type, oldBatch, newBatch)));
                }
            }
        }
        return copies;
    }

    private static TensorType withBatch(TensorType type, Dimension oldBatch, Dimension newBatch) {
        boolean batched = type.rank() > 0 && type.dimension(0).matches(oldBatch);
        return batched ? type.withDimension(0, newBatch) : type;
    }
}
