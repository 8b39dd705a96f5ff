package dev.vitrine.engine.rewrite.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.vitrine.engine.gradient.BackwardRules;
import dev.vitrine.engine.gradient.Differentiator;
import dev.vitrine.engine.graph.AttributeValue;
import dev.vitrine.engine.graph.Attributes;
import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.GraphBuilder;
import dev.vitrine.engine.graph.Node;
import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.runtime.Executable;
import dev.vitrine.engine.runtime.OnnxRuntimeRunner;
import dev.vitrine.engine.runtime.TypeInference;
import dev.vitrine.engine.tensor.ElementType;
import dev.vitrine.engine.tensor.Tensor;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Branches and loops written out say the same as the runtime's own; what cannot be written out stays. */
class ResolveControlTest {
    private static final OnnxRuntimeRunner RUNNER = new OnnxRuntimeRunner();
    private static final TensorType PICTURE = TensorType.of(ElementType.FLOAT32, 1, 3, 4);
    private static final float[] NUMBERS = {.5f, -1, 2, -.25f, 1.5f, 3, -2, .75f, 1, -.5f, .1f, -3};

    private final GraphBuilder b = new GraphBuilder();
    private final Value x = b.input("x", PICTURE);

    private static Tensor flag(boolean value) {
        return Tensor.wrap(
                ElementType.BOOL, new long[0], ByteBuffer.allocateDirect(1).put(0, (byte) (value ? 1 : 0)));
    }

    private static AttributeValue body(GraphBuilder body) {
        return new AttributeValue.OfGraph(body.build());
    }

    /** If condition then x·2 else tanh x: both read from around them. */
    private Value doubledOrTanh(Value condition) {
        GraphBuilder yes = new GraphBuilder();
        Value two = yes.constant("shared", Tensor.scalar(2f));
        yes.output(yes.node("Mul", x, two));
        GraphBuilder no = new GraphBuilder();
        Value one = no.constant("shared", Tensor.scalar(1f));
        no.output(no.node("Tanh", no.node("Mul", x, one)));
        return b.node("If", Attributes.NONE.with("then_branch", body(yes)).with("else_branch", body(no)), condition);
    }

    private Graph end(Value output) {
        return b.output(b.node("Sub", output, b.constant(Tensor.scalar(.5f)))).build();
    }

    private static float[] run(Graph graph, float... numbers) {
        try (Executable executable = RUNNER.load(graph)) {
            return executable
                    .run(Map.of(new Value("x"), Tensor.floats(numbers, 1, 3, 4)))
                    .get(graph.outputs().get(0))
                    .toFloats();
        }
    }

    private static boolean hasControl(Graph graph) {
        return graph.nodes().stream()
                .anyMatch(node -> Set.of("If", "Loop", "Scan").contains(node.opType()));
    }

