package dev.vitrine.engine.rewrite.quantization;

import dev.vitrine.engine.graph.Attributes;
import dev.vitrine.engine.graph.Node;
import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The floating-point form of each quantized operator, one entry per operator. */
final class QuantizedForms {
    /** Writes a node's floating-point form, or leaves the node as it is. */
    @FunctionalInterface
    interface Form {
        /** Whether it was written. */
        boolean write(Node node, CodedValues values);
    }

    static final Map<String, Form> ALL = new HashMap<>();

    private QuantizedForms() {}

    static {
        ALL.put("QLinearConv", QuantizedForms::convolution);
        ALL.put("QLinearMatMul", QuantizedForms::matrixProduct);
        ALL.put("com.microsoft.QLinearMatMul", QuantizedForms::matrixProduct);
        ALL.put("com.microsoft.QGemm", QuantizedForms::gemm);
        for (String pair : List.of("Add", "Mul")) {
            ALL.put("com.microsoft.QLinear" + pair, (node, values) -> pair(pair, node, values));
        }
        for (String single : List.of("AveragePool", "GlobalAveragePool", "Sigmoid", "LeakyRelu")) {
            ALL.put("com.microsoft.QLinear" + single, (node, values) -> single(single, node, values));
        }
        ALL.put("com.microsoft.QLinearSoftmax", QuantizedForms::softmax);
        ALL.put("com.microsoft.QLinearConcat", QuantizedForms::concat);
        ALL.put("com.microsoft.QLinearWhere", QuantizedForms::where);
        ALL.put("com.microsoft.QuantizeLinear", QuantizedForms::quantize);
        ALL.put("com.microsoft.DequantizeLinear", QuantizedForms::dequantize);
        ALL.put("com.microsoft.MatMulIntegerToFloat", QuantizedForms::matrixProductToReal);
        ALL.put("com.microsoft.DynamicQuantizeMatMul", QuantizedForms::dynamicMatrixProduct);
    }

    /** Inputs x, w and y with scale and zero each, then an int32 bias of scale x · w. */
    private static boolean convolution(Node node, CodedValues values) {
        Value weights = values.real(node.input(3), new Code(node.input(4), node.input(5), 0));
        Value bias = bias(node.input(8), node.input(1), node.input(4), values);
        Value y = values.like(node, "Conv", node.attributes(), values.real(node, 0), weights, bias);
        values.quantize(y, node.output(), node.input(6), node.input(7));
        return true;
    }

    /** scale x · scale w · bias, the products in one vector. */
    private static Value bias(Value whole, Value scale, Value weightScale, CodedValues values) {
        if (!whole.isPresent()) {
            return Value.NONE;
        }
        Value real = values.writer().node("Cast", Attributes.NONE.with("to", 1L), whole);
        return values.writer().node("Mul", real, values.writer().node("Mul", scale, weightScale));
    }

    private static boolean matrixProduct(Node node, CodedValues values) {
        if (!isSingle(node.input(1), values)) {
            return false;
        }
        Value y = values.like(node, "MatMul", Attributes.NONE, values.real(node, 0), columns(node, 3, values));
        values.quantize(y, node.output(), node.input(6), node.input(7));
        return true;
    }

    /** A matrix whose scale, if a vector, is per column. */
    private static Value columns(Node node, int at, CodedValues values) {
        long last = values.writer().type(node.input(at)).map(TensorType::rank).orElse(2) - 1L;
        return values.real(node.input(at), new Code(node.input(at + 1), node.input(at + 2), last));
    }

    private static boolean isSingle(Value scale, CodedValues values) {
        return values.writer()
                .type(scale)
                .filter(type -> type.isStatic() && Tensor.elements(type.shape()) == 1)
                .isPresent();
    }

    private static boolean gemm(Node node, CodedValues values) {
        long transposed = node.attributes().integer("transB", 0);
        Code code = new Code(node.input(4), node.input(5), transposed == 0 ? 1 : 0);
        float alpha = node.attributes().real("alpha", 1);
        Value bias = bias(node.input(6), node.input(1), node.input(4), values);
        Attributes attributes = node.attributes().with("beta", alpha);
        Value y = values.like(node, "Gemm", attributes, values.real(node, 0), values.real(node.input(3), code), bias);
        return quantizedOrReal(y, node, 7, values);
    }

    /** Quantized to the scale and zero at a position, or real where they are omitted. */
    private static boolean quantizedOrReal(Value y, Node node, int at, CodedValues values) {
        if (node.input(at).isPresent()) {
            values.quantize(y, node.output(), node.input(at), node.input(at + 1));
        } else {
            values.writer().into(node.output(), "Identity", Attributes.NONE, y);
        }
        return true;
    }

