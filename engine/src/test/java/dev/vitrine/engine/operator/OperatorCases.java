package dev.vitrine.engine.operator;

import dev.vitrine.engine.graph.Attributes;
import dev.vitrine.engine.graph.Dimension;
import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.GraphBuilder;
import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.oracle.NDArray;
import dev.vitrine.engine.oracle.NDArray.Kind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;

/** Small graphs, each about one operator in one form, for the checks of its gradient. */
final class OperatorCases {
    /** What an operand is to the case: differentiated; a weight, that is a constant in the second form; neither. */
    private enum Role {
        VARIABLE,
        WEIGHT,
        CONSTANT,
        ABSENT
    }

    record Operand(Role role, NDArray array) {}

    /** Writes the nodes of a case and returns what comes out. */
    interface Body {
        List<Value> write(GraphBuilder builder, Value... operands);
    }

    /** Whether the first dimension of the first operand may be open. */
    enum Batch {
        ANY,
        FIXED
    }

    record Case(String operator, String label, Batch batch, List<Operand> operands, Body body) {
        /** All sizes known; weights are inputs. */
        Graph fixed() {
            return build(Dimension.of(-2));
        }

        /** The first operand's first dimension is {@code N}; weights are constants. */
        Graph open() {
            return build(Dimension.named("N"));
        }

        private Graph build(Dimension first) {
            GraphBuilder builder = new GraphBuilder();
            Value[] values = new Value[operands.size()];
            for (int i = 0; i < values.length; i++) {
                Operand operand = operands.get(i);
                boolean weightInput = operand.role() == Role.WEIGHT && !first.equals(Dimension.named("N"));
                if (operand.role() == Role.ABSENT) {
                    values[i] = Value.NONE;
                } else if (operand.role() == Role.VARIABLE || weightInput) {
                    TensorType type = TensorType.of(operand.array().toTensor());
                    boolean opened = i == 0 && first.equals(Dimension.named("N")) && type.rank() > 0;
                    values[i] = builder.input("in" + i, opened ? type.withDimension(0, first) : type);
                } else {
                    values[i] = builder.constant("k" + i, operand.array().toTensor());
                }
            }
            body.write(builder, values).forEach(builder::output);
            return builder.build();
        }

        Map<Value, NDArray> at(Graph graph) {
            Map<Value, NDArray> at = new LinkedHashMap<>();
            for (int i = 0; i < operands.size(); i++) {
                Value value = new Value("in" + i);
                if (graph.inputs().contains(value)) {
                    at.put(value, operands.get(i).array());
                }
            }
            return at;
        }

        @Override
        public String toString() {
            return label;
        }
    }

    static final List<Case> ALL = new ArrayList<>();
    private static final Attributes NONE = Attributes.NONE;
    private static final Operand ABSENT = new Operand(Role.ABSENT, NDArray.zeros(0));
    private static final Random RANDOM = new Random(11);

    private OperatorCases() {}

    static {
        convolutions();
        products();
        normalizations();
        activations();
        pools();
        blocks();
        arithmetic();
        reductions();
        structure();
        slicesAndPads();
        indexing();
        resizes();
        selections();
        grids();
    }

    private static void one(String opType, Attributes attributes, Operand... operands) {
        add(Batch.ANY, opType, attributes, operands);
    }

    private static void fixed(String opType, Attributes attributes, Operand... operands) {
        add(Batch.FIXED, opType, attributes, operands);
    }

    private static void add(Batch batch, String opType, Attributes attributes, Operand... operands) {
        String label = opType
                + attributes.values()
                + Arrays.stream(operands)
                        .map(operand ->
                                operand.role() + Arrays.toString(operand.array().shape()))
                        .toList();
        body(batch, opType, label, List.of(operands), (b, v) -> List.of(b.node(opType, attributes, v)));
    }

    private static void body(Batch batch, String operator, String label, List<Operand> operands, Body body) {
        ALL.add(new Case(operator, label, batch, operands, body));
    }

    private static Attributes with(String name, long... values) {
        return NONE.with(name, values);
    }

    private static Operand x(long... shape) {
        return new Operand(Role.VARIABLE, NDArray.normal(RANDOM, shape));
    }

    private static Operand x(DoubleUnaryOperator function, long... shape) {
        return new Operand(Role.VARIABLE, map(NDArray.normal(RANDOM, shape), function));
    }

    private static Operand positive(long... shape) {
        return x(value -> Math.abs(value) + .3, shape);
    }

    private static Operand w(long... shape) {
        return new Operand(Role.WEIGHT, NDArray.normal(RANDOM, shape));
    }

    private static Operand k(NDArray array) {
        return new Operand(Role.CONSTANT, array);
    }

    private static Operand k(long... values) {
        return k(NDArray.integers(values));
    }

    private static Operand scalar(double value) {
        return k(NDArray.scalar(value));
    }

    private static Operand whole(long value) {
        return k(NDArray.integers(value).reshape());
    }

    private static Operand constant(long... shape) {
        return k(NDArray.normal(RANDOM, shape));
    }

    private static Operand positiveConstant(long... shape) {
        return k(map(NDArray.normal(RANDOM, shape), value -> Math.abs(value) + .3));
    }

