package dev.vitrine.engine.onnx;

import static dev.vitrine.engine.onnx.Protos.constant;
import static dev.vitrine.engine.onnx.Protos.graph;
import static dev.vitrine.engine.onnx.Protos.info;
import static dev.vitrine.engine.onnx.Protos.integer;
import static dev.vitrine.engine.onnx.Protos.integers;
import static dev.vitrine.engine.onnx.Protos.model;
import static dev.vitrine.engine.onnx.Protos.node;
import static dev.vitrine.engine.onnx.Protos.real;
import static dev.vitrine.engine.onnx.Protos.reals;
import static dev.vitrine.engine.onnx.Protos.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.withPrecision;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.Node;
import dev.vitrine.engine.onnx.proto.AttributeProto;
import dev.vitrine.engine.onnx.proto.GraphProto;
import dev.vitrine.engine.onnx.proto.NodeProto;
import dev.vitrine.engine.onnx.proto.TensorProto;
import dev.vitrine.engine.onnx.proto.TypeProto;
import dev.vitrine.engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each older form gives, rewritten, what ONNX Runtime gives for it as it was. */
class OpsetNormalizerTest {
    /** A model that reads {@code x} and gives {@code y}, and the operators that it becomes. */
    private record Case(
            String name, long opset, long[] shape, List<TensorProto> constants, List<NodeProto> nodes, String becomes) {
        @Override
        public String toString() {
            return name + " of opset " + opset;
        }

        GraphProto.Builder graphProto() {
            Object[] dimensions = Arrays.stream(shape).boxed().toArray();
            GraphProto.Builder graph = graph("g").addInput(info("x", Protos.FLOAT, dimensions));
            constants.forEach(graph::addInitializer);
            if (opset < 9) {
                constants.forEach(tensor -> graph.addInput(info(
                        tensor.getName(),
                        tensor.getDataType(),
                        tensor.getDimsList().toArray())));
            }
            nodes.forEach(graph::addNode);
            return graph.addOutput(info("y").toBuilder().setType(anyShape()).build());
        }

        private static TypeProto anyShape() {
            return TypeProto.newBuilder()
                    .setTensorType(TypeProto.Tensor.newBuilder().setElemType(Protos.FLOAT))
                    .build();
        }
    }

    private static Case of(String name, long opset, long[] shape, String becomes, NodeProto... nodes) {
        return new Case(name, opset, shape, List.of(), List.of(nodes), becomes);
    }

    private static Case of(
            String name, long opset, long[] shape, List<TensorProto> constants, String becomes, NodeProto... nodes) {
        return new Case(name, opset, shape, constants, List.of(nodes), becomes);
    }

    private static long[] shape(long... sizes) {
        return sizes;
    }

    private static TensorProto weights(String name, long[] shape, float... data) {
        return constant(name, Tensor.floats(data, shape));
    }

    private static TensorProto vector(String name, long... data) {
        return constant(name, Tensor.vector(data));
    }

