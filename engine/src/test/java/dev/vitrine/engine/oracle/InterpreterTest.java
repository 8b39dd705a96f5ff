package dev.vitrine.engine.oracle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.vitrine.engine.graph.Attributes;
import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.GraphBuilder;
import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.oracle.NDArray.Kind;
import dev.vitrine.engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Holds every operator of the interpreter against ONNX Runtime, which computes in single precision. */
class InterpreterTest {
    private static final Attributes NONE = Attributes.NONE;
    private static final NDArray ABSENT = NDArray.zeros(0);

    /** One node: real inputs are fed, integers and truths are constants. */
    record Case(String opType, int outputs, Attributes attributes, List<NDArray> inputs) {
        @Override
        public String toString() {
            return opType
                    + attributes.values()
                    + inputs.stream().map(x -> Arrays.toString(x.shape())).toList();
        }
    }

    private static final List<Case> CASES = new ArrayList<>();
    private static final Random RANDOM = new Random(5);

    private static void one(String opType, Attributes attributes, NDArray... inputs) {
        CASES.add(new Case(opType, 1, attributes, List.of(inputs)));
    }

    private static void many(String opType, int outputs, Attributes attributes, NDArray... inputs) {
        CASES.add(new Case(opType, outputs, attributes, List.of(inputs)));
    }

    private static Attributes with(String name, long... values) {
        return NONE.with(name, values);
    }

    private static NDArray real(long... shape) {
        return map(NDArray.normal(RANDOM, shape), x -> (float) x);
    }

    private static NDArray positive(long... shape) {
        return map(real(shape), x -> (float) (Math.abs(x) + .1));
    }

    /** Few different values, so that many tie. */
    private static NDArray tied(long... shape) {
        return map(real(shape), Math::rint);
    }

    private static NDArray truth(long... shape) {
        return map(real(shape), x -> x > 0 ? 1 : 0).withKind(Kind.BOOLEAN);
    }

    private static NDArray numbers(long... values) {
        return NDArray.integers(values);
    }

    private static NDArray reals(double... values) {
        return new NDArray(values, values.length);
    }

    private static NDArray number(long value) {
        return numbers(value).reshape();
    }

    private static NDArray map(NDArray x, DoubleUnaryOperator function) {
        return new NDArray(Arrays.stream(x.data()).map(function).toArray(), x.shape(), x.kind());
    }

    static {
        convolutions();
        products();
        pools();
        normalizations();
        elementwise();
        reductions();
        movements();
        resizes();
        indexing();
    }