    private static NDArray map(NDArray array, DoubleUnaryOperator function) {
        return new NDArray(Arrays.stream(array.data()).map(function).toArray(), array.shape(), array.kind());
    }

    private static void convolutions() {
        Attributes[] windows = {
            NONE,
            with("strides", 2, 3).with("pads", new long[] {1, 0, 2, 1}),
            with("strides", 3, 3),
            with("dilations", 2, 3).with("pads", new long[] {2, 1, 0, 1}),
            with("dilations", 2, 1).with("strides", new long[] {2, 2}),
            // beyond the reach of the kernel
            with("pads", 4, 3, 5, 2),
            with("pads", 4, 3, 5, 2).with("strides", new long[] {2, 1}),
            NONE.with("auto_pad", "SAME_UPPER").with("strides", new long[] {2, 3}),
            NONE.with("auto_pad", "SAME_LOWER").with("strides", new long[] {2, 3}),
            NONE.with("auto_pad", "SAME_LOWER"),
            NONE.with("auto_pad", "VALID").with("strides", new long[] {2, 2}),
        };
        for (Attributes window : windows) {
            one("Conv", window, x(2, 2, 8, 7), w(3, 2, 3, 2), w(3));
            // more outputs than the kernel has places
            one("Conv", window, x(2, 2, 8, 7), w(7, 2, 3, 2), w(7));
        }
        one("Conv", NONE.with("group", 2L).with("pads", new long[] {1, 1, 1, 1}), x(2, 4, 5, 5), w(6, 2, 3, 3));
        one("Conv", NONE.with("group", 4L).with("strides", new long[] {2, 2}), x(2, 4, 6, 5), w(4, 1, 3, 3), w(4));
        one("Conv", NONE.with("group", 3L).with("pads", new long[] {1, 1, 1, 1}), x(2, 3, 4, 5), w(6, 1, 3, 3), w(6));
        one("Conv", with("pads", 1, 2).with("strides", new long[] {2}), x(2, 3, 9), w(4, 3, 3), w(4));
        one("Conv", NONE, x(2, 3, 9), w(4, 3, 3));
        one("Conv", with("pads", 1, 0, 1, 1, 1, 0), x(2, 2, 4, 3, 4), w(3, 2, 3, 2, 2), w(3));
        one("Conv", with("strides", 2, 1, 2), x(1, 2, 5, 3, 4), w(2, 2, 2, 2, 3));
        one("Conv", NONE, x(2, 3, 4, 4), w(5, 3, 1, 1), w(5));
        one("Conv", with("strides", 2, 2), x(2, 3, 5, 4), w(5, 3, 1, 1));
        // many places, summed sample by sample
        one("Conv", with("pads", 1, 1, 1, 1), x(2, 2, 12, 11), w(10, 2, 3, 3), w(10));
        one("Conv", with("strides", 2, 2).with("pads", new long[] {2, 2, 2, 2}), x(1, 2, 24, 23), w(26, 2, 5, 5));
        one("Conv", with("strides", 2, 2).with("pads", new long[] {2, 2, 2, 2}), x(2, 2, 24, 23), w(3, 2, 5, 5));
        one("Conv", NONE.with("group", 2L).with("strides", new long[] {2, 2}), x(2, 4, 25, 24), w(4, 2, 3, 3));
        one("Conv", with("dilations", 3, 1).with("strides", new long[] {2, 2}), x(2, 2, 30, 24), w(10, 2, 3, 3));
        one("ConvTranspose", NONE, x(2, 3, 4, 3), w(3, 2, 3, 2), w(2));
        one(
                "ConvTranspose",
                with("strides", 2, 3).with("pads", new long[] {1, 0, 0, 1}).with("output_padding", new long[] {1, 2}),
                x(2, 3, 4, 3),
                w(3, 2, 3, 4),
                w(2));
        one("ConvTranspose", with("dilations", 2, 2).with("strides", new long[] {2, 1}), x(2, 2, 3, 3), w(2, 2, 3, 2));
        one(
                "ConvTranspose",
                NONE.with("group", 2L).with("strides", new long[] {2, 2}),
                x(2, 4, 3, 3),
                w(4, 3, 2, 2),
                w(6));
        for (String pad : List.of("SAME_UPPER", "SAME_LOWER", "VALID")) {
            one("ConvTranspose", with("strides", 2, 3).with("auto_pad", pad), x(2, 2, 3, 4), w(2, 2, 3, 4));
        }
        one(
                "ConvTranspose",
                with("strides", 2, 2).with("output_shape", new long[] {8, 7}),
                x(2, 2, 4, 3),
                w(2, 2, 3, 3));
        one("ConvTranspose", with("strides", 2), x(2, 2, 4), w(2, 3, 3), w(3));
        one("Col2Im", NONE, x(2, 2 * 6, 20), k(6, 6), k(2, 3));
        one("Col2Im", with("strides", 2, 2).with("pads", new long[] {0, 0, 1, 0}), x(2, 2 * 4, 6), k(3, 6), k(2, 2));
        one("Col2Im", with("strides", 2, 1).with("dilations", new long[] {1, 2}), x(1, 2 * 4, 12), k(6, 6), k(2, 2));
    }

