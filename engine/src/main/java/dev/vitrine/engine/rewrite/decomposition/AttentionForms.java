package dev.vitrine.engine.rewrite.decomposition;

import dev.vitrine.engine.graph.Attributes;
import dev.vitrine.engine.graph.Node;
import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.rewrite.NodeWriter;
import dev.vitrine.engine.tensor.ElementType;
import dev.vitrine.engine.tensor.Tensor;
import java.util.List;
import java.util.Optional;

/**
 * softmax(scale · Q Kᵀ + mask) V, head by head, Q, K and V {@code f32[N,heads,tokens,size]}. Vaswani et al. 2017,
 * arXiv:1706.03762.
 *
 * <p>Not decomposed: past keys and values, soft capping, masks given as lengths, further outputs.
 */
final class AttentionForms {
    private static final Attributes NONE = Attributes.NONE;
    private static final long[] SWAPPED = {0, 2, 1, 3};

    private AttentionForms() {}

    /** Attention of opset 23: inputs Q, K, V and a mask; heads are an axis or lie within the last one. */
    static boolean standard(Node node, NodeWriter writer) {
        Attributes attributes = node.attributes();
        TensorType type = writer.type(node.input(0)).orElse(null);
        boolean plain = type != null
                && !anyPresent(node, 4, 6)
                && node.outputs().stream().skip(1).noneMatch(Value::isPresent)
                && attributes.real("softcap", 0) == 0;
        if (!plain) {
            return false;
        }
        boolean joined = type.rank() == 3;
        long heads = joined
                ? attributes.integer("q_num_heads", 0)
                : type.dimension(1).size();
        long keyHeads = joined
                ? attributes.integer("kv_num_heads", 0)
                : writer.type(node.input(1)).map(key -> key.dimension(1).size()).orElse(-1L);
        if (heads < 1 || keyHeads < 1 || heads % keyHeads != 0) {
            return false;
        }
        Parts parts = new Parts(
                joined ? split(node.input(0), heads, writer) : node.input(0),
                joined ? split(node.input(1), keyHeads, writer) : node.input(1),
                joined ? split(node.input(2), keyHeads, writer) : node.input(2));
        long size = joined
                ? divided(type.dimension(2).size(), heads)
                : type.dimension(3).size();
        long group = heads / keyHeads;
        if (group > 1) {
            parts = new Parts(
                    parts.query(),
                    repeated(parts.key(), heads, group, size, writer),
                    repeated(
                            parts.value(),
                            heads,
                            group,
                            writer.type(node.input(2))
                                    .map(value -> joined
                                            ? divided(value.dimension(2).size(), keyHeads)
                                            : value.dimension(3).size())
                                    .orElse(-1L),
                            writer));
        }
        boolean causal = attributes.integer("is_causal", 0) != 0;
        Optional<Value> order = causal ? causal(type, node.input(1), joined ? 1 : 2, writer) : Optional.empty();
        double scale = attributes.has("scale") ? attributes.real("scale", 1) : 1 / Math.sqrt(size);
        if (size < 1 || causal && order.isEmpty()) {
            return false;
        }
        write(node, parts, scale, mask(node.input(3), writer), order, joined, writer);
        return true;
    }

    /**
     * MultiHeadAttention of ONNX Runtime: inputs Q, K, V with heads within the last axis, a joint bias, and an additive
     * mask.
     */
    static boolean multiHead(Node node, NodeWriter writer) {
        TensorType type = writer.type(node.input(0)).orElse(null);
        long heads = node.attributes().integer("num_heads", 0);
        boolean plain = type != null
                && type.rank() == 3
                && writer.type(node.input(1)).filter(key -> key.rank() == 3).isPresent()
                && node.input(2).isPresent()
                && !node.input(4).isPresent()
                && !anyPresent(node, 6, 9)
                && node.outputs().stream().skip(1).noneMatch(Value::isPresent);
        if (!plain || !type.dimension(2).isFixed()) {
            return false;
        }
        List<Value> inputs = node.inputs().subList(0, 3);
        if (node.input(3).isPresent()) {
            long hidden = type.dimension(2).size();
            long values = writer.type(node.input(2)).orElseThrow().dimension(2).size();
            List<Value> biases = writer.nodes(
                    "Split", 3, NONE.with("axis", 0L), node.input(3), writer.vector(hidden, hidden, values));
            inputs = List.of(
                    writer.node("Add", inputs.get(0), biases.get(0)),
                    writer.node("Add", inputs.get(1), biases.get(1)),
                    writer.node("Add", inputs.get(2), biases.get(2)));
        }
        return ofHeads(node, inputs, heads, type.dimension(2).size(), type, node.input(1), writer);
    }

