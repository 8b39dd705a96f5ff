package dev.vitrine.engine.rewrite.quantization;

import dev.vitrine.engine.graph.Attributes;
import dev.vitrine.engine.graph.Node;
import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.rewrite.NodeWriter;
import dev.vitrine.engine.tensor.ElementType;
import dev.vitrine.engine.tensor.Tensor;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The quantized values of a graph while it is rewritten: their parameters and their real forms. */
final class CodedValues {
    private record Reading(Value value, Code code) {}

    private final NodeWriter writer;
    private final Map<Value, Code> codes = new HashMap<>();
    private final Map<Reading, Value> reals = new HashMap<>();

    CodedValues(NodeWriter writer) {
        this.writer = writer;
    }

    NodeWriter writer() {
        return writer;
    }

    void declare(Value value, Code code) {
        codes.put(value, code);
    }

    Optional<Code> code(Value value) {
        return Optional.ofNullable(codes.get(value));
    }

    /** The real form of a quantized value. */
    Value real(Value value, Code code) {
        return reals.computeIfAbsent(
                new Reading(value, code),
                key -> writer.node(
                        "DequantizeLinear",
                        Attributes.NONE.with("axis", code.axis()),
                        value,
                        code.scale(),
                        zeroFor(code)));
    }

    /** A zero point for each scale, where one serves all. */
    private Value zeroFor(Code code) {
        Optional<Tensor> zero = writer.constantOf(code.zero()).filter(tensor -> tensor.elements() == 1);
        long[] scales = writer.type(code.scale()).map(TensorType::shape).orElse(new long[0]);
        if (zero.isEmpty() || scales.length != 1 || scales[0] < 2) {
            return code.zero();
        }
        ByteBuffer bytes = Tensor.allocate(zero.get().elementType(), scales);
        while (bytes.hasRemaining()) {
            bytes.put(zero.get().bytes());
        }
        return writer.constant(Tensor.wrap(zero.get().elementType(), scales, bytes.flip()));
    }

    /** Three inputs from a position on: a value, its scale, its zero. */
    Value real(Node node, int at) {
        return real(node.input(at), new Code(node.input(at + 1), node.input(at + 2)));
    }

    /** Quantizes a real value to an output of the old graph. */
    void quantize(Value real, Value output, Value scale, Value zero) {
        Value stated = zero.isPresent() ? zero : zeroLike(output);
        Code code = new Code(scale, stated);
        writer.into(output, "QuantizeLinear", Attributes.NONE, real, scale, stated);
        declare(output, code);
    }

    private Value zeroLike(Value value) {
        ElementType type = writer.type(value).map(TensorType::elementType).orElse(ElementType.UINT8);
        return writer.constant(Tensor.zeros(type));
    }

    /** A node of a standard operator under the name and attributes of another, with one fresh output. */
    Value like(Node node, String opType, Attributes attributes, Value... inputs) {
        Value output = writer.fresh(node.output().name() + "/real");
        writer.add(new Node(node.name(), "", opType, Node.given(inputs), List.of(output), attributes));
        return output;
    }
}