    private static void convolutions() {
        NDArray image = real(2, 4, 7, 6);
        NDArray kernel = real(6, 4, 3, 2);
        one("Conv", NONE, image, kernel);
        one("Conv", NONE, image, kernel, real(6));
        one("Conv", with("strides", 2, 3).with("pads", new long[] {1, 0, 2, 1}), image, kernel, real(6));
        one("Conv", with("dilations", 2, 3).with("pads", new long[] {2, 1, 0, 1}), image, kernel);
        one("Conv", NONE.with("group", 2), image, real(6, 2, 3, 3));
        one("Conv", NONE.with("group", 4).with("pads", new long[] {1, 1, 1, 1}), image, real(8, 1, 3, 3), real(8));
        for (String pad : List.of("SAME_UPPER", "SAME_LOWER", "VALID")) {
            one("Conv", NONE.with("auto_pad", pad).with("strides", new long[] {2, 2}), image, kernel);
            one(
                    "ConvTranspose",
                    NONE.with("auto_pad", pad).with("strides", new long[] {2, 3}),
                    image,
                    real(4, 2, 3, 4));
            one(
                    "MaxPool",
                    NONE.with("auto_pad", pad)
                            .with("kernel_shape", new long[] {3, 2})
                            .with("strides", new long[] {2, 2}),
                    image);
            one(
                    "AveragePool",
                    NONE.with("auto_pad", pad)
                            .with("kernel_shape", new long[] {3, 2})
                            .with("strides", new long[] {2, 2}),
                    image);
        }
        one("Conv", with("strides", 2).with("pads", new long[] {1, 2}), real(2, 3, 9), real(4, 3, 3), real(4));
        one("Conv", with("strides", 1, 2, 1), real(1, 2, 4, 5, 6), real(3, 2, 2, 3, 2));
        NDArray small = real(2, 4, 3, 4);
        NDArray up = real(4, 3, 3, 2);
        one("ConvTranspose", NONE, small, up);
        one("ConvTranspose", with("strides", 2, 3).with("pads", new long[] {1, 0, 0, 1}), small, up, real(3));
        one("ConvTranspose", with("strides", 3, 2).with("output_padding", new long[] {2, 1}), small, up);
        one("ConvTranspose", with("strides", 2, 2).with("dilations", new long[] {2, 3}), small, up);
        one("ConvTranspose", with("strides", 3, 3).with("output_shape", new long[] {10, 8}), small, up);
        one("ConvTranspose", NONE.with("group", 2).with("strides", new long[] {2, 2}), small, up, real(6));
        one("ConvTranspose", with("strides", 2).with("pads", new long[] {1, 1}), real(2, 3, 5), real(3, 2, 3));
        one("Col2Im", NONE, real(2, 2 * 6, 20), numbers(6, 6), numbers(2, 3));
        one(
                "Col2Im",
                with("strides", 2, 1).with("pads", new long[] {1, 0, 1, 1}).with("dilations", new long[] {1, 2}),
                real(1, 2 * 4, 4 * 5),
                numbers(6, 6),
                numbers(2, 2));
    }

    private static void products() {
        one("Gemm", NONE, real(3, 4), real(4, 5));
        one("Gemm", NONE.with("transA", 1).with("alpha", .5f), real(4, 3), real(4, 5), real(5));
        one("Gemm", NONE.with("transB", 1).with("beta", 2f), real(3, 4), real(5, 4), real(3, 1));
        one("MatMul", NONE, real(3, 4), real(4, 5));
        one("MatMul", NONE, real(2, 1, 3, 4), real(5, 4, 2));
        one("MatMul", NONE, real(4), real(2, 4, 3));
        one("MatMul", NONE, real(2, 3, 4), real(4));
        one("MatMul", NONE, real(4), real(4));
        one("Einsum", NONE.with("equation", "bij,bjk->bik"), real(2, 3, 4), real(2, 4, 5));
        one("Einsum", NONE.with("equation", "ij,jk"), real(3, 4), real(4, 5));
        one("Einsum", NONE.with("equation", "ij->ji"), real(3, 4));
        one("Einsum", NONE.with("equation", "ii->i"), real(4, 4));
        one("Einsum", NONE.with("equation", "...ij,...jk->...ik"), real(2, 3, 3, 4), real(2, 3, 4, 2));
        one("Einsum", NONE.with("equation", "nchw->c"), real(2, 3, 4, 5));
        one("Einsum", NONE.with("equation", "bhqd,bhkd->bhqk"), real(2, 2, 3, 4), real(2, 2, 5, 4));
        one("Einsum", NONE.with("equation", "i,j->ij"), real(3), real(4));
    }