    private static void products() {
        for (long transA : new long[] {0, 1}) {
            for (long transB : new long[] {0, 1}) {
                Attributes both = NONE.with("transA", transA)
                        .with("transB", transB)
                        .with("alpha", .5f)
                        .with("beta", 2f);
                fixed("Gemm", both, transA == 1 ? x(4, 3) : x(3, 4), transB == 1 ? w(5, 4) : w(4, 5), w(5));
            }
        }
        one("Gemm", NONE, x(3, 4), w(4, 5));
        one("Gemm", NONE.with("beta", .5f), x(3, 4), x(4, 5), x(3, 1));
        one("Gemm", NONE, x(3, 4), w(4, 5), w());
        one("MatMul", NONE, x(3, 4), w(4, 5));
        one("MatMul", NONE, x(2, 3, 4), w(4, 5));
        one("MatMul", NONE, x(2, 3, 4), x(2, 4, 5));
        one("MatMul", NONE, x(2, 1, 3, 4), x(5, 4, 2));
        one("MatMul", NONE, x(3, 4), x(2, 4, 5));
        one("MatMul", NONE, x(2, 1, 3, 4), x(2, 3, 4, 2));
        one("Einsum", NONE.with("equation", "ij,jk->ik"), x(2, 3), w(3, 4));
        one("Einsum", NONE.with("equation", "bhid, bhjd -> bhij"), x(2, 2, 3, 4), x(2, 2, 5, 4));
        one("Einsum", NONE.with("equation", "bhij,bhjd->bihd"), x(2, 2, 3, 4), x(2, 2, 4, 2));
        one("Einsum", NONE.with("equation", "bij->bji"), x(2, 3, 4));
        one("Einsum", NONE.with("equation", "nc,c,cd->nd"), x(2, 3), x(3), w(3, 2));
    }

    private static void normalizations() {
        one(
                "BatchNormalization",
                NONE.with("epsilon", .1f),
                x(2, 3, 4, 2),
                w(3),
                w(3),
                constant(3),
                positiveConstant(3));
        one("BatchNormalization", NONE, x(4, 3), w(3), w(3), constant(3), positiveConstant(3));
        one("BatchNormalization", NONE, x(2, 3, 5), w(3), w(3), constant(3), positiveConstant(3));
        for (long[] shape : new long[][] {{2, 3, 4, 2}, {5, 3}}) {
            Attributes training = NONE.with("training_mode", 1L).with("epsilon", .1f);
            body(
                    Batch.ANY,
                    "BatchNormalization",
                    "BatchNormalization of the batch's own statistics " + Arrays.toString(shape),
                    List.of(x(shape), w(3), w(3), constant(3), positiveConstant(3)),
                    (b, v) -> b.nodes("BatchNormalization", 3, training, v).subList(0, 1));
        }
        one("InstanceNormalization", NONE.with("epsilon", .1f), x(2, 3, 4, 2), w(3), w(3));
        one("InstanceNormalization", NONE, x(2, 3, 5), w(3), w(3));
        one("LayerNormalization", NONE.with("epsilon", .1f), x(2, 3, 4), w(4), w(4));
        one("LayerNormalization", NONE.with("axis", 1L), x(2, 3, 4), w(3, 4), w(3, 4));
        one("LayerNormalization", NONE.with("axis", -2L), x(2, 3, 4), w(3, 4));
        one("GroupNormalization", NONE.with("num_groups", 2L).with("epsilon", .1f), x(2, 4, 3, 2), w(4), w(4));
        one("GroupNormalization", NONE.with("num_groups", 3L), x(2, 6, 5), w(6), w(6));
        one("LRN", NONE.with("size", 3L).with("alpha", .7f).with("beta", .6f).with("bias", 1.5f), x(2, 5, 3, 2));
        one("LRN", NONE.with("size", 5L).with("alpha", .9f), x(2, 4, 2, 2));
        one("LRN", NONE.with("size", 1L).with("alpha", .9f), x(2, 4, 2, 2));
        one("LRN", NONE.with("size", 3L).with("alpha", .5f), x(1, 513, 1, 1));
        one("LpNormalization", NONE, x(2, 3, 4));
        one("LpNormalization", NONE.with("axis", 1L), x(2, 3, 4));
        one("LpNormalization", NONE.with("axis", 1L).with("p", 1L), x(2, 3, 4));
    }

