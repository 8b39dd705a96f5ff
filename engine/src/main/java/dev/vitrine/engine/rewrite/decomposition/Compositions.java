package dev.vitrine.engine.rewrite.decomposition;

import dev.vitrine.engine.graph.AttributeValue;
import dev.vitrine.engine.graph.Attributes;
import dev.vitrine.engine.graph.Node;
import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.rewrite.NodeWriter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.LongStream;

/** The decomposition of each compound operator, one entry per operator. */
final class Compositions {
    static final Map<String, Composition> ALL = new HashMap<>();

    private static final Attributes NONE = Attributes.NONE;
    private static final Set<String> PLAIN_ACTIVATIONS = Set.of("Relu", "Sigmoid", "Tanh");

    private Compositions() {}

    static {
        for (String recurrent : List.of("LSTM", "GRU", "RNN")) {
            ALL.put(recurrent, Recurrence::write);
        }
        ALL.put("Attention", AttentionForms::standard);
        ALL.put("com.microsoft.MultiHeadAttention", AttentionForms::multiHead);
        ALL.put("com.microsoft.Attention", AttentionForms::selfAttention);
        ALL.put("RotaryEmbedding", Compositions::rotary);
        ALL.put("GlobalLpPool", Compositions::globalNorm);
        ALL.put("ReverseSequence", Compositions::reverse);
        ALL.put("com.microsoft.Gelu", (node, writer) -> same("Gelu", NONE, node, writer));
        ALL.put("com.microsoft.FastGelu", Compositions::fastGelu);
        ALL.put("com.microsoft.BiasGelu", Compositions::biasGelu);
        ALL.put("com.microsoft.QuickGelu", Compositions::quickGelu);
        ALL.put("com.microsoft.FusedConv", Compositions::fusedConvolution);
        ALL.put("com.microsoft.FusedGemm", Compositions::fusedGemm);
        ALL.put("com.microsoft.FusedMatMul", Compositions::fusedProduct);
        ALL.put("com.microsoft.TransposeMatMul", Compositions::fusedProduct);
        ALL.put("SimplifiedLayerNormalization", Compositions::simplifiedLayerNormalization);
        ALL.put("com.microsoft.SkipSimplifiedLayerNormalization", Compositions::skipSimplified);
        ALL.put("com.microsoft.SkipLayerNormalization", Compositions::skipLayerNormalization);
    }

    private static boolean same(String opType, Attributes attributes, Node node, NodeWriter writer) {
        writer.into(node.output(), opType, attributes, node.inputs().toArray(Value[]::new));
        return true;
    }

    private static int rank(Value value, NodeWriter writer) {
        return writer.type(value).map(TensorType::rank).orElse(-1);
    }

    /** y = (Σ|x|ᵖ)^(1/p) over all places of a channel. */
    private static boolean globalNorm(Node node, NodeWriter writer) {
        int rank = rank(node.input(0), writer);
        long p = node.attributes().integer("p", 2);
        if (rank < 3 || p < 1 || p > 2) {
            return false;
        }
        Value places = writer.vector(LongStream.range(2, rank).toArray());
        writer.into(node.output(), p == 1 ? "ReduceL1" : "ReduceL2", NONE.with("keepdims", 1L), node.input(0), places);
        return true;
    }

    /** ReverseSequence where all sequences have full length: the steps in reverse order. */
    private static boolean reverse(Node node, NodeWriter writer) {
        long time = node.attributes().integer("time_axis", 0);
        long length = writer.type(node.input(0))
                .map(type -> type.dimension((int) time).size())
                .orElse(-1L);
        boolean whole = length > 0
                && writer.constantOf(node.input(1))
                        .filter(lengths -> LongStream.of(lengths.toLongs()).allMatch(each -> each == length))
                        .isPresent();
        if (whole) {
            writer.into(
                    node.output(),
                    "Slice",
                    NONE,
                    node.input(0),
                    writer.vector(-1),
                    writer.vector(Long.MIN_VALUE + 1),
                    writer.vector(time),
                    writer.vector(-1));
        }
        return whole;
    }

    private static boolean fastGelu(Node node, NodeWriter writer) {
        Value x = node.input(1).isPresent() ? writer.node("Add", node.input(0), node.input(1)) : node.input(0);
        writer.into(node.output(), "Gelu", NONE.with("approximate", "tanh"), x);
        return true;
    }

    private static boolean biasGelu(Node node, NodeWriter writer) {
        writer.into(node.output(), "Gelu", NONE, writer.node("Add", node.input(0), node.input(1)));
        return true;
    }