    private static void pools() {
        NDArray image = real(2, 3, 7, 8);
        for (String pool : List.of("MaxPool", "AveragePool", "LpPool")) {
            Attributes kernel = with("kernel_shape", 3, 2);
            one(pool, kernel, image);
            one(pool, kernel.with("strides", new long[] {2, 3}).with("pads", new long[] {1, 0, 2, 1}), image);
            one(pool, kernel.with("dilations", new long[] {2, 3}).with("strides", new long[] {1, 2}), image);
            for (long size = 5; size <= 8; size++) {
                one(
                        pool,
                        with("kernel_shape", 3, 3).with("ceil_mode", 1).with("strides", new long[] {2, 2}),
                        real(1, 2, size, size));
                one(
                        pool,
                        with("kernel_shape", 3, 2)
                                .with("ceil_mode", 1)
                                .with("strides", new long[] {2, 3})
                                .with("pads", new long[] {1, 0, 1, 1}),
                        real(1, 2, size, size));
            }
            one(pool, with("kernel_shape", 3).with("strides", new long[] {2}), real(2, 3, 9));
            one(pool, with("kernel_shape", 2, 3, 2), real(1, 2, 4, 5, 3));
        }
        Attributes counting = with("kernel_shape", 3, 2).with("count_include_pad", 1);
        one("AveragePool", counting.with("pads", new long[] {1, 1, 1, 1}), image);
        one("AveragePool", counting.with("pads", new long[] {2, 0, 1, 1}).with("strides", new long[] {2, 3}), image);
        one(
                "AveragePool",
                counting.with("pads", new long[] {1, 1, 1, 1})
                        .with("strides", new long[] {2, 3})
                        .with("ceil_mode", 1),
                image);
        one("AveragePool", counting.with("pads", new long[] {1, 1, 1, 1}).with("dilations", new long[] {2, 2}), image);
        one("LpPool", with("kernel_shape", 3, 3).with("p", 3), image);
        many("MaxPool", 2, with("kernel_shape", 3, 3).with("strides", new long[] {2, 2}), tied(2, 3, 7, 7));
        many("MaxPool", 2, with("kernel_shape", 3, 3).with("pads", new long[] {1, 1, 1, 1}), tied(2, 3, 5, 5));
        many(
                "MaxPool",
                2,
                with("kernel_shape", 3, 3).with("strides", new long[] {2, 2}).with("ceil_mode", 1),
                tied(2, 2, 8, 6));
        many("MaxPool", 2, with("kernel_shape", 2, 2).with("dilations", new long[] {2, 2}), tied(1, 2, 5, 5));
        for (String pool : List.of("GlobalMaxPool", "GlobalAveragePool", "GlobalLpPool")) {
            one(pool, NONE, image);
            one(pool, NONE, real(2, 3, 5));
        }
        one(
                "MaxUnpool",
                with("kernel_shape", 2, 2).with("strides", new long[] {2, 2}),
                real(1, 1, 2, 2),
                numbers(1, 6, 8, 15).reshape(1, 1, 2, 2));
        one(
                "MaxUnpool",
                with("kernel_shape", 2, 2).with("strides", new long[] {2, 2}),
                real(1, 1, 2, 2),
                numbers(1, 6, 8, 24).reshape(1, 1, 2, 2),
                numbers(1, 1, 5, 5));
    }

    private static void normalizations() {
        NDArray image = real(2, 6, 3, 4);
        one("BatchNormalization", NONE.with("epsilon", 1e-3f), image, real(6), real(6), real(6), positive(6));
        one("BatchNormalization", NONE, real(3, 6), real(6), real(6), real(6), positive(6));
        many(
                "BatchNormalization",
                3,
                NONE.with("training_mode", 1).with("momentum", .8f),
                image,
                real(6),
                real(6),
                real(6),
                positive(6));
        one("InstanceNormalization", NONE.with("epsilon", 1e-2f), image, real(6), real(6));
        one("GroupNormalization", NONE.with("num_groups", 3), image, real(6), real(6));
        one("GroupNormalization", NONE.with("num_groups", 2).with("epsilon", .1f), image, real(6), real(6));
        many("LayerNormalization", 3, NONE, image, real(4), real(4));
        one("LayerNormalization", NONE.with("axis", 2).with("epsilon", .1f), image, real(3, 4));
        one("LRN", NONE.with("size", 3).with("alpha", .5f).with("beta", .6f).with("bias", 2f), image);
        one("LRN", NONE.with("size", 5), image);
        one("LRN", NONE.with("size", 3).with("alpha", 1f), image);
        one("LpNormalization", NONE, image);
        one("LpNormalization", NONE.with("axis", 1).with("p", 1), image);
        one("MeanVarianceNormalization", NONE, image);
        for (String softmax : List.of("Softmax", "LogSoftmax")) {
            one(softmax, NONE, image);
            one(softmax, NONE.with("axis", 1), image);
            one(softmax, NONE.with("axis", 0), map(image, x -> 1000 * x));
        }
    }