    private static Graph writtenOut(Graph graph) {
        Graph result = new ResolveControl(RUNNER).apply(graph);
        assertThat(hasControl(result)).isFalse();
        assertThat(run(result, NUMBERS)).containsExactly(run(graph, NUMBERS), within(1e-6f));
        assertThat(new ResolveControl(RUNNER).apply(result)).isEqualTo(result);
        return result;
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aKnownBranchTakesItsPlace(boolean condition) {
        Graph graph = writtenOut(end(doubledOrTanh(b.constant("flag", flag(condition)))));
        assertThat(graph.nodes().stream().anyMatch(node -> node.opType().equals("Tanh")))
                .isEqualTo(!condition);
    }

    @Test
    void aBranchOnAShapeIsKnown() {
        Value size = b.node("Gather", b.node("Shape", x), b.constant(Tensor.scalar(1L)));
        Value three = b.node("Equal", size, b.constant(Tensor.scalar(3L)));
        Graph graph = writtenOut(end(doubledOrTanh(three)));
        assertThat(graph.nodes()).noneMatch(node -> node.opType().equals("Tanh"));
    }

    /** Both branches and a choice; the gradient is the taken branch's. */
    @Test
    void aBranchThatOnlyARunTellsIsChosenByElement() {
        Value condition = b.node("Greater", b.node("ReduceSum", x), b.constant(Tensor.scalar(0f)));
        Value scalar = b.node("Reshape", condition, b.constant(Tensor.vector()));
        Graph graph = end(doubledOrTanh(scalar));
        Graph result = writtenOut(graph);
        float[] negative = new float[NUMBERS.length];
        for (int i = 0; i < negative.length; i++) {
            negative[i] = NUMBERS[i] - 2;
        }
        assertThat(run(result, negative)).containsExactly(run(graph, negative), within(1e-6f));
        Graph typed = TypeInference.infer(result);
        Differentiator.Result gradient = new Differentiator(BackwardRules.PLAIN)
                .gradient(typed, typed.outputs().get(0), List.of(x));
        Graph backward = gradient.graph().withOutputs(List.of(gradient.of(x)));
        float[] slopes = run(backward, negative);
        for (int i = 0; i < slopes.length; i++) {
            double tanh = Math.tanh(negative[i]);
            assertThat((double) slopes[i]).isCloseTo(1 - tanh * tanh, within(1e-5));
        }
        assertThat(run(backward, NUMBERS)).containsOnly(2f);
    }

    @Test
    void branchesOfDifferentShapesStay() {
        Value condition = b.node("Greater", b.node("ReduceMax", x), b.constant(Tensor.scalar(0f)));
        GraphBuilder yes = new GraphBuilder();
        yes.output(yes.node("Relu", x));
        GraphBuilder no = new GraphBuilder();
        no.output(no.node("ReduceSum", x));
        Value chosen = b.node(
                "If",
                Attributes.NONE.with("then_branch", body(yes)).with("else_branch", body(no)),
                b.node("Reshape", condition, b.constant(Tensor.vector())));
        Graph graph = end(chosen);
        assertThat(hasControl(new ResolveControl(RUNNER).apply(graph))).isTrue();
    }

    /** Carried y ← tanh(w y) + pass, all y collected; each pass goes on while {@code condition} says so. */
    private List<Value> loop(Value count, Condition condition) {
        GraphBuilder body = new GraphBuilder();
        Value pass = body.input("pass", TensorType.of(ElementType.INT64));
        Value going = body.input("going", TensorType.of(ElementType.BOOL));
        Value carried = body.input("carried", PICTURE);
        Value scaled = body.node("Mul", carried, body.constant("w", Tensor.floats(new float[] {.5f, 1, 2, -1}, 4)));
        Value number = body.node("Cast", Attributes.NONE.with("to", 1), pass);
        Value next = body.node("Add", body.node("Tanh", scaled), number);
        Value goesOn = switch (condition) {
            case SAME -> body.node("Identity", going);
            case FEWER_THAN_TWO -> body.node("Less", pass, body.constant(Tensor.scalar(2L)));
            case BY_THE_NUMBERS ->
                body.node(
                        "Reshape",
                        body.node("Less", body.node("ReduceMax", next), body.constant(2f)),
                        body.constant(Tensor.vector()));
        };
        body.output(goesOn).output(next).output(body.node("Relu", next));
        return b.nodes(
                "Loop",
                2,
                Attributes.NONE.with("body", body(body)),
                count,
                b.constant("yes", flag(true)),
                b.node("Neg", x));
    }

    private enum Condition {
        SAME,
        FEWER_THAN_TWO,
        BY_THE_NUMBERS
    }

    private Graph both(List<Value> outputs) {
        return end(b.node("Add", outputs.get(0), b.node("ReduceSum", outputs.get(1), b.vector(0))));
    }

    @Test
    void aLoopOfKnownCountIsWrittenOut() {
        Graph graph = writtenOut(both(loop(b.constant("count", Tensor.scalar(4L)), Condition.SAME)));
        assertThat(graph.nodes().stream().filter(node -> node.opType().equals("Tanh")))
                .hasSize(4);
        assertThat(graph.constants().keySet().stream()
                        .filter(value -> value.name().equals("w")))
                .hasSize(1);
    }

    @Test
    void aLoopsCountMayComeFromAShape() {
        Value count = b.node("Gather", b.node("Shape", x), b.constant(Tensor.scalar(1L)));
        Graph graph = writtenOut(both(loop(count, Condition.SAME)));
        assertThat(graph.nodes().stream().filter(node -> node.opType().equals("Tanh")))
                .hasSize(3);
    }

    @Test
    void aConditionThatFollowsFromThePassEndsTheLoop() {
        Graph graph = writtenOut(both(loop(b.constant("count", Tensor.scalar(9L)), Condition.FEWER_THAN_TWO)));
        assertThat(graph.nodes().stream().filter(node -> node.opType().equals("Tanh")))
                .hasSize(3);
    }

    @Test
    void aLoopThatThePictureEndsStays() {
        Graph graph = both(loop(b.constant("count", Tensor.scalar(4L)), Condition.BY_THE_NUMBERS));
        Graph result = new ResolveControl(RUNNER).apply(graph);
        assertThat(hasControl(result)).isTrue();
        assertThat(run(result, NUMBERS)).containsExactly(run(graph, NUMBERS), within(1e-6f));
    }

    @Test
    void aLoopOfTooManyPassesStays() {
        Graph graph = both(loop(b.constant("count", Tensor.scalar(1_000_000L)), Condition.SAME));
        assertThat(hasControl(new ResolveControl(RUNNER).apply(graph))).isTrue();
    }

    /** A branch on the pass within a loop: known once the loop is written out. */
    @Test
    void aBranchWithinALoopIsWrittenOutToo() {
        GraphBuilder yes = new GraphBuilder();
        yes.output(yes.node("Relu", new Value("carried")));
        GraphBuilder no = new GraphBuilder();
        no.output(no.node("Add", new Value("carried"), x));
        GraphBuilder body = new GraphBuilder();
        Value pass = body.input("pass", TensorType.of(ElementType.INT64));
        Value going = body.input("going", TensorType.of(ElementType.BOOL));
        body.input("carried", PICTURE);
        Value first = body.node("Equal", pass, body.constant(Tensor.scalar(0L)));
        body.output(body.node("Identity", going))
                .output(body.node(
                        "If", Attributes.NONE.with("then_branch", body(yes)).with("else_branch", body(no)), first));
        Value looped = b.node(
                "Loop",
                Attributes.NONE.with("body", body(body)),
                b.constant("count", Tensor.scalar(3L)),
                Value.NONE,
                x);
        Graph graph = writtenOut(end(looped));
        assertThat(graph.nodes().stream().filter(node -> node.opType().equals("Relu")))
                .hasSize(1);
    }

    /** Running sums along an axis, forwards and backwards, stacked along another. */
    @ParameterizedTest
    @ValueSource(longs = {0, 1})
    void aScanIsWrittenOut(long direction) {
        GraphBuilder body = new GraphBuilder();
        Value sum = body.input("sum", TensorType.of(ElementType.FLOAT32, 1, 4));
        Value row = body.input("row", TensorType.of(ElementType.FLOAT32, 1, 4));
        Value next = body.node("Add", sum, row);
        body.output(next).output(body.node("Sin", next));
        List<Value> outputs = b.nodes(
                "Scan",
                2,
                Attributes.NONE
                        .with("body", body(body))
                        .with("num_scan_inputs", 1)
                        .with("scan_input_axes", new long[] {1})
                        .with("scan_input_directions", new long[] {direction})
                        .with("scan_output_axes", new long[] {-1})
                        .with("scan_output_directions", new long[] {1 - direction}),
                b.constant("zero", Tensor.floats(new float[4], 1, 4)),
                x);
        Value stacked = b.node("Transpose", Attributes.NONE.with("perm", 0, 2, 1), outputs.get(1));
        writtenOut(end(b.node("Add", stacked, b.node("Unsqueeze", outputs.get(0), b.vector(1)))));
    }

    /** Each condition follows from the shape of what the branch before it computed. */
    @Test
    @Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void branchesThatDecideEachOtherInALongRowAreWrittenOut() {
        GraphBuilder builder = new GraphBuilder();
        Value value = builder.input("x", TensorType.of(ElementType.FLOAT32, 1, 3, 4, 4));
        int count = 150;
        for (int i = 0; i < count; i++) {
            Value four = builder.constant(Tensor.scalar(4L));
            Value condition = builder.node("Equal", builder.node("Size", builder.node("Shape", value)), four);
            Attributes branches = Attributes.NONE
                    .with("then_branch", new AttributeValue.OfGraph(branch("Relu", value, "t" + i)))
                    .with("else_branch", new AttributeValue.OfGraph(branch("Neg", value, "e" + i)));
            value = builder.node("If", branches, condition);
        }
        Graph resolved = new ResolveControl(new OnnxRuntimeRunner())
                .apply(builder.output(value).build());
        assertThat(resolved.nodes().stream().filter(node -> node.opType().equals("Relu")))
                .hasSize(count);
        assertThat(resolved.nodes().stream().map(Node::opType)).doesNotContain("If", "Neg", "Where");
    }

    private static Graph branch(String opType, Value input, String name) {
        Value output = new Value(name);
        return new Graph(
                List.of(),
                List.of(output),
                List.of(new Node(name, "", opType, List.of(input), List.of(output), Attributes.NONE)),
                Map.of(),
                Map.of(),
                Map.of("", Graph.OPSET));
    }

    @Test
    void aSplitIntoHundredsOfPartsHasTypes() {
        GraphBuilder builder = new GraphBuilder();
        Value x = builder.input("x", TensorType.of(ElementType.FLOAT32, 1, 1));
        List<Value> parts = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            parts.add(builder.node("Relu", x));
        }
        Value all = builder.node("Concat", Attributes.NONE.with("axis", 1), parts.toArray(Value[]::new));
        long[] ones = new long[300];
        Arrays.fill(ones, 1);
        List<Value> split = builder.nodes("Split", 300, Attributes.NONE.with("axis", 1), all, builder.vector(ones));
        Graph graph = builder.output(split.get(299)).build();
        // The runtime infers shapes from constants within the graph only.
        assertThat(TypeInference.infer(graph).types().get(split.get(299)))
                .isEqualTo(TensorType.of(ElementType.FLOAT32, 1, 1));
    }
}