    /** y = x · sigmoid(alpha · x). */
    private static boolean quickGelu(Node node, NodeWriter writer) {
        Value scaled = writer.node(
                "Mul", node.input(0), writer.scalar(node.attributes().real("alpha", 1.702f)));
        writer.into(node.output(), "Mul", NONE, node.input(0), writer.node("Sigmoid", scaled));
        return true;
    }

    /** FusedConv: a convolution, a sum with an optional fourth input, an activation. */
    private static boolean fusedConvolution(Node node, NodeWriter writer) {
        if (!isKnown(node)) {
            return false;
        }
        Attributes attributes = node.attributes().without("activation").without("activation_params");
        Value y = writer.fresh(node.output().name() + "/linear");
        writer.add(new Node(
                node.name(),
                "",
                "Conv",
                node.inputs().subList(0, Math.min(3, node.inputs().size())).stream()
                        .filter(Value::isPresent)
                        .toList(),
                List.of(y),
                attributes));
        activated(node, node.input(3).isPresent() ? writer.node("Add", y, node.input(3)) : y, writer);
        return true;
    }

    private static boolean fusedGemm(Node node, NodeWriter writer) {
        if (!isKnown(node)) {
            return false;
        }
        Attributes attributes = NONE;
        for (Map.Entry<String, AttributeValue> entry :
                node.attributes().values().entrySet()) {
            if (!entry.getKey().startsWith("activation")) {
                attributes = attributes.with(entry.getKey(), entry.getValue());
            }
        }
        Value y = writer.fresh(node.output().name() + "/linear");
        writer.add(new Node(node.name(), "", "Gemm", node.inputs(), List.of(y), attributes));
        activated(node, y, writer);
        return true;
    }

    private static boolean isKnown(Node node) {
        String activation = node.attributes().text("activation", "");
        return activation.isEmpty()
                || PLAIN_ACTIVATIONS.contains(activation)
                || activation.equals("LeakyRelu")
                || activation.equals("HardSigmoid")
                || activation.equals("Clip");
    }

    private static void activated(Node node, Value y, NodeWriter writer) {
        String activation = node.attributes().text("activation", "");
        switch (activation) {
            case "" -> writer.into(node.output(), "Identity", NONE, y);
            case "LeakyRelu" -> writer.into(node.output(), activation, NONE.with("alpha", parameter(node, 0, .01f)), y);
            case "HardSigmoid" ->
                writer.into(
                        node.output(),
                        activation,
                        NONE.with("alpha", parameter(node, 0, .2f)).with("beta", parameter(node, 1, .5f)),
                        y);
            case "Clip" ->
                writer.into(
                        node.output(),
                        activation,
                        NONE,
                        y,
                        writer.scalar(parameter(node, 0, -Float.MAX_VALUE)),
                        writer.scalar(parameter(node, 1, Float.MAX_VALUE)));
            default -> writer.into(node.output(), activation, NONE, y);
        }
    }

    private static float parameter(Node node, int index, float fallback) {
        String[] names = {"activation_alpha", "activation_beta"};
        if (node.attributes().values().get("activation_params") instanceof AttributeValue.OfFloats given
                && index < given.values().size()) {
            return given.values().get(index);
        }
        return node.attributes().real(names[index], fallback);
    }

    /** y = alpha · A' B', where ' transposes the last two axes. */
    private static boolean fusedProduct(Node node, NodeWriter writer) {
        Attributes attributes = node.attributes();
        int rankA = rank(node.input(0), writer);
        int rankB = rank(node.input(1), writer);
        boolean batches = attributes.integer("transBatchA", 0) != 0 || attributes.integer("transBatchB", 0) != 0;
        if (batches || rankA < 2 || rankB < 2) {
            return false;
        }
        Value a = swapped(node.input(0), rankA, attributes.integer("transA", 0), writer);
        Value b = swapped(node.input(1), rankB, attributes.integer("transB", 0), writer);
        float alpha = attributes.real("alpha", 1);
        if (alpha == 1) {
            writer.into(node.output(), "MatMul", NONE, a, b);
        } else {
            writer.into(node.output(), "Mul", NONE, writer.node("MatMul", a, b), writer.scalar(alpha));
        }
        return true;
    }

    private static Value swapped(Value value, int rank, long swaps, NodeWriter writer) {
        if (swaps == 0) {
            return value;
        }
        long[] permutation = LongStream.range(0, rank).toArray();
        permutation[rank - 1] = rank - 2L;
        permutation[rank - 2] = rank - 1L;
        return writer.node("Transpose", NONE.with("perm", permutation), value);
    }

