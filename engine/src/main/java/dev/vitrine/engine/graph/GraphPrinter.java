package dev.vitrine.engine.graph;

import dev.vitrine.engine.tensor.ElementType;
import dev.vitrine.engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * A graph as text, one line per node: {@code y: f32[N,8,7,7] = Conv(x, w f32[8,3,3,3]) {pads=[1,1,1,1]}}.
 *
 * <p>Constants are printed where they are read: small ones by their elements, others by name, type and shape. Equal
 * graphs give equal text.
 */
public final class GraphPrinter {
    private static final int LARGEST_SHOWN = 8;

    private final StringBuilder text = new StringBuilder();

    private GraphPrinter() {}

    public static String print(Graph graph) {
        GraphPrinter printer = new GraphPrinter();
        printer.graph(graph, "", Map.of());
        return printer.text.toString();
    }

    /** Type and shape in short form: {@code f32[N,3,224,224]}. */
    public static String print(TensorType type) {
        return type.dimensions().stream()
                .map(Dimension::toString)
                .collect(Collectors.joining(",", print(type.elementType()) + "[", "]"));
    }

    private static String print(ElementType type) {
        return switch (type) {
            case FLOAT32 -> "f32";
            case FLOAT64 -> "f64";
            case FLOAT16 -> "f16";
            case BFLOAT16 -> "bf16";
            case INT8 -> "i8";
            case INT16 -> "i16";
            case INT32 -> "i32";
            case INT64 -> "i64";
            case UINT8 -> "u8";
            case UINT16 -> "u16";
            case UINT32 -> "u32";
            case UINT64 -> "u64";
            case BOOL -> "bool";
            case STRING -> "text";
        };
    }

    private void graph(Graph graph, String indent, Map<Value, Tensor> outerConstants) {
        Map<Value, Tensor> constants = new HashMap<>(outerConstants);
        constants.putAll(graph.constants());
        if (indent.isEmpty()) {
            graph.opsets()
                    .forEach((domain, version) ->
                            line(indent, "opset " + (domain.isEmpty() ? "" : domain + " ") + version));
        }
        for (Value input : graph.inputs()) {
            line(indent, "input " + typed(graph, input));
        }
        for (Node node : graph.nodes()) {
            node(graph, node, indent, constants);
        }
        for (Value output : graph.outputs()) {
            line(
                    indent,
                    "output "
                            + Optional.ofNullable(constants.get(output))
                                    .map(tensor -> constant(output, tensor))
                                    .orElse(typed(graph, output)));
        }
    }

    private void node(Graph graph, Node node, String indent, Map<Value, Tensor> constants) {
        String outputs =
                node.outputs().stream().map(value -> typed(graph, value)).collect(Collectors.joining(", "));
        String inputs = node.inputs().stream()
                .map(value -> Optional.ofNullable(constants.get(value))
                        .map(tensor -> constant(value, tensor))
                        .orElse(name(value)))
                .collect(Collectors.joining(", ", "(", ")"));
        List<String> attributes = new ArrayList<>();
        Map<String, Graph> bodies = new TreeMap<>();
        node.attributes().values().forEach((name, value) -> {
            if (value instanceof AttributeValue.OfGraph found) {
                bodies.put(name, found.body());
            } else {
                attributes.add(name + "=" + attribute(value));
            }
        });
        line(
                indent,
                outputs + " = " + node.operator() + inputs
                        + (attributes.isEmpty() ? "" : " {" + String.join(", ", attributes) + "}"));
        bodies.forEach((name, body) -> {
            line(indent, "  " + name + ":");
            graph(body, indent + "    ", constants);
        });
    }

    private static String name(Value value) {
        return value.isPresent() ? value.name() : "_";
    }

    private static String typed(Graph graph, Value value) {
        return name(value) + graph.type(value).map(type -> ": " + print(type)).orElse("");
    }

    private static String constant(Value value, Tensor tensor) {
        return elements(tensor).orElse(value.name() + " " + print(TensorType.of(tensor)));
    }

    /** The elements of a small f32 or i64 tensor. */
    private static Optional<String> elements(Tensor tensor) {
        if (tensor.rank() > 1 || tensor.elements() > LARGEST_SHOWN) {
            return Optional.empty();
        }
        List<String> elements = new ArrayList<>();
        if (tensor.elementType() == ElementType.FLOAT32) {
            for (float element : tensor.toFloats()) {
                elements.add(number(element));
            }
        } else if (tensor.elementType() == ElementType.INT64) {
            for (long element : tensor.toLongs()) {
                elements.add(Long.toString(element));
            }
        } else {
            return Optional.empty();
        }
        return Optional.of(tensor.rank() == 0 ? elements.get(0) : "[" + String.join(",", elements) + "]");
    }

    /** Always with a point or an exponent, to distinguish it from an integer. */
    private static String number(float value) {
        return Float.toString(value).toLowerCase(Locale.ROOT);
    }

    private static String attribute(AttributeValue value) {
        if (value instanceof AttributeValue.OfLong found) {
            return Long.toString(found.value());
        }
        if (value instanceof AttributeValue.OfFloat found) {
            return number(found.value());
        }
        if (value instanceof AttributeValue.OfText found) {
            return "'" + found.value() + "'";
        }
        if (value instanceof AttributeValue.OfLongs found) {
            return found.values().stream().map(String::valueOf).collect(Collectors.joining(",", "[", "]"));
        }
        if (value instanceof AttributeValue.OfFloats found) {
            return found.values().stream().map(GraphPrinter::number).collect(Collectors.joining(",", "[", "]"));
        }
        if (value instanceof AttributeValue.OfTexts found) {
            return found.values().stream().collect(Collectors.joining("','", "['", "']"));
        }
        if (value instanceof AttributeValue.OfTensor found) {
            return elements(found.value()).orElse(print(TensorType.of(found.value())));
        }
        throw new IllegalStateException("bodies are printed apart");
    }

    private void line(String indent, String content) {
        text.append(indent).append(content).append('\n');
    }
}