    private static void elementwise() {
        NDArray x = map(real(3, 4, 5), value -> (float) (3 * value));
        for (String opType :
                ("Relu LeakyRelu Elu Selu Celu Sigmoid HardSigmoid HardSwish Tanh Softplus Softsign Gelu Mish Erf "
                                + "ThresholdedRelu Exp Neg Abs Reciprocal Sign Floor Ceil Round Sin Cos Atan Identity"
                                + " IsNaN Shrink")
                        .split(" ")) {
            one(opType, NONE, x);
        }
        one("Round", NONE, reals(-2.5, -1.5, -.5, .5, 1.5, 2.5));
        one("Sign", NONE, reals(-2, 0, 3));
        one("LeakyRelu", NONE.with("alpha", .3f), x);
        one("Elu", NONE.with("alpha", .3f), x);
        one("Selu", NONE.with("alpha", 2f).with("gamma", .5f), x);
        one("Celu", NONE.with("alpha", 2f), x);
        one("HardSigmoid", NONE.with("alpha", .4f).with("beta", .3f), x);
        one("ThresholdedRelu", NONE.with("alpha", .5f), x);
        one("Gelu", NONE.with("approximate", "tanh"), x);
        for (String opType : List.of("Tan", "Asin", "Acos", "Atanh", "Sinh", "Cosh", "Asinh")) {
            one(opType, NONE, map(real(2, 5), value -> (float) (Math.tanh(value) * .9)));
        }
        one("Acosh", NONE, map(positive(2, 5), value -> (float) (value + 1)));
        one("Shrink", NONE.with("lambd", 1f).with("bias", .5f), x);
        one("PRelu", NONE, x, real(4, 1));
        one("PRelu", NONE, x, real(1));
        one("Clip", NONE, x, map(real(), value -> -1), map(real(), value -> 2));
        one("Clip", NONE, x);
        one("Clip", NONE, x, map(real(), value -> -1));
        one("Sqrt", NONE, positive(3, 4));
        one("Log", NONE, positive(3, 4));
        one("Pow", NONE, positive(3, 4), real(4));
        one("Pow", NONE, real(3, 4), map(real(), value -> 2));
        one("Mod", NONE.with("fmod", 1), x, positive(5));
        one("Mod", NONE, numbers(-5, 5, -5, 5), numbers(3, 3, -3, -3));
        one("Div", NONE, numbers(-7, 7, 9), numbers(2, 2, 3));
        for (String opType : List.of("Add", "Sub", "Mul", "Div")) {
            one(opType, NONE, real(2, 3, 4), real(3, 1));
            one(opType, NONE, real(2, 1, 4), real(5, 1, 3, 1));
            one(opType, NONE, real(2, 3), real());
        }
        for (String opType : List.of("Min", "Max", "Sum", "Mean")) {
            one(opType, NONE, real(2, 3));
            one(opType, NONE, real(2, 3, 4), real(3, 1), real(1));
        }
        for (String opType : List.of("Equal", "Greater", "GreaterOrEqual", "Less", "LessOrEqual")) {
            one(opType, NONE, tied(4, 5), tied(5));
        }
        for (String opType : List.of("And", "Or", "Xor")) {
            one(opType, NONE, truth(4, 5), truth(4, 1));
        }
        one("Not", NONE, truth(4));
        one("Where", NONE, truth(4, 1), real(1, 5), real(4, 5));
        one("Cast", NONE.with("to", 7), x);
        one("Cast", NONE.with("to", 9), tied(4, 5));
        one("Cast", NONE.with("to", 1), truth(4, 5));
        one("Cast", NONE.with("to", 1), numbers(4, -5));
        many("Dropout", 2, NONE, x);
    }