    /** Input + skip + bias, which is the fourth output too. */
    private static Value skipped(Node node, Value bias, NodeWriter writer) {
        Value sum = writer.node("Add", node.input(0), node.input(1));
        if (bias.isPresent()) {
            sum = writer.node("Add", sum, bias);
        }
        if (node.output(3).isPresent()) {
            writer.into(node.output(3), "Identity", NONE, sum);
        }
        return sum;
    }

    /** Layer normalization of input + skip + bias. */
    private static boolean skipLayerNormalization(Node node, NodeWriter writer) {
        if (node.output(1).isPresent() || node.output(2).isPresent()) {
            return false;
        }
        Value sum = skipped(node, node.input(4), writer);
        Attributes attributes =
                NONE.with("axis", -1L).with("epsilon", node.attributes().real("epsilon", 1e-12f));
        writer.into(node.output(), "LayerNormalization", attributes, sum, node.input(2), node.input(3));
        return true;
    }

    /** y = x / √(mean x² + ε) · scale, of input or of input + skip + bias. */
    private static boolean simplified(Value x, Value scale, float epsilon, Node node, NodeWriter writer) {
        Attributes kept = NONE.with("keepdims", 1L);
        Value mean = writer.node("ReduceMean", kept, writer.node("Mul", x, x), writer.vector(-1));
        Value root = writer.node("Sqrt", writer.node("Add", mean, writer.scalar(epsilon)));
        writer.into(node.output(), "Mul", NONE, writer.node("Div", x, root), scale);
        return true;
    }

    private static boolean simplifiedLayerNormalization(Node node, NodeWriter writer) {
        long axis = node.attributes().integer("axis", -1);
        boolean last = axis == -1 || axis == rank(node.input(0), writer) - 1;
        return last
                && !node.output(1).isPresent()
                && simplified(node.input(0), node.input(1), node.attributes().real("epsilon", 1e-5f), node, writer);
    }

    private static boolean skipSimplified(Node node, NodeWriter writer) {
        if (node.output(1).isPresent() || node.output(2).isPresent()) {
            return false;
        }
        Value sum = skipped(node, node.input(3), writer);
        return simplified(sum, node.input(2), node.attributes().real("epsilon", 1e-12f), node, writer);
    }

    /**
     * Rotary embedding: pairs rotated by the angle of their position, (a cos − b sin, a sin + b cos). Su et al. 2021,
     * arXiv:2104.09864.
     */
    private static boolean rotary(Node node, NodeWriter writer) {
        Attributes attributes = node.attributes();
        Value x = node.input(0);
        boolean joined = rank(x, writer) == 3;
        long heads = attributes.integer("num_heads", 0);
        if (attributes.integer("rotary_embedding_dim", 0) != 0 || joined && heads < 1) {
            return false;
        }
        Attributes swapped = NONE.with("perm", new long[] {0, 2, 1, 3});
        Value turned = joined
                ? writer.node("Transpose", swapped, writer.node("Reshape", x, writer.vector(0, 0, heads, -1)))
                : x;
        boolean interleaved = attributes.integer("interleaved", 0) != 0;
        Value pairs = interleaved ? writer.node("Reshape", turned, writer.vector(0, 0, 0, -1, 2)) : turned;
        List<Value> parts = writer.nodes("Split", 2, NONE.with("axis", -1L).with("num_outputs", 2L), pairs);
        Value axes = interleaved ? writer.vector(1, 4) : writer.vector(1);
        Value cosine = angles(node.input(1), node, axes, writer);
        Value sine = angles(node.input(2), node, axes, writer);
        Value first =
                writer.node("Sub", writer.node("Mul", parts.get(0), cosine), writer.node("Mul", parts.get(1), sine));
        Value second =
                writer.node("Add", writer.node("Mul", parts.get(0), sine), writer.node("Mul", parts.get(1), cosine));
        Value both = writer.node("Concat", NONE.with("axis", -1L), first, second);
        if (interleaved) {
            both = writer.node("Reshape", both, writer.vector(0, 0, 0, -1));
        }
        if (joined) {
            writer.into(
                    node.output(), "Reshape", NONE, writer.node("Transpose", swapped, both), writer.vector(0, 0, -1));
        } else {
            writer.into(node.output(), "Identity", NONE, both);
        }
        return true;
    }

    /** {@code [N,1,tokens,size/2]}, with a last axis of 1 where pairs are interleaved. */
    private static Value angles(Value cache, Node node, Value axes, NodeWriter writer) {
        Value each = node.input(3).isPresent() ? writer.node("Gather", cache, node.input(3)) : cache;
        return writer.node("Unsqueeze", each, axes);
    }
}
