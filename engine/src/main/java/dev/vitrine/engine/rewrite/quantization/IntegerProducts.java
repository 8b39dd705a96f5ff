package dev.vitrine.engine.rewrite.quantization;

import dev.vitrine.engine.graph.Attributes;
import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.Node;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.tensor.Tensor;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * ConvInteger and MatMulInteger of a quantized value, cast to float and multiplied by the scales of both operands, as
 * dynamic quantization writes them, become the product of the values represented. Where the cast is multiplied
 * otherwise, that product is first divided by the value's scale.
 */
final class IntegerProducts {
    private static final Map<String, String> REAL = Map.of("ConvInteger", "Conv", "MatMulInteger", "MatMul");
    private static final long FLOAT = 1;

    private final Graph graph;
    private final Map<Value, Node> producers;
    private final Map<Value, List<Node>> readers;
    /** By node name, what is written in place of a cast or a product by scales. */
    private final Map<String, Runnable> instead = new HashMap<>();

    IntegerProducts(Graph graph) {
        this.graph = graph;
        this.producers = graph.producers();
        this.readers = graph.consumers();
    }

    /** Writes a product in real numbers, or what reads it; false for any other node. */
    boolean write(Node node, CodedValues values) {
        Runnable replaced = instead.remove(node.name());
        if (replaced != null) {
            replaced.run();
            return true;
        }
        String real = REAL.get(node.operator());
        return real != null && product(node, real, values);
    }

    private boolean product(Node node, String real, CodedValues values) {
        Optional<Code> code = values.code(node.input(0)).filter(found -> sameZero(found.zero(), node.input(2)));
        List<Node> casts = readers.getOrDefault(node.output(), List.of());
        boolean cast = casts.stream()
                .allMatch(reader ->
                        reader.operator().equals("Cast") && reader.attributes().integer("to", 0) == FLOAT);
        if (code.isEmpty() || casts.isEmpty() || !cast || graph.outputs().contains(node.output())) {
            return false;
        }
        Value scale = code.get().scale();
        Optional<Scaling> scaling = casts.size() == 1 ? scaling(casts.get(0), scale) : Optional.empty();
        Value x = values.real(node.input(0), code.get());
        Value weightScale =
                scaling.map(Scaling::weights).orElseGet(() -> values.writer().scalar(1));
        long axis = real.equals("Conv")
                ? 0
                : graph.type(node.input(1)).orElseThrow().rank() - 1L;
        Value weights = values.real(node.input(1), new Code(flat(weightScale, values), node.input(3), axis));
        Attributes attributes = real.equals("Conv") ? node.attributes() : Attributes.NONE;
        Value product = values.like(node, real, attributes, x, weights);
        for (Node reader : casts) {
            Node last = scaling.map(Scaling::last).orElse(reader);
            instead.put(reader.name(), () -> {});
            instead.put(
                    last.name(),
                    scaling.isPresent()
                            ? () -> values.writer().into(last.output(), "Identity", Attributes.NONE, product)
                            : () -> values.writer().into(last.output(), "Div", Attributes.NONE, product, scale));
        }
        return true;
    }

    /** Weight scales {@code [M]}, {@code [M, 1, 1]} or scalar, as a vector. */
    private Value flat(Value scale, CodedValues values) {
        Tensor constant = graph.constant(scale).orElse(null);
        return constant == null || constant.rank() < 2
                ? scale
                : values.writer().constant(constant.reshape(constant.elements()));
    }

    private boolean sameZero(Value one, Value other) {
        return one.equals(other)
                || (!one.isPresent() && isZero(other))
                || (!other.isPresent() && isZero(one))
                || (graph.constant(one).isPresent() && graph.constant(one).equals(graph.constant(other)));
    }

    private boolean isZero(Value value) {
        return !value.isPresent()
                || graph.constant(value)
                        .filter(tensor -> tensor.equals(Tensor.zeros(tensor.elementType(), tensor.shape())))
                        .isPresent();
    }

    /**
     * A product of a cast by both scales.
     *
     * @param last the node whose output is the product
     * @param weights the constant scale of the weights
     */
    private record Scaling(Node last, Value weights) {}

    /** cast · (scale · weights): the only reader of the cast. */
    private Optional<Scaling> scaling(Node cast, Value scale) {
        List<Node> next = readers.getOrDefault(cast.output(), List.of());
        if (next.size() != 1
                || !next.get(0).operator().equals("Mul")
                || graph.outputs().contains(cast.output())) {
            return Optional.empty();
        }
        Node product = next.get(0);
        Value factor = product.input(0).equals(cast.output()) ? product.input(1) : product.input(0);
        Node scales = producers.get(factor);
        if (scales == null
                || !scales.operator().equals("Mul")
                || !scales.inputs().contains(scale)) {
            return Optional.empty();
        }
        Value weights = scales.input(0).equals(scale) ? scales.input(1) : scales.input(0);
        return graph.constant(weights).map(tensor -> new Scaling(product, weights));
    }
}
