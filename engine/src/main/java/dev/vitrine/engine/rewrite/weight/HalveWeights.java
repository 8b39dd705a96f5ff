package dev.vitrine.engine.rewrite.weight;

import dev.vitrine.engine.graph.Attributes;
import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.GraphBuilder;
import dev.vitrine.engine.graph.GraphTransform;
import dev.vitrine.engine.graph.Node;
import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.tensor.ElementType;
import dev.vitrine.engine.tensor.FloatConversion;
import dev.vitrine.engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Keeps float32 constants of some size as float16, to be cast back when the network is opened: a file of half the size
 * that computes in float32.
 */
public final class HalveWeights implements GraphTransform {
    private static final long LEAST_ELEMENTS = 64;
    private static final long FLOAT = 1;

    @Override
    public Graph apply(Graph graph) {
        GraphBuilder names = new GraphBuilder(graph);
        Map<Value, Tensor> constants = new LinkedHashMap<>();
        Map<Value, TensorType> types = new LinkedHashMap<>(graph.types());
        List<Node> nodes = new ArrayList<>();
        graph.constants().forEach((value, tensor) -> {
            if (tensor.elementType() != ElementType.FLOAT32 || tensor.elements() < LEAST_ELEMENTS) {
                constants.put(value, tensor);
                return;
            }
            Value half = names.fresh(value.name() + ".half");
            Tensor halved = FloatConversion.convert(tensor, ElementType.FLOAT16);
            constants.put(half, halved);
            types.put(half, TensorType.of(halved));
            nodes.add(new Node(
                    half.name() + ".cast",
                    "",
                    "Cast",
                    List.of(half),
                    List.of(value),
                    Attributes.NONE.with("to", FLOAT)));
        });
        nodes.addAll(graph.nodes());
        return new Graph(graph.inputs(), graph.outputs(), nodes, constants, types, graph.opsets());
    }
}