    private static void activations() {
        for (String opType : ("Relu LeakyRelu Elu Selu Celu Sigmoid HardSigmoid HardSwish Tanh Softplus Softsign Gelu"
                        + " Mish Erf ThresholdedRelu Exp Abs Reciprocal Sin Cos Neg Identity")
                .split(" ")) {
            one(opType, NONE, x(value -> 3 * value, 2, 3, 5));
        }
        for (String opType : List.of("Sqrt", "Log")) {
            one(opType, NONE, positive(2, 3, 4));
        }
        for (String opType : List.of("Atan", "Sinh", "Cosh", "Asinh", "Shrink")) {
            one(opType, NONE, x(2, 3, 4));
        }
        for (String opType : List.of("Tan", "Asin", "Acos", "Atanh")) {
            one(opType, NONE, x(value -> .9 * Math.tanh(value), 2, 3, 4));
        }
        one("Acosh", NONE, x(value -> 1.2 + Math.abs(value), 2, 3, 4));
        one("Shrink", NONE.with("lambd", .3f).with("bias", .2f), x(2, 9));
        one("LeakyRelu", NONE.with("alpha", .3f), x(2, 9));
        one("LeakyRelu", NONE.with("alpha", -.3f), x(2, 9));
        one("Elu", NONE.with("alpha", .3f), x(2, 9));
        one("Selu", NONE.with("alpha", 2f).with("gamma", .5f), x(2, 9));
        one("Celu", NONE.with("alpha", 2f), x(2, 9));
        one("HardSigmoid", NONE.with("alpha", .4f).with("beta", .3f), x(2, 9));
        one("ThresholdedRelu", NONE.with("alpha", .5f), x(2, 9));
        one("Gelu", NONE.with("approximate", "tanh"), x(value -> 3 * value, 2, 9));
        one("Elu", NONE, x(value -> 300 * value, 2, 9));
        one("Clip", NONE, x(2, 9), scalar(-.5), scalar(.5));
        one("Clip", NONE, x(2, 9), scalar(-.5));
        one("Clip", NONE, x(2, 9), ABSENT, scalar(.5));
        one("Clip", NONE, x(2, 9));
        one("Clip", NONE, x(2, 9), x(value -> -.5), x(value -> .5));
        one("PRelu", NONE, x(2, 3, 4), w(3, 1));
        one("PRelu", NONE, x(2, 3, 4), w(1));
        one("PRelu", NONE, x(2, 3, 4), w(4));
        one("PRelu", NONE, x(2, 3, 4, 2), w(3, 1, 1));
        for (String softmax : List.of("Softmax", "LogSoftmax")) {
            one(softmax, NONE, x(2, 3, 4));
            one(softmax, NONE.with("axis", 1L), x(2, 3, 4));
            one(softmax, NONE.with("axis", 0L), x(2, 3, 4));
            one(softmax, NONE.with("axis", -2L), x(2, 3, 4));
        }
        one("Dropout", NONE, x(2, 3, 4));
        one("Dropout", NONE, x(2, 3, 4), scalar(.5), k(new NDArray(new double[1], new long[0], Kind.BOOLEAN)));
        one("Cast", NONE.with("to", 1L), x(2, 3));
        body(
                Batch.ANY,
                "Cast",
                "Cast to f64 and back",
                List.of(x(2, 3)),
                (b, v) -> List.of(b.node("Cast", NONE.with("to", 1L), b.node("Cast", NONE.with("to", 11L), v))));
    }

    private static void pools() {
        for (String pool : List.of("MaxPool", "AveragePool", "LpPool")) {
            Attributes[] windows = {
                with("kernel_shape", 2, 3),
                with("kernel_shape", 2, 2).with("strides", new long[] {2, 2}),
                with("kernel_shape", 3, 3).with("strides", new long[] {2, 2}),
                with("kernel_shape", 2, 2).with("strides", new long[] {3, 3}),
                with("kernel_shape", 3, 3).with("strides", new long[] {2, 2}).with("pads", new long[] {1, 0, 1, 2}),
                with("kernel_shape", 3, 2).with("pads", new long[] {2, 1, 0, 1}),
            };
            for (Attributes window : windows) {
                one(pool, window, x(2, 2, 6, 7));
            }
            for (String pad : List.of("SAME_UPPER", "SAME_LOWER", "VALID")) {
                one(pool, windows[2].with("auto_pad", pad), x(2, 2, 6, 7));
                one(pool, windows[0].with("auto_pad", pad), x(2, 2, 6, 7));
            }
            one(pool, with("kernel_shape", 3).with("strides", new long[] {2}), x(2, 2, 9));
            one(pool, with("kernel_shape", 2, 2, 2).with("strides", new long[] {1, 2, 2}), x(1, 2, 3, 4, 5));
        }
        for (String pool : List.of("MaxPool", "AveragePool")) {
            one(
                    pool,
                    with("kernel_shape", 3, 3)
                            .with("strides", new long[] {2, 2})
                            .with("ceil_mode", 1L),
                    x(2, 2, 6, 8));
            one(
                    pool,
                    with("kernel_shape", 3, 3)
                            .with("strides", new long[] {2, 3})
                            .with("pads", new long[] {1, 1, 1, 1})
                            .with("ceil_mode", 1L),
                    x(2, 2, 6, 9));
            one(pool, with("kernel_shape", 2, 2).with("dilations", new long[] {2, 3}), x(2, 2, 5, 6));
        }
        Attributes counting = with("kernel_shape", 3, 2).with("count_include_pad", 1L);
        one("AveragePool", counting.with("pads", new long[] {1, 1, 1, 1}), x(2, 2, 5, 5));
        one(
                "AveragePool",
                counting.with("pads", new long[] {2, 0, 1, 1}).with("strides", new long[] {2, 3}),
                x(2, 2, 6, 5));
        one(
                "AveragePool",
                counting.with("kernel_shape", new long[] {3, 3})
                        .with("pads", new long[] {1, 1, 1, 1})
                        .with("strides", new long[] {2, 2})
                        .with("ceil_mode", 1L),
                x(2, 2, 6, 8));
        one("LpPool", with("kernel_shape", 2, 2).with("p", 3L), x(2, 2, 4, 4));
        one("LpPool", with("kernel_shape", 2, 2).with("p", 1L), x(2, 2, 4, 4));
        for (String pool : List.of("GlobalAveragePool", "GlobalMaxPool")) {
            one(pool, NONE, x(2, 3, 4, 5));
            one(pool, NONE, x(2, 3, 4));
            one(pool, NONE, x(1, 2, 3, 2, 3));
        }
    }

