package dev.vitrine.engine.rewrite.weight;

import dev.vitrine.engine.graph.AttributeValue;
import dev.vitrine.engine.graph.Attributes;
import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.GraphTransform;
import dev.vitrine.engine.graph.Node;
import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.tensor.ElementType;
import dev.vitrine.engine.tensor.FloatConversion;
import dev.vitrine.engine.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * The same computation in float32: constants, inputs, outputs and casts of float16, bfloat16 and float64 become float32.
 * float16 and bfloat16 numbers keep their exact values; what was rounded to them between nodes no longer is.
 */
public final class ToFloat32 implements GraphTransform {
    /** ONNX's numbers for float16, float64 and bfloat16, which some attributes name. */
    private static final Set<Long> OTHER_FLOATS = Set.of(10L, 11L, 16L);

    private static final long FLOAT32 = 1;
    /** Attributes that hold the number of an element type. */
    private static final Set<String> TYPE_ATTRIBUTES = Set.of("to", "dtype", "output_dtype", "output_datatype");

    @Override
    public Graph apply(Graph graph) {
        Map<Value, Tensor> constants = new LinkedHashMap<>();
        graph.constants().forEach((value, tensor) -> constants.put(value, convert(tensor)));
        Map<Value, TensorType> types = new LinkedHashMap<>();
        graph.types().forEach((value, type) -> types.put(value, convert(type)));
        return new Graph(
                graph.inputs(),
                graph.outputs(),
                graph.nodes().stream().map(this::convert).toList(),
                constants,
                types,
                graph.opsets());
    }

    private Node convert(Node node) {
        Attributes attributes = node.attributes();
        for (Map.Entry<String, AttributeValue> entry :
                node.attributes().values().entrySet()) {
            String name = entry.getKey();
            if (entry.getValue() instanceof AttributeValue.OfGraph found) {
                attributes = attributes.with(name, new AttributeValue.OfGraph(apply(found.body())));
            } else if (entry.getValue() instanceof AttributeValue.OfTensor found) {
                attributes = attributes.with(name, convert(found.value()));
            } else if (entry.getValue() instanceof AttributeValue.OfLong found
                    && TYPE_ATTRIBUTES.contains(name)
                    && OTHER_FLOATS.contains(found.value())) {
                attributes = attributes.with(name, FLOAT32);
            }
        }
        return attributes.equals(node.attributes()) ? node : node.withAttributes(attributes);
    }

    private static Tensor convert(Tensor tensor) {
        return tensor.elementType().isFloating() ? FloatConversion.convert(tensor, ElementType.FLOAT32) : tensor;
    }

    private static TensorType convert(TensorType type) {
        return type.elementType().isFloating() ? new TensorType(ElementType.FLOAT32, type.dimensions()) : type;
    }
}