    /** Attention of ONNX Runtime: one input, packed weights and bias for Q, K and V, and an additive mask. */
    static boolean selfAttention(Node node, NodeWriter writer) {
        TensorType type = writer.type(node.input(0)).orElse(null);
        TensorType weights = writer.type(node.input(1)).orElse(null);
        boolean plain = type != null
                && weights != null
                && weights.isStatic()
                && !node.input(3).isPresent()
                && !node.input(4).isPresent()
                && !node.input(6).isPresent()
                && node.attributes().integer("do_rotary", 0) == 0
                && node.outputs().stream().skip(1).noneMatch(Value::isPresent);
        if (!plain) {
            return false;
        }
        long third = weights.dimension(1).size() / 3;
        long[] sizes = node.attributes().integers("qkv_hidden_sizes", third, third, third);
        Value product = writer.node("MatMul", node.input(0), node.input(1));
        if (node.input(2).isPresent()) {
            product = writer.node("Add", product, node.input(2));
        }
        List<Value> parts = writer.nodes("Split", 3, NONE.with("axis", 2L), product, writer.vector(sizes));
        return ofHeads(node, parts, node.attributes().integer("num_heads", 0), sizes[0], type, node.input(0), writer);
    }

    private static boolean ofHeads(
            Node node, List<Value> inputs, long heads, long hidden, TensorType query, Value key, NodeWriter writer) {
        boolean causal = node.attributes().integer("unidirectional", 0) != 0;
        Optional<Value> order = causal ? causal(query, key, 1, writer) : Optional.empty();
        if (heads < 1 || causal && order.isEmpty()) {
            return false;
        }
        Parts parts = new Parts(
                split(inputs.get(0), heads, writer),
                split(inputs.get(1), heads, writer),
                split(inputs.get(2), heads, writer));
        float stated = node.attributes().real("scale", 0);
        double scale = stated != 0 ? stated : 1 / Math.sqrt((double) hidden / heads);
        write(node, parts, scale, mask(node.input(5), writer), order, true, writer);
        return true;
    }

    private record Parts(Value query, Value key, Value value) {}

    private static boolean anyPresent(Node node, int from, int to) {
        for (int i = from; i <= to; i++) {
            if (node.input(i).isPresent()) {
                return true;
            }
        }
        return false;
    }

    private static long divided(long size, long parts) {
        return size < 0 ? -1 : size / parts;
    }

    /** {@code [N,tokens,heads·size]} as {@code [N,heads,tokens,size]}. */
    private static Value split(Value value, long heads, NodeWriter writer) {
        Value apart = writer.node("Reshape", value, writer.vector(0, 0, heads, -1));
        return writer.node("Transpose", NONE.with("perm", SWAPPED), apart);
    }

    /** Repeats each head {@code group} times in a row. */
    private static Value repeated(Value value, long heads, long group, long size, NodeWriter writer) {
        Value apart = writer.node("Unsqueeze", value, writer.vector(2));
        Value wide = writer.node("Expand", apart, writer.vector(1, 1, group, 1, 1));
        return writer.node("Reshape", wide, writer.vector(0, heads, -1, size));
    }

    /** The additive mask: −∞ where a boolean mask is false. */
    private static Value mask(Value given, NodeWriter writer) {
        boolean truth = given.isPresent()
                && writer.type(given)
                        .filter(type -> type.elementType() == ElementType.BOOL)
                        .isPresent();
        return truth ? writer.node("Where", given, writer.scalar(0), writer.scalar(Double.NEGATIVE_INFINITY)) : given;
    }

    /**
     * The causal mask {@code f32[queries,keys]}: −∞ where a key comes after the query; empty if their numbers are open.
     */
    private static Optional<Value> causal(TensorType query, Value key, int axis, NodeWriter writer) {
        int queries = (int) query.dimension(axis).size();
        int keys =
                writer.type(key).map(type -> (int) type.dimension(axis).size()).orElse(-1);
        if (queries < 1 || keys < 1) {
            return Optional.empty();
        }
        float[] order = new float[queries * keys];
        for (int i = 0; i < queries; i++) {
            for (int j = i + 1; j < keys; j++) {
                order[i * keys + j] = Float.NEGATIVE_INFINITY;
            }
        }
        return Optional.of(writer.constant(Tensor.floats(order, queries, keys)));
    }

    private static void write(
            Node node,
            Parts parts,
            double scale,
            Value mask,
            Optional<Value> order,
            boolean joined,
            NodeWriter writer) {
        Value turned = writer.node("Transpose", NONE.with("perm", new long[] {0, 1, 3, 2}), parts.key());
        Value scores = writer.node("MatMul", writer.node("Mul", parts.query(), writer.scalar(scale)), turned);
        if (mask.isPresent()) {
            scores = writer.node("Add", scores, mask);
        }
        if (order.isPresent()) {
            scores = writer.node("Add", scores, order.get());
        }
        Value shares = writer.node("Softmax", NONE.with("axis", -1L), scores);
        if (!joined) {
            writer.into(node.output(), "MatMul", NONE, shares, parts.value());
            return;
        }
        Value heads = writer.node("MatMul", shares, parts.value());
        Value apart = writer.node("Transpose", NONE.with("perm", SWAPPED), heads);
        writer.into(node.output(), "Reshape", NONE, apart, writer.vector(0, 0, -1));
    }
}