    private static void reductions() {
        NDArray x = real(2, 3, 4);
        for (String opType :
                ("ReduceMean ReduceSum ReduceMax ReduceMin ReduceProd ReduceL1 ReduceL2 ReduceLogSum ReduceLogSumExp "
                                + "ReduceSumSquare")
                        .split(" ")) {
            NDArray y = opType.equals("ReduceLogSum") ? positive(2, 3, 4) : x;
            one(opType, NONE, y);
            one(opType, NONE.with("keepdims", 0), y);
            one(opType, NONE, y, numbers(1));
            one(opType, NONE.with("keepdims", 0), y, numbers(-1, 0));
        }
        one("ReduceSum", NONE.with("noop_with_empty_axes", 1), x);
        one("ReduceSum", NONE.with("noop_with_empty_axes", 1).with("keepdims", 0), x, numbers());
        for (String opType : List.of("ArgMax", "ArgMin")) {
            one(opType, NONE, tied(3, 4, 5));
            one(opType, NONE.with("axis", -1).with("keepdims", 0), tied(3, 4, 5));
            one(opType, NONE.with("axis", 1).with("select_last_index", 1), tied(3, 4, 5));
        }
        one("CumSum", NONE, x, number(1));
        one("CumSum", NONE.with("exclusive", 1), x, number(-1));
        one("CumSum", NONE.with("reverse", 1), x, number(0));
        one("CumSum", NONE.with("reverse", 1).with("exclusive", 1), x, number(2));
        many("TopK", 2, NONE, x, numbers(2));
        many("TopK", 2, NONE.with("axis", 1).with("largest", 0), x, numbers(2));
    }

    private static void movements() {
        NDArray x = real(2, 3, 6);
        one("Concat", NONE.with("axis", 1), x, real(2, 1, 6), real(2, 2, 6));
        one("Concat", NONE.with("axis", -1), x, real(2, 3, 1));
        many("Split", 2, NONE.with("axis", 2), x, numbers(2, 4));
        many("Split", 4, NONE.with("axis", 2).with("num_outputs", 4), real(2, 1, 7));
        many("Split", 3, NONE.with("axis", -2).with("num_outputs", 3), x);
        one("Slice", NONE, x, numbers(0, 1), numbers(1, 3));
        one("Slice", NONE, x, numbers(-1), numbers(-100), numbers(-1), numbers(-2));
        one("Slice", NONE, x, numbers(1, 100), numbers(Long.MAX_VALUE, Long.MIN_VALUE), numbers(1, 2), numbers(1, -1));
        one("Slice", NONE, x, numbers(4), numbers(2), numbers(2));
        one("Slice", NONE, x, numbers(0), numbers(6), numbers(2), numbers(4));
        for (String mode : List.of("constant", "reflect", "edge", "wrap")) {
            one("Pad", NONE.with("mode", mode), x, numbers(0, 1, 2, 1, 2, 3));
            one("Pad", NONE.with("mode", mode), x, numbers(2, 3), ABSENT, numbers(-1));
        }
        one("Pad", NONE, x, numbers(0, 1, -2, 1, -1, 3), map(real(), value -> 2));
        one("Pad", NONE, x, numbers(1, 2, -1, 1), map(real(), value -> 2), numbers(2, 0));
        one("Reshape", NONE, x, numbers(0, -1));
        one("Reshape", NONE, x, numbers(3, 0, 4));
        one("Flatten", NONE, x);
        one("Flatten", NONE.with("axis", 0), x);
        one("Flatten", NONE.with("axis", -1), x);
        one("Flatten", NONE.with("axis", 3), x);
        one("Squeeze", NONE, real(1, 3, 1, 2), numbers(0, -2));
        one("Squeeze", NONE, real(1, 3, 1, 2));
        one("Unsqueeze", NONE, x, numbers(0, -1, 2));
        one("Transpose", NONE, x);
        one("Transpose", with("perm", 1, 2, 0), x);
        one("Expand", NONE, real(3, 1), numbers(2, 1, 4));
        one("Tile", NONE, x, numbers(2, 1, 3));
        one("DepthToSpace", NONE.with("blocksize", 2), real(2, 8, 2, 3));
        one("DepthToSpace", NONE.with("blocksize", 2).with("mode", "CRD"), real(2, 8, 2, 3));
        one("SpaceToDepth", NONE.with("blocksize", 2), real(2, 3, 4, 6));
        one("Trilu", NONE, real(2, 4, 5));
        one("Trilu", NONE.with("upper", 0), real(2, 4, 5), number(1));
        one("Trilu", NONE, real(4, 3), number(-1));
    }