    /** Maps of whole blocks of channels, for which some rules have a faster form. */
    private static void blocks() {
        Attributes two = with("kernel_shape", 2, 2).with("strides", new long[] {2, 2});
        Attributes three = with("kernel_shape", 3, 3).with("strides", new long[] {2, 2});
        Attributes padded = three.with("pads", new long[] {1, 1, 1, 1});
        one("MaxPool", two, x(1, 16, 4, 6));
        one("MaxPool", three, x(1, 16, 5, 7));
        one("MaxPool", padded, x(1, 16, 4, 6));
        for (String rectifier : List.of("Relu", "LeakyRelu")) {
            for (Attributes window : List.of(two, three, padded)) {
                long odd = window.equals(three) ? 1 : 0;
                body(
                        Batch.ANY,
                        "MaxPool",
                        rectifier + " and MaxPool" + window.values(),
                        List.of(x(1, 16, 4 + odd, 6 + odd)),
                        (b, v) -> List.of(b.node("MaxPool", window, b.node(rectifier, v[0]))));
            }
            one(rectifier, NONE, x(1, 16, 2, 2));
        }
        one("GlobalAveragePool", NONE, x(1, 16, 2, 3));
        one("Conv", with("strides", 2, 2).with("pads", new long[] {1, 1, 1, 1}), x(1, 16, 4, 4), w(16, 16, 3, 3));
        one("Conv", with("strides", 2, 2), x(1, 16, 4, 4), w(16, 16, 1, 1));
        one("Conv", with("strides", 4, 4), x(1, 3, 9, 9), w(16, 3, 5, 5));
    }

    private static void arithmetic() {
        for (String opType : List.of("Add", "Sub", "Mul", "Min", "Max", "Sum", "Mean", "Div")) {
            Operand divisor = opType.equals("Div") ? positive(3, 1) : x(3, 1);
            one(opType, NONE, x(2, 3, 4), divisor);
            one(opType, NONE, x(1, 4), opType.equals("Div") ? positive(2, 3, 1) : x(2, 3, 1));
            one(opType, NONE, x(3, 4), opType.equals("Div") ? positive() : x());
            one(opType, NONE, x(2, 3), opType.equals("Div") ? positiveConstant(2, 3) : constant(2, 3));
        }
        fixed("Sub", NONE, constant(2, 3), x(3));
        fixed("Div", NONE, constant(2, 3), positive(3));
        for (String opType : List.of("Min", "Max", "Sum", "Mean")) {
            one(opType, NONE, x(2, 3, 4), x(3, 1), x(1));
            one(opType, NONE, x(2, 3));
        }
        one("Pow", NONE, x(2, 5), scalar(2));
        one("Pow", NONE, x(2, 5), scalar(3));
        one("Pow", NONE, x(2, 5), whole(3));
        one("Pow", NONE, x(2, 5), scalar(1));
        one("Pow", NONE, x(2, 5), scalar(-1));
        one("Pow", NONE, positive(2, 5), scalar(.5));
        one("Pow", NONE, positive(2, 5), x(2, 5));
        one("Pow", NONE, positive(2, 5), x(2, 1));
        fixed("Pow", NONE, positiveConstant(2, 5), x(5));
        Operand condition = k(new NDArray(new double[] {1, 0, 0, 1, 1}, new long[] {5}, Kind.BOOLEAN));
        body(
                Batch.ANY,
                "Where",
                "Where",
                List.of(x(2, 5), condition, x(2, 1)),
                (b, v) -> List.of(b.node("Where", v[1], v[0], v[2])));
        body(
                Batch.ANY,
                "Where",
                "Where, wider condition",
                List.of(x(1, 5), condition, x()),
                (b, v) -> List.of(b.node("Where", b.node("Unsqueeze", v[1], b.vector(0, 1)), v[0], v[2])));
        body(
                Batch.ANY,
                "Where",
                "Where by itself",
                List.of(x(2, 5)),
                (b, v) -> List.of(b.node(
                        "Where",
                        b.node("Less", v[0], b.constant(.2f)),
                        b.node("Mul", v[0], b.constant(2f)),
                        b.node("Exp", v[0]))));
        body(Batch.ANY, "Mul", "x * x", List.of(x(2, 3)), (b, v) -> List.of(b.node("Mul", v[0], v[0])));
        body(Batch.ANY, "Add", "x + x", List.of(x(2, 3)), (b, v) -> List.of(b.node("Add", v[0], v[0])));
        body(
                Batch.ANY,
                "Sub",
                "x - 2x",
                List.of(x(2, 3)),
                (b, v) -> List.of(b.node("Sub", v[0], b.node("Add", v[0], v[0]))));
        body(
                Batch.ANY,
                "Max",
                "max(x, x / 2, -x)",
                List.of(x(2, 3)),
                (b, v) -> List.of(b.node("Max", v[0], b.node("Mul", v[0], b.constant(.5f)), b.node("Neg", v[0]))));
        body(Batch.ANY, "Add", "diamond", List.of(x(2, 3)), (b, v) -> {
            Value stem = b.node("Tanh", v[0]);
            Value left = b.node("Exp", stem);
            Value right = b.node("Sin", stem);
            return List.of(b.node("Add", b.node("Mul", left, right), stem));
        });
        body(Batch.ANY, "Add", "two outputs", List.of(x(2, 3)), (b, v) -> {
            Value stem = b.node("Tanh", v[0]);
            return List.of(stem, b.node("Exp", stem));
        });
        fixed("Concat", NONE.with("axis", 0L), x(2, 3), x(1, 3));
    }