    private static boolean pair(String opType, Node node, CodedValues values) {
        Value y = values.like(node, opType, Attributes.NONE, values.real(node, 0), values.real(node, 3));
        values.quantize(y, node.output(), node.input(6), node.input(7));
        return true;
    }

    private static boolean single(String opType, Node node, CodedValues values) {
        boolean channelsLast = node.attributes().integer("channels_last", 0) != 0;
        Value x = values.real(node, 0);
        int rank = values.writer().type(node.input(0)).map(TensorType::rank).orElse(4);
        Value y = values.like(
                node,
                opType,
                node.attributes().without("channels_last"),
                channelsLast ? transposed(x, channelsFirst(rank), values) : x);
        values.quantize(
                channelsLast ? transposed(y, channelsLast(rank), values) : y,
                node.output(),
                node.input(3),
                node.input(4));
        return true;
    }

    private static Value transposed(Value value, long[] permutation, CodedValues values) {
        return values.writer().node("Transpose", Attributes.NONE.with("perm", permutation), value);
    }

    private static long[] channelsFirst(int rank) {
        long[] permutation = new long[rank];
        for (int axis = 1; axis < rank; axis++) {
            permutation[axis] = axis == 1 ? rank - 1 : axis - 1;
        }
        return permutation;
    }

    private static long[] channelsLast(int rank) {
        long[] permutation = new long[rank];
        for (int axis = 1; axis < rank; axis++) {
            permutation[axis] = axis == rank - 1 ? 1 : axis + 1;
        }
        return permutation;
    }

    /**
     * QLinearSoftmax below opset 13 normalizes over all axes from {@code axis} on; written only where that is the last.
     */
    private static boolean softmax(Node node, CodedValues values) {
        long axis = node.attributes().integer("axis", -1);
        int rank = values.writer().type(node.input(0)).map(TensorType::rank).orElse(0);
        boolean last = axis == -1 || axis == rank - 1;
        if (node.attributes().integer("opset", 13) < 13 && !last) {
            return false;
        }
        Value y = values.like(node, "Softmax", Attributes.NONE.with("axis", axis), values.real(node, 0));
        values.quantize(y, node.output(), node.input(3), node.input(4));
        return true;
    }

    /** Scale and zero of the result, then value, scale and zero of each part. */
    private static boolean concat(Node node, CodedValues values) {
        List<Value> parts = new ArrayList<>();
        for (int at = 2; at < node.inputs().size(); at += 3) {
            parts.add(values.real(node, at));
        }
        Value y = values.like(node, "Concat", node.attributes(), parts.toArray(Value[]::new));
        values.quantize(y, node.output(), node.input(0), node.input(1));
        return true;
    }

    private static boolean where(Node node, CodedValues values) {
        Value y =
                values.like(node, "Where", Attributes.NONE, node.input(0), values.real(node, 1), values.real(node, 4));
        values.quantize(y, node.output(), node.input(7), node.input(8));
        return true;
    }

    private static boolean quantize(Node node, CodedValues values) {
        values.writer()
                .add(new Node(node.name(), "", "QuantizeLinear", node.inputs(), node.outputs(), node.attributes()));
        values.declare(
                node.output(),
                new Code(node.input(1), node.input(2), node.attributes().integer("axis", 1)));
        return true;
    }

    private static boolean dequantize(Node node, CodedValues values) {
        values.writer()
                .add(new Node(node.name(), "", "DequantizeLinear", node.inputs(), node.outputs(), node.attributes()));
        return true;
    }

    /** a, b, scale a, scale b, zero a, zero b, bias in real numbers. */
    private static boolean matrixProductToReal(Node node, CodedValues values) {
        if (!isSingle(node.input(2), values)) {
            return false;
        }
        Value a = values.real(node.input(0), new Code(node.input(2), node.input(4)));
        long last = values.writer().type(node.input(1)).map(TensorType::rank).orElse(2) - 1L;
        Value b = values.real(node.input(1), new Code(node.input(3), node.input(5), last));
        biased(values.like(node, "MatMul", Attributes.NONE, a, b), node, 6, values);
        return true;
    }

    private static void biased(Value product, Node node, int bias, CodedValues values) {
        if (node.input(bias).isPresent()) {
            values.writer().into(node.output(), "Add", Attributes.NONE, product, node.input(bias));
        } else {
            values.writer().into(node.output(), "Identity", Attributes.NONE, product);
        }
    }

    /** a in real numbers, b, scale b, zero b, bias. */
    private static boolean dynamicMatrixProduct(Node node, CodedValues values) {
        List<Value> coded = values.writer().nodes("DynamicQuantizeLinear", 3, Attributes.NONE, node.input(0));
        Value a = values.real(coded.get(0), new Code(coded.get(1), coded.get(2)));
        Value b = columns(node, 1, values);
        biased(values.like(node, "MatMul", Attributes.NONE, a, b), node, 4, values);
        return true;
    }
}