    private static void resizes() {
        NDArray x = real(1, 2, 4, 5);
        for (String coordinates :
                List.of("half_pixel", "asymmetric", "align_corners", "pytorch_half_pixel", "half_pixel_symmetric")) {
            Attributes attributes = NONE.with("coordinate_transformation_mode", coordinates);
            for (NDArray sizes : List.of(numbers(1, 2, 7, 11), numbers(1, 2, 3, 2), numbers(1, 2, 8, 1))) {
                for (String nearest : List.of("round_prefer_floor", "round_prefer_ceil", "floor", "ceil")) {
                    one("Resize", attributes.with("nearest_mode", nearest), x, ABSENT, ABSENT, sizes);
                }
                one("Resize", attributes.with("mode", "linear"), x, ABSENT, ABSENT, sizes);
                one("Resize", attributes.with("mode", "cubic"), x, ABSENT, ABSENT, sizes);
                one(
                        "Resize",
                        attributes
                                .with("mode", "cubic")
                                .with("exclude_outside", 1)
                                .with("cubic_coeff_a", -.5f),
                        x,
                        ABSENT,
                        ABSENT,
                        sizes);
            }
            one("Resize", attributes.with("mode", "linear"), x, ABSENT, reals(1, 1, 2.3f, 1.7f));
            one("Resize", attributes.with("mode", "nearest"), x, ABSENT, reals(1, 1, 2, .6f));
        }
        one("Resize", with("axes", 2, 3).with("mode", "linear"), x, ABSENT, ABSENT, numbers(6, 7));
        for (long corners : List.of(0L, 1L)) {
            for (String padding : List.of("zeros", "border", "reflection")) {
                for (String mode : List.of("nearest", "linear", "cubic")) {
                    Attributes attributes = NONE.with("padding_mode", padding)
                            .with("align_corners", corners)
                            .with("mode", mode);
                    one("GridSample", attributes, x, real(1, 3, 6, 2));
                    one("GridSample", attributes, x, map(real(1, 3, 6, 2), place -> (float) (3 * place)));
                }
            }
        }
    }

    private static void indexing() {
        NDArray x = real(3, 4, 5);
        one("Gather", NONE, x, numbers(2, 0, -1, 2).reshape(2, 2));
        one("Gather", NONE.with("axis", 1), x, number(-2));
        one(
                "GatherElements",
                NONE.with("axis", 1),
                x,
                numbers(0, 3, -1, 2, 1, 0).reshape(3, 1, 2));
        one("GatherND", NONE, x, numbers(0, 3, -1, 2).reshape(2, 2));
        one("GatherND", NONE.with("batch_dims", 1), x, numbers(0, -1, 2).reshape(3, 1));
        NDArray places = numbers(0, 3, 0, 2, 2, 2).reshape(3, 1, 2);
        NDArray distinct = numbers(0, 3, 0, 2, 1, 2).reshape(3, 1, 2);
        one("ScatterElements", NONE.with("axis", 1), x, distinct, real(3, 1, 2));
        for (String reduction : List.of("add", "mul", "max", "min")) {
            one("ScatterElements", NONE.with("axis", 1).with("reduction", reduction), x, places, real(3, 1, 2));
            one(
                    "ScatterND",
                    NONE.with("reduction", reduction),
                    x,
                    numbers(0, 1, 0, 1).reshape(2, 2),
                    real(2, 5));
        }
        one("ScatterND", NONE, x, numbers(0, 1, 2, -1).reshape(2, 2), real(2, 5));
        one("ScatterND", NONE, x, numbers(2, 0).reshape(2, 1), real(2, 4, 5));
        one("Compress", NONE.with("axis", 1), x, truth(4));
        one("Compress", NONE.with("axis", -1), x, truth(3));
        one("Compress", NONE, x, truth(11));
        one("NonZero", NONE, truth(3, 4));
        one("OneHot", NONE, numbers(0, 3, -1, 2), number(4), reals(0, 1));
        one("OneHot", NONE.with("axis", 1), numbers(0, 3, 9, 2).reshape(2, 2), number(4), reals(-1, 2));
        one("Shape", NONE, x);
        one("Shape", NONE.with("start", 1).with("end", -1), x);
        one("Size", NONE, x);
        one("Constant", NONE.with("value", Tensor.floats(new float[] {1, 2}, 2, 1)));
        one("Constant", NONE.with("value_float", 2.5f));
        one("Constant", with("value_ints", 2, 3));
        one("ConstantOfShape", NONE.with("value", Tensor.vector(3)), numbers(2, 3));
        one("ConstantOfShape", NONE, numbers(2, 3));
        one("Range", NONE, number(1), number(10), number(3));
        one("Range", NONE, number(10), number(1), number(-4));
    }

