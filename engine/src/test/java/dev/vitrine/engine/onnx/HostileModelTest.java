package dev.vitrine.engine.onnx;

import static dev.vitrine.engine.onnx.Protos.constant;
import static dev.vitrine.engine.onnx.Protos.graph;
import static dev.vitrine.engine.onnx.Protos.info;
import static dev.vitrine.engine.onnx.Protos.integer;
import static dev.vitrine.engine.onnx.Protos.integers;
import static dev.vitrine.engine.onnx.Protos.model;
import static dev.vitrine.engine.onnx.Protos.node;
import static dev.vitrine.engine.onnx.Protos.opset;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.Node;
import dev.vitrine.engine.onnx.proto.FunctionProto;
import dev.vitrine.engine.onnx.proto.GraphProto;
import dev.vitrine.engine.onnx.proto.ModelProto;
import dev.vitrine.engine.onnx.proto.NodeProto;
import dev.vitrine.engine.onnx.proto.SparseTensorProto;
import dev.vitrine.engine.onnx.proto.TensorProto;
import dev.vitrine.engine.runtime.TypeInference;
import dev.vitrine.engine.tensor.ElementType;
import dev.vitrine.engine.tensor.Tensor;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Models that would never be read, end the process, or be read as something else: each is refused by name. */
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class HostileModelTest {
    private static GraphProto.Builder picture() {
        return graph("g").addInput(info("x", Protos.FLOAT, "N", 3, 4, 4)).addOutput(info("y"));
    }

    private static Graph read(long opset, GraphProto.Builder graph) {
        return OnnxReader.read(model(opset, graph).build().toByteArray());
    }

    private static Graph typed(GraphProto.Builder graph) {
        return TypeInference.infer(read(17, graph));
    }

    @Test
    void aCircleBeforeAnOperatorThatAsksForItsRankIsFound() {
        GraphProto.Builder circle = picture()
                .addNode(node("Relu", "b", "a"))
                .addNode(node("Relu", "a", "b"))
                .addNode(node("Softmax", "b", "y"))
                .addNode(node("Clip", "a", "c", Protos.real("min", 0)));
        assertThatThrownBy(() -> read(9, circle))
                .isInstanceOf(VitrineException.class)
                .hasMessageContaining("depends on its own result");
    }

    @Test
    void ranksAreFollowedThroughALongChainOnceForAll() {
        GraphProto.Builder chain = picture();
        chain.addNode(node("Softmax", "x", "v0", integer("axis", 3)));
        int length = 60_000;
        for (int i = 1; i < length; i++) {
            chain.addNode(node("Softmax", "v" + (i - 1), "v" + i, integer("axis", 3)));
        }
        Graph read = read(11, chain.addNode(node("Identity", "v" + (length - 1), "y")));
        assertThat(read.nodes().stream().filter(node -> node.opType().equals("Softmax")))
                .hasSize(length)
                .last()
                .extracting(node -> node.attributes().integer("axis", 0))
                .isEqualTo(3L);
    }

    @Test
    void aShapeConcatenatedFromItselfAgainAndAgainIsNotCounted() {
        GraphProto.Builder graph = picture().addInitializer(constant("none", Tensor.vector()));
        graph.addNode(node("Concat", "none none", "s0", integer("axis", 0)));
        for (int i = 1; i < 64; i++) {
            graph.addNode(node("Concat", "s" + (i - 1) + " s" + (i - 1), "s" + i, integer("axis", 0)));
        }
        graph.addNode(node("Reshape", "x s63", "r")).addNode(node("Softmax", "r", "y"));
        assertThat(read(11, graph).nodes()).isNotEmpty();
    }

    private static FunctionProto function(String name, int calls, String called) {
        FunctionProto.Builder function = FunctionProto.newBuilder()
                .setDomain("own")
                .setName(name)
                .addInput("a")
                .addOutput("v" + (calls - 1))
                .addOpsetImport(opset("own", 1));
        for (int i = 0; i < calls; i++) {
            function.addNode(NodeProto.newBuilder()
                    .setOpType(called)
                    .setDomain("own")
                    .addInput(i == 0 ? "a" : "v" + (i - 1))
                    .addOutput("v" + i));
        }
        return function.build();
    }

    private static ModelProto.Builder calling(String function) {
        NodeProto call = node(function, "x", "y").toBuilder().setDomain("own").build();
        return model(17, picture().addNode(call)).addOpsetImport(opset("own", 1));
    }

    @Test
    void functionsThatWouldBecomeMillionsOfNodesAreRefusedBeforeTheyDo() {
        ModelProto.Builder bomb = calling("f0");
        for (int i = 0; i < 40; i++) {
            bomb.addFunctions(function("f" + i, 10, "f" + (i + 1)));
        }
        assertThatThrownBy(() -> OnnxReader.read(bomb.build().toByteArray()))
                .isInstanceOf(VitrineException.class)
                .hasMessageContaining("nodes and operands")
                .hasMessageContaining("Export the model again without functions");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 1000})
    void functionsThatCallEachOtherInACircleAreRefused(int length) {
        ModelProto.Builder circle = calling("f0");
        for (int i = 0; i < length; i++) {
            circle.addFunctions(function("f" + i, 1, "f" + (i + 1) % length));
        }
        assertThatThrownBy(() -> OnnxReader.read(circle.build().toByteArray()))
                .isInstanceOf(VitrineException.class)
                .hasMessageContaining("calls itself, or more than 64 functions deep");
    }

    @Test
    void functionsOfModerateSizeAreStillInlined() {
        ModelProto.Builder model = calling("f0").addFunctions(function("f0", 30, "f1"));
        FunctionProto.Builder relu = function("f1", 1, "Relu").toBuilder();
        relu.getNodeBuilder(0).setDomain("");
        assertThat(OnnxReader.read(model.addFunctions(relu).build().toByteArray())
                        .nodes())
                .hasSize(30)
                .extracting(Node::opType)
                .containsOnly("Relu");
    }

    @Test
    void thirtyThousandEqualNamesAreToldApartInOnePass() {
        int count = 30_000;
        GraphProto.Builder graph = picture();
        for (int i = 0; i < count; i++) {
            graph.addNode(node("Relu", i == 0 ? "x" : "v" + (i - 1), "v" + i).toBuilder()
                    .setName("same"));
        }
        Graph read = read(17, graph.addNode(node("Identity", "v" + (count - 1), "y")));
        assertThat(read.nodes().stream().map(Node::name).distinct()).hasSize(count + 1);
    }

    @Test
    void aNameIsDefinedOnce() {
        Tensor one = Tensor.scalar(1f);
        assertThatThrownBy(() -> read(
                        17,
                        picture()
                                .addInitializer(constant("k", one))
                                .addInitializer(constant("k", Tensor.scalar(2f)))
                                .addNode(node("Mul", "x k", "y"))))
                .hasMessageContaining("Constant 'k': it is defined twice");
        assertThatThrownBy(() -> read(
                        17,
                        picture()
                                .addInitializer(constant("k", one))
                                .addNode(node("Constant", "", "k", Protos.real("value_float", 2)))
                                .addNode(node("Mul", "x k", "y"))))
                .hasMessageContaining("Constant 'k': it is defined twice");
        assertThatThrownBy(() -> read(
                        17,
                        picture()
                                .addNode(node("Constant", "", "x", Protos.real("value_float", 2)))
                                .addNode(node("Relu", "x", "y"))))
                .hasMessageContaining("Constant 'x': an input has the same name");
        assertThatThrownBy(() ->
                        read(17, picture().addInput(info("x", Protos.FLOAT, 1)).addNode(node("Relu", "x", "y"))))
                .hasMessageContaining("Input 'x': two inputs have this name");
        assertThatThrownBy(() ->
                        read(17, picture().addInitializer(constant("", one)).addNode(node("Relu", "x", "y"))))
                .hasMessageContaining("has no name");
    }

    @Test
    void aSparseConstantsIndicesMustBeWhole() {
        TensorProto values = constant("k", Tensor.floats(new float[] {1, 2, 3}, 3));
        for (Tensor indices : new Tensor[] {
            Tensor.vector(1), Tensor.vector(0, 1, 4), Tensor.vector(0, -1, 2), Tensor.longs(new long[3], 3, 1)
        }) {
            SparseTensorProto sparse = SparseTensorProto.newBuilder()
                    .setValues(values)
                    .setIndices(constant("i", indices))
                    .addDims(2)
                    .addDims(2)
                    .build();
            assertThatThrownBy(() ->
                            read(17, picture().addSparseInitializer(sparse).addNode(node("Mul", "x k", "y"))))
                    .isInstanceOf(VitrineException.class)
                    .hasMessageContaining("Constant 'k'");
        }
        SparseTensorProto huge = SparseTensorProto.newBuilder()
                .setValues(values)
                .setIndices(constant("i", Tensor.vector(0, 1, 2)))
                .addDims(1L << 40)
                .addDims(1L << 40)
                .build();
        assertThatThrownBy(() -> read(17, picture().addSparseInitializer(huge).addNode(node("Mul", "x k", "y"))))
                .hasMessageContaining("512 MiB");
    }

    @Test
    void anInputThatNoTensorCanHoldIsRefused() {
        GraphProto.Builder graph = graph("g")
                .addInput(info("x", Protos.FLOAT, "N", 3, 1L << 31, 1L << 31))
                .addOutput(info("y"))
                .addNode(node("Relu", "x", "y"));
        assertThatThrownBy(() -> read(17, graph)).hasMessageContaining("larger than 2 GiB");
    }

    @ParameterizedTest
    @CsvSource({
        "Sum, x x _",
        "Max, x _ x",
        "Mean, x _",
        "Add, _ x",
        "Concat, x _",
        "Gather, x _",
        "Conv, x _",
        "Reshape, x _"
    })
    void aRequiredInputLeftOutIsRefused(String operator, String inputs) {
        NodeProto node = node(operator, inputs, "y", integer("axis", 1));
        assertThatThrownBy(() -> read(17, picture().addNode(node)))
                .isInstanceOf(VitrineException.class)
                .hasMessageContaining("(" + operator + "): found no input");
    }

    @ParameterizedTest
    @CsvSource({
        "MaxPool, strides, 0 1",
        "MaxPool, kernel_shape, 0 3",
        "MaxPool, kernel_shape, 2147483647 3",
        "AveragePool, dilations, -1 1",
        "LpPool, strides, 1",
        "Conv, strides, -2 1",
        "Conv, dilations, 1 4611686018427387904",
        "Conv, pads, 9223372036854775807 0 0 0",
        "Conv, kernel_shape, 3 3 3",
        "Conv, pads, 1 1 1 -2",
        "MaxPool, pads, 1 1 -1 0",
        "ConvTranspose, strides, 1099511627776 1"
    })
    void aWindowThatCannotBeIsRefused(String operator, String attribute, String numbers) {
        long[] list = IntStream.range(0, numbers.split(" ").length)
                .mapToLong(i -> Long.parseLong(numbers.split(" ")[i]))
                .toArray();
        NodeProto.Builder node = node(operator, "x k", "y").toBuilder();
        if (operator.endsWith("Pool")) {
            node.clearInput().addInput("x");
            if (!attribute.equals("kernel_shape")) {
                node.addAttribute(integers("kernel_shape", 2, 2));
            }
        }
        node.addAttribute(integers(attribute, list));
        GraphProto.Builder graph = picture()
                .addInitializer(constant("k", Tensor.floats(new float[27], 3, 3, 3, 1)))
                .addNode(node);
        assertThatThrownBy(() -> typed(graph))
                .isInstanceOf(VitrineException.class)
                .hasMessageContaining("(" + operator + ")")
                .hasMessageNotContaining("contradict each other");
    }

    @Test
    void aWindowLargerThanWhatIsLeftIsRefusedBeforeALaterSliceEndsTheProcess() {
        GraphProto.Builder graph = picture()
                .addInitializer(constant("k", Tensor.floats(new float[2 * 3 * 7 * 7], 2, 3, 7, 7)))
                .addInitializer(constant("from", Tensor.vector(0, 0)))
                .addInitializer(constant("to", Tensor.vector(Integer.MAX_VALUE, Integer.MAX_VALUE)))
                .addInitializer(constant("axes", Tensor.vector(2, 3)))
                .addInitializer(constant("steps", Tensor.vector(2, 2)))
                .addNode(node("Conv", "x k", "c"))
                .addNode(node("Relu", "c", "r"))
                .addNode(node("Slice", "r from to axes steps", "y"));
        assertThatThrownBy(() -> typed(graph))
                .isInstanceOf(VitrineException.class)
                .hasMessageContaining("its window of 7 positions does not fit into 4")
                .hasMessageContaining("Give a larger input size");
    }

    /** The runtime divides by the number of lists, and ends the process where there are none. */
    @Test
    void theLargestOfNothingAreRefused() {
        GraphProto.Builder graph = picture()
                .addInitializer(constant("from", Tensor.vector(0)))
                .addInitializer(constant("to", Tensor.vector(0)))
                .addInitializer(constant("axis", Tensor.vector(2)))
                .addInitializer(constant("k", Tensor.vector(2)))
                .addNode(node("Slice", "x from to axis", "s"))
                .addNode(node("TopK", "s k", "y i", integer("axis", 3)));
        assertThatThrownBy(() -> typed(graph))
                .isInstanceOf(VitrineException.class)
                .hasMessageContaining("(TopK): its input 's' is")
                .hasMessageContaining("which is empty");
    }

    @Test
    void paddingTakesAwayNoMoreThanIsThere() {
        GraphProto.Builder graph = picture()
                .addInitializer(constant("pads", Tensor.vector(0, 0, -3, 0, 0, 0, -3, 0)))
                .addNode(node("Pad", "x pads", "y"));
        assertThatThrownBy(() -> typed(graph)).hasMessageContaining("removes more than the input has");
    }

    @Test
    void scalesOfAResizeAreAListOfOneAnAxis() {
        for (Tensor scales : new Tensor[] {
            Tensor.floats(new float[] {1, 1, 2}, 3),
            Tensor.floats(new float[] {1, 1, 2, 2}, 2, 2),
            Tensor.floats(new float[64], 4, 4, 4)
        }) {
            GraphProto.Builder graph =
                    picture().addInitializer(constant("s", scales)).addNode(node("Resize", "x _ s", "y"));
            assertThatThrownBy(() -> typed(graph)).isInstanceOf(VitrineException.class);
        }
        // Scales that are the picture itself smash the runtime's stack.
        GraphProto.Builder itself = picture().addNode(node("Resize", "x x", "y"));
        assertThatThrownBy(() -> TypeInference.infer(read(10, itself))).hasMessageContaining("expected one number per");
    }

    @Test
    void aBodyIsThereAndTakesWhatItIsGiven() {
        assertThatThrownBy(() -> read(17, picture().addNode(node("Loop", "_ _ x", "y"))))
                .hasMessageContaining("no graph 'body'");
        GraphProto few = graph("b")
                .addInput(info("i", Protos.INT64))
                .addOutput(info("i"))
                .build();
        assertThatThrownBy(() -> read(17, picture().addNode(node("Loop", "_ _ x", "y", Protos.graph("body", few)))))
                .hasMessageContaining("the numbers that the operator passes in and out");
    }

    @ParameterizedTest
    @CsvSource({"LSTM, 4, 12 3 8", "LSTM, 4, 1 12 8 0", "LSTM, 1048576, 1 12 8", "GRU, 4, 1 16 8", "RNN, 4, 1 4 4"})
    void operandsOfARecurrenceFitEachOther(String operator, long hidden, String weights) {
        long[] shape =
                Arrays.stream(weights.split(" ")).mapToLong(Long::parseLong).toArray();
        GraphProto.Builder graph = graph("g")
                .addInput(info("x", Protos.FLOAT, 5, "N", 8))
                .addOutput(info("y"))
                .addInitializer(constant("w", Tensor.zeros(ElementType.FLOAT32, shape)))
                .addInitializer(constant("r", Tensor.zeros(ElementType.FLOAT32, 1, 16, 4)))
                .addNode(node(operator, "x w r", "y", integer("hidden_size", hidden)));
        assertThatThrownBy(() -> typed(graph))
                .isInstanceOf(VitrineException.class)
                .hasMessageContaining("(" + operator + "): found ")
                .hasMessageContaining("weights of");
    }

    @ParameterizedTest
    @ValueSource(longs = {1L << 40, Long.MAX_VALUE})
    void aLoopThatNothingEndsIsRefused(long passes) {
        GraphProto body = graph("b")
                .addInput(info("i", Protos.INT64))
                .addInput(info("more", 9))
                .addInput(info("state", Protos.FLOAT))
                .addOutput(info("still"))
                .addOutput(info("state"))
                .addNode(node("Identity", "more", "still"))
                .build();
        GraphProto.Builder graph = picture()
                .addInitializer(constant("m", Tensor.scalar(passes)))
                .addNode(node("Loop", "m _ x", "y", Protos.graph("body", body)));
        assertThatThrownBy(() -> read(17, graph)).hasMessageContaining("without a terminating condition");
    }

    @Test
    void namesOfAnyLengthMakeMessagesOfBoundedLength() {
        String longName = "n".repeat(1 << 20);
        NodeProto node = node("Sum", "x _", "y").toBuilder().setName(longName).build();
        assertThatThrownBy(() -> read(17, picture().addNode(node)))
                .hasMessageContaining("nnn' (Sum): found no input 2")
                .satisfies(problem -> assertThat(problem.getMessage()).hasSizeLessThan(1000));
        assertThatThrownBy(() -> read(17, picture().addNode(node("Relu", longName, "y"))))
                .hasMessageContaining("is damaged; export the model again")
                .satisfies(problem -> assertThat(problem.getMessage()).hasSizeLessThan(7000));
    }

    @Test
    void aValueOfImpossibleSizeIsRefusedBeforeItIsMade() {
        GraphProto.Builder graph = picture()
                .addInitializer(constant("size", Tensor.vector(1L << 20, 1L << 20)))
                .addNode(node("ConstantOfShape", "size", "y"));
        assertThatThrownBy(() -> typed(graph)).hasMessageContaining("exceeds 2 GiB");
    }

    @Test
    void outputsThatTheRuntimeWritesAnywayAreNamed() {
        Graph read = read(17, picture().addNode(node("Split", "x", "_ y _", integer("axis", 2))));
        assertThat(read.nodes().get(0).outputs()).hasSize(3).allMatch(value -> value.isPresent());
    }
}