    private static void reductions() {
        for (String opType :
                ("ReduceMean ReduceSum ReduceMax ReduceMin ReduceL1 ReduceL2 ReduceSumSquare ReduceLogSumExp ReduceProd")
                        .split(" ")) {
            one(opType, NONE, x(2, 3, 4));
            one(opType, NONE.with("keepdims", 0L), x(2, 3, 4));
            one(opType, NONE, x(2, 3, 4), k(1));
            one(opType, NONE.with("keepdims", 0L), x(2, 3, 4), k(-1, 0));
            one(opType, NONE.with("keepdims", 0L), x(2, 3, 4), k(1, -1));
            one(opType, NONE.with("keepdims", 1L), x(2, 3, 4), k(-1, -2));
        }
        one("ReduceLogSum", NONE, positive(2, 3, 4), k(1));
        one("ReduceLogSum", NONE.with("keepdims", 0L), positive(2, 3, 4), k(-1, 0));
        one("ReduceLogSum", NONE, positive(2, 3));
        // one factor, two factors, no factor that is 0
        NDArray factors = new NDArray(new double[] {2, 0, 3, 0, 0, 5, 2, -1, 4}, 3, 3);
        one("ReduceProd", NONE, new Operand(Role.VARIABLE, factors), k(1));
        one("ReduceProd", NONE.with("keepdims", 0L), new Operand(Role.VARIABLE, factors), k(0));
        for (long exclusive : List.of(0L, 1L)) {
            for (long reverse : List.of(0L, 1L)) {
                Attributes attributes = NONE.with("exclusive", exclusive).with("reverse", reverse);
                one("CumSum", attributes, x(2, 3, 4), whole(1));
                one("CumSum", attributes, x(2, 3, 4), whole(-1));
            }
        }
        for (String opType : List.of("ReduceSum", "ReduceMean", "ReduceMax")) {
            one(opType, NONE.with("noop_with_empty_axes", 1L), x(2, 3));
            one(opType, NONE.with("noop_with_empty_axes", 1L).with("keepdims", 0L), x(2, 3), k());
        }
    }

    private static void structure() {
        one("Concat", NONE.with("axis", 1L), x(2, 3, 2), x(2, 1, 2), constant(2, 2, 2));
        one("Concat", NONE.with("axis", -1L), x(2, 3), x(2, 1));
        one("Concat", NONE.with("axis", -1L), x(2, 3));
        body(
                Batch.ANY,
                "Concat",
                "Concat of a value with itself",
                List.of(x(2, 3)),
                (b, v) -> List.of(b.node("Concat", NONE.with("axis", 1L), v[0], v[0])));
        body(
                Batch.ANY,
                "Split",
                "Split uneven",
                List.of(x(2, 6), k(1, 3, 2)),
                (b, v) -> b.nodes("Split", 3, NONE.with("axis", -1L), v));
        body(
                Batch.ANY,
                "Split",
                "Split with parts left out",
                List.of(x(2, 6), k(1, 3, 2)),
                (b, v) -> List.of(b.nodes("Split", 3, NONE.with("axis", 1L), v).get(1)));
        body(
                Batch.ANY,
                "Split",
                "Split by number",
                List.of(x(2, 7)),
                (b, v) -> b.nodes("Split", 3, NONE.with("axis", 1L).with("num_outputs", 3L), v));
        body(Batch.ANY, "Split", "Split with an output without a name", List.of(x(2, 6), k(1, 3, 2)), (b, v) -> {
            Value left = b.fresh("left");
            Value right = b.fresh("right");
            b.addFresh(new dev.vitrine.engine.graph.Node(
                    "split", "", "Split", List.of(v), List.of(left, Value.NONE, right), NONE.with("axis", 1L)));
            return List.of(left, right);
        });
        one("Reshape", NONE, x(2, 3, 4), k(0, -1));
        one("Reshape", NONE, x(2, 3, 4), k(0, 4, 3));
        fixed("Reshape", NONE, x(2, 3, 4), k(3, 8));
        one("Reshape", NONE, x(2, 3, 4), k(-1, 2, 2));
        one("Flatten", NONE, x(2, 3, 4));
        one("Flatten", NONE.with("axis", 0L), x(2, 3, 4));
        one("Flatten", NONE.with("axis", -1L), x(2, 3, 4));
        one("Squeeze", NONE, x(2, 1, 3, 1), k(1, -1));
        fixed("Squeeze", NONE, x(2, 1, 3, 1));
        one("Unsqueeze", NONE, x(2, 3), k(-1, 1));
        one("Transpose", NONE, x(2, 3, 4));
        one("Transpose", with("perm", 1, 2, 0), x(2, 3, 4));
        one("Transpose", with("perm", 2, 0, 1), x(2, 3, 4));
        one("Expand", NONE, x(3, 1), k(2, 3, 4));
        one("Expand", NONE, x(1, 3), k(4, 3));
        one("Expand", NONE, x(2, 3), k(1, 1));
        one("Tile", NONE, x(2, 3), k(2, 3));
        one("Tile", NONE, x(2, 3, 2), k(1, 1, 3));
        one("DepthToSpace", NONE.with("blocksize", 2L), x(2, 8, 2, 3));
        one("DepthToSpace", NONE.with("blocksize", 2L).with("mode", "CRD"), x(2, 8, 2, 3));
        one("SpaceToDepth", NONE.with("blocksize", 2L), x(2, 3, 4, 6));
        one("Trilu", NONE, x(2, 4, 5));
        one("Trilu", NONE.with("upper", 0L), x(2, 4, 5), whole(1));
        one("Trilu", NONE, x(2, 3, 4), whole(-1));
    }