    static List<Case> cases() {
        return CASES;
    }

    @ParameterizedTest
    @MethodSource("cases")
    void agreesWithOnnxRuntime(Case tested) {
        GraphBuilder builder = new GraphBuilder();
        Map<Value, NDArray> inputs = new LinkedHashMap<>();
        Value[] values = new Value[tested.inputs().size()];
        for (int i = 0; i < values.length; i++) {
            NDArray input = tested.inputs().get(i);
            if (input == ABSENT) {
                values[i] = Value.NONE;
            } else if (input.kind() == Kind.REAL) {
                values[i] = builder.input("input" + i, TensorType.of(input.toTensor()));
                inputs.put(values[i], input);
            } else {
                values[i] = builder.constant(input.toTensor());
            }
        }
        builder.nodes(tested.opType(), tested.outputs(), tested.attributes(), values)
                .forEach(builder::output);
        Graph graph = builder.build();

        Map<Value, NDArray> expected = OnnxRuntime.evaluate(graph, inputs);
        Map<Value, NDArray> found = Interpreter.evaluate(graph, inputs);

        for (Value output : graph.outputs()) {
            assertThat(found.get(output).shape())
                    .containsExactly(expected.get(output).shape());
            assertThat(found.get(output).kind()).isEqualTo(expected.get(output).kind());
            double[] wanted = expected.get(output).data();
            double scale = Arrays.stream(wanted).map(Math::abs).max().orElse(0);
            for (int i = 0; i < wanted.length; i++) {
                assertThat(found.get(output).data()[i])
                        .as("%s[%d]", output, i)
                        .isCloseTo(wanted[i], within(2e-5 * Math.max(1e-2, scale)));
            }
        }
    }

    @Test
    void everyOperatorHasACase() {
        assertThat(CASES.stream().map(Case::opType).collect(Collectors.toSet())).isEqualTo(Interpreter.operators());
    }

    @Test
    void widensWithoutRounding() {
        GraphBuilder builder = new GraphBuilder();
        Value x = builder.input("x", TensorType.of(Tensor.scalar(0f)));
        builder.outputAs(builder.node("Mul", x, builder.constant(.1f)), new Value("y"));
        Graph graph = builder.build();
        double y = Interpreter.evaluate(graph, Map.of(x, NDArray.scalar(1 + 1e-12)))
                .get(new Value("y"))
                .item();
        assertThat(y).isEqualTo((1 + 1e-12) * (double) .1f);
    }

    @Test
    void erfIsExactToDoublePrecision() {
        // Abramowitz and Stegun, table 7.1
        assertThat(Elementwise.erf(.5)).isCloseTo(.5204998778130465, within(1e-15));
        assertThat(Elementwise.erf(-2)).isCloseTo(-.9953222650189527, within(1e-15));
        assertThat(Elementwise.erf(5)).isCloseTo(.9999999999984626, within(1e-15));
    }
}