    static Stream<Case> cases() {
        List<Case> cases = new ArrayList<>();
        long[] image = shape(2, 3, 4, 5);
        cases.add(of("Squeeze", 11, shape(2, 1, 3, 1), "Squeeze", node("Squeeze", "x", "y", integers("axes", 1, -1))));
        cases.add(of("Squeeze without axes", 11, shape(2, 1, 3, 1), "Squeeze", node("Squeeze", "x", "y")));
        cases.add(of("Unsqueeze", 7, shape(2, 3), "Unsqueeze", node("Unsqueeze", "x", "y", integers("axes", 0, 3))));
        for (String reduction : List.of(
                "ReduceL1",
                "ReduceL2",
                "ReduceLogSumExp",
                "ReduceMax",
                "ReduceMean",
                "ReduceMin",
                "ReduceProd",
                "ReduceSum",
                "ReduceSumSquare")) {
            cases.add(of(
                    reduction,
                    11,
                    image,
                    reduction,
                    node(reduction, "x", "y", integers("axes", 1, -1), integer("keepdims", 0))));
            cases.add(of(reduction + " of all", 7, image, reduction, node(reduction, "x", "y")));
        }
        cases.add(of(
                "ReduceLogSum",
                13,
                image,
                "Abs ReduceLogSum",
                node("Abs", "x", "a"),
                node("ReduceLogSum", "a", "y", integers("axes", 2))));
        cases.add(of("ReduceMean", 17, image, "ReduceMean", node("ReduceMean", "x", "y", integers("axes", 2, 3))));
        cases.add(of(
                "Slice",
                9,
                image,
                "Slice",
                node("Slice", "x", "y", integers("starts", 1, -3), integers("ends", 9, -1), integers("axes", 1, 3))));
        cases.add(of(
                "Slice without axes",
                7,
                image,
                "Slice",
                node("Slice", "x", "y", integers("starts", 0, 1), integers("ends", 1, 3))));
        cases.add(of(
                "Pad",
                10,
                image,
                "Pad",
                node("Pad", "x", "y", integers("pads", 0, 0, 1, 2, 0, 0, 0, 1), real("value", 7))));
        cases.add(of(
                "Pad reflect",
                7,
                image,
                "Pad",
                node("Pad", "x", "y", integers("pads", 0, 0, 1, 2, 0, 0, 0, 1), text("mode", "reflect"))));
        cases.add(of("Clip", 10, image, "Clip", node("Clip", "x", "y", real("min", -.5f), real("max", .25f))));
        cases.add(of("Clip max", 7, image, "Clip", node("Clip", "x", "y", real("max", .25f))));
        cases.add(of("Clip min", 7, image, "Clip", node("Clip", "x", "y", real("min", 0))));
        cases.add(of("Dropout", 7, image, "Dropout", node("Dropout", "x", "y", real("ratio", .9f))));
        cases.add(of("Dropout", 11, image, "Dropout", node("Dropout", "x", "y")));
        cases.add(of(
                "Upsample",
                7,
                image,
                "Resize",
                node("Upsample", "x", "y", reals("scales", 1, 1, 2, 3), text("mode", "nearest"))));
        cases.add(of(
                "Upsample of odd scale",
                8,
                image,
                "Resize",
                node("Upsample", "x", "y", reals("scales", 1, 1, 1.7f, 2.5f), text("mode", "nearest"))));
        cases.add(of(
                "Upsample linear",
                9,
                image,
                List.of(weights("s", shape(4), 1, 1, 2, 2.5f)),
                "Resize",
                node("Upsample", "x s", "y", text("mode", "linear"))));
        for (String mode : List.of("nearest", "linear")) {
            cases.add(of(
                    "Resize smaller " + mode,
                    10,
                    image,
                    List.of(weights("s", shape(4), 1, 1, .5f, .6f)),
                    "Resize",
                    node("Resize", "x s", "y", text("mode", mode))));
            cases.add(of(
                    "Resize larger " + mode,
                    10,
                    image,
                    List.of(weights("s", shape(4), 1, 1, 1.5f, 2.2f)),
                    "Resize",
                    node("Resize", "x s", "y", text("mode", mode))));
        }
        cases.add(of(
                "Resize centerd",
                11,
                image,
                List.of(weights("r", shape(0)), weights("s", shape(4), 1, 1, 1.5f, .6f)),
                "Resize",
                node(
                        "Resize",
                        "x r s",
                        "y",
                        text("coordinate_transformation_mode", "tf_half_pixel_for_nn"),
                        text("nearest_mode", "floor"))));
        cases.add(of(
                "Resize to sizes",
                12,
                image,
                List.of(weights("r", shape(0)), weights("s", shape(0)), vector("n", 2, 3, 7, 9)),
                "Resize",
                node("Resize", "x r s n", "y", text("mode", "linear"))));
        for (String softmax : List.of("Softmax", "LogSoftmax", "Hardmax")) {
            cases.add(of(softmax + " of the last", 11, shape(3, 5), softmax, node(softmax, "x", "y")));
            cases.add(of(
                    softmax + " flattened",
                    11,
                    image,
                    "Shape Concat Reshape " + softmax + " Reshape",
                    node(softmax, "x", "y", integer("axis", 2))));
            cases.add(of(
                    softmax + " of unknown rank",
                    7,
                    shape(2, 1, 3, 2),
                    "Squeeze Shape Concat Reshape " + softmax + " Reshape",
                    node("Squeeze", "x", "a", integers("axes", 1)),
                    node(softmax, "a", "y")));
            cases.add(of(
                    softmax + " with ones behind",
                    11,
                    shape(2, 5, 1, 1),
                    softmax,
                    node(softmax, "x", "y", integer("axis", 1))));
            cases.add(of(
                    softmax + " of all",
                    11,
                    image,
                    "Shape Flatten " + softmax + " Reshape",
                    node(softmax, "x", "y", integer("axis", 0))));
            cases.add(of(softmax, 13, image, softmax, node(softmax, "x", "y", integer("axis", 1))));
        }
        String meanVariance = "ReduceMean Sub Mul ReduceMean Sqrt Add Div";
        for (long opset : new long[] {9, 13, 22}) {
            cases.add(of(
                    "MeanVarianceNormalization",
                    opset,
                    image,
                    meanVariance,
                    node("MeanVarianceNormalization", "x", "y")));
        }
        cases.add(of(
                "MeanVarianceNormalization of each map",
                13,
                image,
                meanVariance,
                node("MeanVarianceNormalization", "x", "y", integers("axes", 2, 3))));
        cases.add(of(
                "Softmax behind a dense layer of computed shape",
                11,
                shape(2, 3, 1, 1),
                List.of(
                        vector("zero", 0),
                        vector("one", 1),
                        vector("rest", 3),
                        weights("w", shape(3, 2), 1, 2, 3, 4, 5, 6),
                        weights("b", shape(2), 1, -1)),
                "Shape Slice Concat Reshape MatMul Add Softmax",
                node("Shape", "x", "s"),
                node("Slice", "s zero one zero one", "n"),
                node("Concat", "n rest", "t", integer("axis", 0)),
                node("Reshape", "x t", "r"),
                node("MatMul", "r w", "m"),
                node("Add", "m b", "a"),
                node("Softmax", "a", "y", integer("axis", 1))));
        cases.add(of(
                "Softmax after Flatten",
                9,
                image,
                "Flatten Softmax",
                node("Flatten", "x", "a"),
                node("Softmax", "a", "y", integer("axis", 1))));
        List<TensorProto> statistics = List.of(
                weights("scale", shape(3), 1, 2, .5f),
                weights("shift", shape(3), 0, -1, 1),
                weights("mean", shape(3), .1f, .2f, -.3f),
                weights("var", shape(3), 1, 2, .3f));
        cases.add(of(
                "BatchNormalization",
                7,
                image,
                statistics,
                "BatchNormalization",
                node("BatchNormalization", "x scale shift mean var", "y", integer("spatial", 1))));
        cases.add(of(
                "BatchNormalization",
                9,
                image,
                statistics,
                "BatchNormalization",
                node("BatchNormalization", "x scale shift mean var", "y", real("epsilon", .01f))));
        cases.add(of(
                "BatchNormalization of each element",
                7,
                shape(2, 3, 2),
                List.of(
                        weights("scale", shape(3, 2), 1, 2, .5f, 1, 2, 3),
                        weights("shift", shape(3, 2), 0, -1, 1, .4f, .3f, .2f),
                        weights("mean", shape(3, 2), .1f, .2f, -.3f, 0, .1f, .4f),
                        weights("var", shape(3, 2), 1, 2, .3f, .4f, 1, 1)),
                "Add Sqrt Sub Div Mul Add",
                node("BatchNormalization", "x scale shift mean var", "y", integer("spatial", 0))));
        cases.add(of(
                "Split",
                11,
                image,
                "Split Concat",
                node("Split", "x", "a b", integer("axis", 1), integers("split", 1, 2)),
                node("Concat", "b a", "y", integer("axis", 1))));
        cases.add(of(
                "Split evenly",
                13,
                image,
                "Split Sub",
                node("Split", "x", "a b", integer("axis", 2)),
                node("Sub", "a b", "y")));
        cases.add(of("TopK", 9, image, "TopK", node("TopK", "x", "y i", integer("k", 2), integer("axis", 1))));
        cases.add(of(
                "Gemm",
                7,
                shape(2, 3),
                List.of(weights("w", shape(3, 2), 1, 2, 3, 4, 5, 6), weights("b", shape(2), 1, 2)),
                "Gemm",
                node("Gemm", "x w b", "y")));
        cases.add(of(
                "Scatter",
                9,
                shape(3, 3),
                List.of(constant("i", Tensor.longs(new long[] {1, 0, 2}, 1, 3)), weights("u", shape(1, 3), 7, 8, 9)),
                "ScatterElements",
                node("Scatter", "x i u", "y")));
        cases.add(of(
                "GroupNormalization",
                18,
                shape(2, 6, 2, 2),
                List.of(weights("scale", shape(2), 1, 2), weights("shift", shape(2), 3, -1)),
                "Shape Div Concat Reshape Expand Reshape Reshape Expand Reshape GroupNormalization",
                node("GroupNormalization", "x scale shift", "y", integer("num_groups", 2))));
        cases.add(of(
                "RoiAlign",
                10,
                shape(1, 2, 6, 6),
                List.of(weights("r", shape(1, 4), 0, 1, 4, 5), vector("b", 0)),
                "RoiAlign",
                node("RoiAlign", "x r b", "y", integer("output_height", 2), integer("output_width", 2))));
        for (String mode : List.of("bilinear", "nearest", "bicubic")) {
            cases.add(of(
                    "GridSample " + mode,
                    16,
                    shape(1, 2, 4, 4),
                    List.of(weights("g", shape(1, 1, 3, 2), -.5f, .2f, .3f, .9f, 0, -.7f)),
                    "GridSample",
                    node("GridSample", "x g", "y", text("mode", mode))));
        }
        cases.add(of("DFT", 17, shape(1, 4, 3, 1), "DFT", node("DFT", "x", "y", integer("axis", 2))));
        cases.add(of("DFT of axis 1", 17, shape(1, 4, 3, 1), "DFT", node("DFT", "x", "y")));
        cases.add(of(
                "ImageScaler",
                7,
                image,
                "Mul Add",
                node("ImageScaler", "x", "y", real("scale", .5f), reals("bias", 1, 2, 3))));
        cases.add(of(
                "AveragePool with ceil",
                11,
                shape(1, 2, 6, 7),
                "AveragePool",
                node(
                        "AveragePool",
                        "x",
                        "y",
                        integers("kernel_shape", 3, 3),
                        integers("strides", 2, 3),
                        integers("pads", 1, 0, 1, 1),
                        integer("ceil_mode", 1))));
        cases.add(of(
                "MaxPool with ceil",
                10,
                shape(1, 2, 6, 7),
                "MaxPool",
                node(
                        "MaxPool",
                        "x",
                        "y",
                        integers("kernel_shape", 3, 3),
                        integers("strides", 2, 3),
                        integer("ceil_mode", 1))));
        cases.add(of("Swish", 24, image, "Sigmoid Mul", node("Swish", "x", "y")));
        cases.add(of("Swish with alpha", 24, image, "Mul Sigmoid Mul", node("Swish", "x", "y", real("alpha", 1.7f))));
        cases.add(of(
                "RMSNormalization",
                23,
                image,
                List.of(weights("scale", shape(5), 1, 2, 3, 4, 5)),
                "Mul ReduceMean Add Sqrt Div Mul",
                node("RMSNormalization", "x scale", "y")));
        cases.add(of(
                "RMSNormalization over axes",
                23,
                image,
                List.of(constant("scale", Tensor.scalar(2f))),
                "Mul ReduceMean Add Sqrt Div Mul",
                node("RMSNormalization", "x scale", "y", integer("axis", 1), real("epsilon", .1f))));
        cases.add(of("Relu", 22, image, "Relu", node("Relu", "x", "y")));
        return cases.stream();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void sameMeaning(Case each) throws Exception {
        byte[] original = model(each.opset(), each.graphProto()).build().toByteArray();
        Graph graph = OnnxReader.read(original);
        Random random = new Random(7);
        float[] data = new float[(int) Tensor.elements(each.shape())];
        for (int i = 0; i < data.length; i++) {
            data[i] = random.nextFloat() * 2 - 1;
        }
        Map<String, Tensor> input = Map.of("x", Tensor.floats(data, each.shape()));

        assertThat(graph.opsets()).isEqualTo(Map.of("", Graph.OPSET));
        assertThat(graph.nodes().stream().map(Node::opType).collect(Collectors.joining(" ")))
                .isEqualTo(each.becomes());
        float[] expected = Ort.run(original, input).get("y");
        // Only the order of a few additions differs.
        assertThat(Ort.run(OnnxWriter.toBytes(graph), input).get("y")).containsExactly(expected, withPrecision(2e-6f));
    }

    /** A pool with ceil_mode along 10 sizes of one axis: kernel, stride, dilation, padding before and behind. */
    private static Stream<List<Integer>> windows() {
        return Stream.of(
                List.of(2, 2, 1, 1, 1),
                List.of(2, 2, 1, 0, 1),
                List.of(3, 3, 1, 1, 1),
                List.of(3, 2, 1, 0, 2),
                List.of(3, 2, 1, 1, 1),
                List.of(1, 2, 1, 0, 0),
                List.of(2, 4, 1, 1, 1),
                List.of(2, 3, 2, 0, 1));
    }

    @ParameterizedTest
    @MethodSource("windows")
    void noWindowBeginsInThePaddingBehind(List<Integer> window) throws Exception {
        for (long opset : List.of(12L, 22L)) {
            for (String pool : List.of("MaxPool", "AveragePool", "LpPool")) {
                boolean dilated = window.get(2) > 1;
                if (opset < 22 && (pool.equals("LpPool") || dilated && !pool.equals("MaxPool"))) {
                    continue; // not in this opset
                }
                for (int size = 3; size < 13; size++) {
                    sameAsTheKernel(opset, pool, window, size);
                }
            }
        }
    }

    private static void sameAsTheKernel(long opset, String pool, List<Integer> window, int size) throws Exception {
        List<AttributeProto> attributes = new ArrayList<>(List.of(
                integers("kernel_shape", 2, window.get(0)),
                integers("strides", 1, window.get(1)),
                integers("pads", 0, window.get(3), 0, window.get(4)),
                integer("ceil_mode", 1)));
        if (window.get(2) > 1) {
            attributes.add(integers("dilations", 1, window.get(2)));
        }
        Case one = of(
                pool,
                opset,
                shape(1, 2, 3, size),
                pool,
                node(pool, "x", "y", attributes.toArray(AttributeProto[]::new)));
        byte[] original = model(opset, one.graphProto()).build().toByteArray();
        Graph graph = OnnxReader.read(original);
        float[] data = new float[6 * size];
        Random random = new Random(size);
        for (int i = 0; i < data.length; i++) {
            data[i] = random.nextFloat();
        }
        Map<String, Tensor> input = Map.of("x", Tensor.floats(data, one.shape()));
        float[] expected = Ort.run(original, input).get("y");
        String where = opset + " " + pool + window + " of " + size;
        assertThat(Ort.run(OnnxWriter.toBytes(graph), input).get("y"))
                .as(where)
                .containsExactly(expected, withPrecision(1e-6f));
        long[] inferred = Ort.inferredShape(OnnxWriter.toBytes(graph), "y");
        assertThat(Tensor.elements(inferred)).as(where).isEqualTo(expected.length);
    }

    @Test
    void everyChangeHasACase() {
        Set<String> covered = new HashSet<>();
        cases().forEach(each -> each.nodes().forEach(node -> covered.add(node.getOpType())));
        Set<String> changed = OpsetNormalizer.CHANGES.stream()
                .map(OpsetNormalizer.Change::opType)
                .collect(Collectors.toSet());
        changed.remove("Scan"); // refused, below
        assertThat(covered).containsAll(changed);
    }

    @Test
    void changesOfAnOperatorAreInOrderOfVersion() {
        Map<String, Long> last = new HashMap<>();
        for (OpsetNormalizer.Change change : OpsetNormalizer.CHANGES) {
            assertThat(change.since()).isGreaterThan(last.getOrDefault(change.opType(), 7L));
            last.put(change.opType(), change.since());
        }
    }

    @Test
    void whatOnlyANewerOpsetHasKeepsThatOpset() {
        GraphProto.Builder graph = graph("g")
                .addInput(info("x", Protos.FLOAT, "N", 2, 3, 4))
                .addOutput(info("y", Protos.FLOAT, "N", 2, 3, 4))
                .addNode(node("Attention", "x x x", "a"))
                .addNode(node("Swish", "a", "y"));

        Graph read = OnnxReader.read(model(24, graph).build().toByteArray());

        assertThat(read.opsets()).isEqualTo(Map.of("", 24L));
        assertThat(read.nodes().stream().map(Node::opType)).containsExactly("Attention", "Sigmoid", "Mul");
    }

    /** ONNX Runtime divides the window that hangs over the edge by 3 before opset 19, and by 2, as PyTorch, from 19 on. */
    @Test
    void averagesWithCeilAndPaddingLeaveOutWhatIsBeyondThePadding() throws Exception {
        GraphProto.Builder graph = graph("g")
                .addInput(info("x", Protos.FLOAT, 1, 1, 1, 4))
                .addOutput(info("y", Protos.FLOAT, 1, 1, 1, 2))
                .addNode(node(
                        "AveragePool",
                        "x",
                        "y",
                        integers("kernel_shape", 1, 3),
                        integers("strides", 1, 2),
                        integer("ceil_mode", 1),
                        integer("count_include_pad", 1)));
        Graph read = OnnxReader.read(model(11, graph).build().toByteArray());

        assertThat(Ort.run(OnnxWriter.toBytes(read), Map.of("x", Tensor.floats(new float[] {1, 2, 3, 4}, 1, 1, 1, 4)))
                        .get("y"))
                .containsExactly(2, 3.5f);
    }

    @Test
    void limitsForWhatIsNoRealNumberAreRefused() {
        GraphProto.Builder graph = graph("g")
                .addInput(info("x", 9, 1, 2))
                .addOutput(info("y", 9, 1, 2))
                .addNode(node("Clip", "x", "y", real("min", 0)));

        assertThatThrownBy(() -> OnnxReader.read(model(8, graph).build().toByteArray()))
                .isInstanceOf(VitrineException.class)
                .hasMessageStartingWith("Node 'y' (Clip): found an input of BOOL, expected a floating-point type");
    }

    @Test
    void aPoolWithTooFewStridesIsRefused() {
        GraphProto.Builder graph = graph("g")
                .addInput(info("x", Protos.FLOAT, 1, 1, 6, 6))
                .addOutput(info("y", Protos.FLOAT, 1, 1, 3, 3))
                .addNode(node(
                        "MaxPool",
                        "x",
                        "y",
                        integers("kernel_shape", 2, 2),
                        integers("strides", 2),
                        integer("ceil_mode", 1)));

        assertThatThrownBy(() -> OnnxReader.read(model(13, graph).build().toByteArray()))
                .isInstanceOf(VitrineException.class)
                .hasMessageContaining("found kernel_shape of 2, strides of 1");
    }

    @Test
    void scanOfOpset8IsRefused() {
        GraphProto.Builder graph = graph("g")
                .addInput(info("x", Protos.FLOAT, 1, 2))
                .addOutput(info("y", Protos.FLOAT, 1, 2))
                .addNode(node("Scan", "_ x", "y"));

        assertThatThrownBy(() -> OnnxReader.read(model(8, graph).build().toByteArray()))
                .isInstanceOf(VitrineException.class)
                .hasMessage(
                        "Node 'y' (Scan): the Scan of opset 8 is not supported. Export the model again with opset 9 or"
                                + " higher.");
    }
}