    private static void slicesAndPads() {
        long most = Long.MAX_VALUE;
        one("Slice", NONE, x(2, 5, 6), k(0, 1), k(most, 4));
        one("Slice", NONE, x(2, 5, 6), k(1, 2), k(4, most), k(1, -1));
        one("Slice", NONE, x(2, 5, 6), k(-3), k(-1), k(1));
        one("Slice", NONE, x(2, 5, 6), k(0), k(most), k(1), k(2));
        one("Slice", NONE, x(2, 5, 6), k(1, 0), k(most, most), k(2, 1), k(2, 3));
        one("Slice", NONE, x(2, 5, 6), k(-1), k(Long.MIN_VALUE + 1), k(2), k(-1));
        one("Slice", NONE, x(2, 5, 6), k(-1, 3), k(-100, 0), k(2, 1), k(-2, -1));
        one("Slice", NONE, x(2, 5, 6), k(100), k(1), k(2), k(-3));
        one("Slice", NONE, x(2, 5, 6), k(-100), k(100), k(2), k(4));
        fixed("Slice", NONE, x(4, 3), k(1), k(3));
        fixed("Slice", NONE, x(5, 3), k(-1), k(Long.MIN_VALUE + 1), k(0), k(-2));
        for (String mode : List.of("constant", "reflect", "edge", "wrap")) {
            Attributes attributes = NONE.with("mode", mode);
            one("Pad", attributes, x(2, 4, 5), k(0, 1, 2, 0, 2, 3));
            one("Pad", attributes, x(2, 4, 5), k(2, 1), ABSENT, k(-1));
        }
        one("Pad", NONE, x(2, 4, 5), k(0, 1, -2, 0, -1, 3), scalar(2));
        one("Pad", NONE, x(2, 4, 5), k(2, -1, 1, 0), scalar(2), k(2, 1));
        fixed("Pad", NONE, x(2, 4), k(1, 0, 1, 1));
    }

    private static void indexing() {
        one("Gather", NONE.with("axis", 1L), x(2, 4, 3), whole(2));
        one("Gather", NONE.with("axis", -1L), x(2, 4, 3), whole(-1));
        one("Gather", NONE.with("axis", 1L), x(2, 4, 3), k(3, 0, 3, -2));
        one(
                "Gather",
                NONE.with("axis", 1L),
                x(2, 4, 3),
                k(NDArray.integers(0, 1, 3, 3, -1, 2).reshape(2, 3)));
        one(
                "Gather",
                NONE.with("axis", 2L),
                x(2, 4, 3),
                k(NDArray.integers(0, 1, 2, 2).reshape(2, 2)));
        fixed("Gather", NONE, x(4, 3), k(1, 1, 2));
        fixed("Gather", NONE, x(4, 3), whole(0));
        one(
                "GatherElements",
                NONE.with("axis", 1L),
                x(2, 4),
                k(NDArray.integers(3, 0, 3, 1, -1, 2).reshape(2, 3)));
        fixed(
                "GatherElements",
                NONE,
                x(4, 2),
                k(NDArray.integers(3, 0, 3, 1, 0, 2).reshape(3, 2)));
        for (String reduction : List.of("add", "none")) {
            Attributes attributes = NONE.with("axis", 1L).with("reduction", reduction);
            Operand indices = k(NDArray.integers(3, 0, 1, 1, -1, 2).reshape(2, 3));
            one("ScatterElements", attributes, x(2, 4), indices, x(2, 3));
        }
        one(
                "ScatterElements",
                NONE.with("axis", 1L).with("reduction", "add"),
                x(2, 4),
                k(NDArray.integers(3, 3, 1, 1, 1, 1).reshape(2, 3)),
                x(2, 3));
    }

    private static void selections() {
        fixed("GatherND", NONE, x(3, 4, 2), k(NDArray.integers(0, 3, 2, 1, 0, 3).reshape(3, 2)));
        fixed("GatherND", NONE, x(3, 4), k(NDArray.integers(0, 3, -1, 1).reshape(2, 2)));
        NDArray places = NDArray.integers(0, 3, 2, 1).reshape(2, 2);
        for (String reduction : List.of("none", "add")) {
            fixed("ScatterND", NONE.with("reduction", reduction), x(3, 4, 2), k(places), x(2, 2));
        }
        NDArray twice = NDArray.integers(0, 3, 0, 3).reshape(2, 2);
        fixed("ScatterND", NONE.with("reduction", "add"), x(3, 4), k(twice), x(2));
        NDArray mask = new NDArray(new double[] {0, 1, 1, 0}, new long[] {4}, Kind.BOOLEAN);
        one("Compress", NONE.with("axis", 1L), x(2, 4, 3), k(mask));
        fixed("Compress", NONE.with("axis", 0L), x(4, 3), k(mask));
        fixed("Compress", NONE, x(3, 3), k(mask));
        body(
                Batch.ANY,
                "TopK",
                "TopK values",
                List.of(x(3, 6), k(2)),
                (b, v) -> List.of(b.nodes("TopK", 2, NONE, v).get(0)));
        Attributes least = NONE.with("axis", 1L).with("largest", 0L);
        body(
                Batch.ANY,
                "TopK",
                "TopK least",
                List.of(x(2, 6, 2), k(3)),
                (b, v) -> List.of(b.nodes("TopK", 2, least, v).get(0)));
        one("Mod", NONE.with("fmod", 1L), x(value -> 5 * value, 2, 7), positive(7));
        one("Mod", NONE.with("fmod", 1L), x(value -> 5 * value, 2, 7), scalar(1.5));
    }

    private static void resizes() {
        List<String> coordinates =
                List.of("half_pixel", "asymmetric", "align_corners", "pytorch_half_pixel", "half_pixel_symmetric");
        for (String coordinate : coordinates) {
            Attributes attributes = NONE.with("coordinate_transformation_mode", coordinate);
            for (Operand sizes : List.of(k(2, 2, 7, 9), k(2, 2, 3, 2), k(2, 2, 8, 1))) {
                fixed("Resize", attributes.with("mode", "linear"), x(2, 2, 4, 5), ABSENT, ABSENT, sizes);
                fixed("Resize", attributes.with("mode", "cubic"), x(2, 2, 4, 5), ABSENT, ABSENT, sizes);
                fixed("Resize", attributes, x(2, 2, 4, 5), ABSENT, ABSENT, sizes);
            }
        }
        for (String nearest : List.of("round_prefer_floor", "round_prefer_ceil", "floor", "ceil")) {
            Attributes attributes =
                    NONE.with("coordinate_transformation_mode", "asymmetric").with("nearest_mode", nearest);
            fixed("Resize", attributes, x(2, 2, 4, 5), ABSENT, ABSENT, k(2, 2, 7, 3));
        }
        fixed(
                "Resize",
                NONE.with("mode", "cubic").with("exclude_outside", 1L).with("cubic_coeff_a", -.5f),
                x(1, 2, 4, 5),
                ABSENT,
                ABSENT,
                k(1, 2, 7, 3));
        Operand scales = k(new NDArray(new double[] {1, 1, 2, 1.5}, 4));
        one("Resize", NONE.with("mode", "linear"), x(2, 2, 3, 4), ABSENT, scales);
        one("Resize", NONE, x(2, 2, 3, 4), ABSENT, scales);
        // a scale of 1.2 leaves 4 places, at other coordinates
        Operand odd = k(new NDArray(new double[] {1, 1, 1.75, 1.2}, 4));
        one("Resize", NONE.with("mode", "linear"), x(2, 2, 3, 4), ABSENT, odd);
        Operand two = k(new NDArray(new double[] {1.7, 2.3}, 2));
        one("Resize", NONE.with("mode", "linear").with("axes", new long[] {3, 2}), x(2, 2, 3, 4), ABSENT, two);
        fixed("Resize", NONE.with("mode", "linear").with("axes", new long[] {-1}), x(2, 2, 3, 4), ABSENT, ABSENT, k(7));
    }

    private static void grids() {
        for (long corners : List.of(0L, 1L)) {
            for (String padding : List.of("zeros", "border", "reflection")) {
                for (String mode : List.of("linear", "cubic", "nearest")) {
                    Attributes attributes = NONE.with("padding_mode", padding)
                            .with("align_corners", corners)
                            .with("mode", mode);
                    fixed("GridSample", attributes, x(2, 3, 4, 5), x(2, 3, 2, 2));
                    fixed("GridSample", attributes, x(1, 2, 4, 5), x(value -> 1.5 * value, 1, 4, 3, 2));
                }
            }
        }
        one("GridSample", NONE, x(1, 2, 5, 4), k(NDArray.normal(RANDOM, 1, 3, 6, 2)));
    }
}
