package dev.vitrine.engine.gradient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.graph.AttributeValue;
import dev.vitrine.engine.graph.Attributes;
import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.GraphBuilder;
import dev.vitrine.engine.graph.Node;
import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.operator.InputGradients;
import dev.vitrine.engine.oracle.Interpreter;
import dev.vitrine.engine.oracle.NDArray;
import dev.vitrine.engine.tensor.ElementType;
import dev.vitrine.engine.tensor.Tensor;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What cannot be differentiated fails by name, and only where the way leads through it. */
class DifferentiatorErrorTest {
    private static final Attributes NONE = Attributes.NONE;

    private final GraphBuilder builder = new GraphBuilder();
    private final Value x = builder.input("x", TensorType.of(ElementType.FLOAT32, 1, 2, 4, 4));

    private Value unknown(Value input) {
        Value output = new Value("strange");
        builder.add(new Node("layer/strange", "com.example", "Strange", List.of(input), List.of(output), NONE));
        builder.declare(output, TensorType.of(ElementType.FLOAT32, 1, 2, 4, 4));
        return output;
    }

    private Graph typed(Value output, long... shape) {
        return builder.declare(output, TensorType.of(ElementType.FLOAT32, shape))
                .output(output)
                .build();
    }

    private static Graph gradient(Graph graph, Value... withRespectTo) {
        return Gradients.of(BackwardRules.PLAIN, graph, graph.outputs().get(0), List.of(withRespectTo));
    }

    private static void rejects(Graph graph, Value withRespectTo, String... parts) {
        assertThatThrownBy(() -> Gradients.plain(graph, graph.outputs().get(0), List.of(withRespectTo)))
                .isInstanceOf(VitrineException.class)
                .hasMessageContainingAll(parts);
    }

    @Test
    void anUnknownOperatorIsNamedWithWhatToDo() {
        Graph graph = typed(builder.node("Relu", unknown(x)), 1, 2, 4, 4);
        assertThatThrownBy(() -> gradient(graph, x))
                .isInstanceOf(VitrineException.class)
                .hasMessageContainingAll(
                        "Node 'layer/strange' (com.example.Strange)", "no backward rule", "a layer after it");
    }

    @Test
    void anUnknownOperatorBesideOrBeforeTheWayIsNoObstacle() {
        Value strange = unknown(x);
        Value behind = builder.node("Mul", strange, builder.constant(3f));
        builder.output(strange);
        Graph graph = typed(behind, 1, 2, 4, 4).withOutputs(List.of(behind, strange));
        // behind it
        Graph gradient = gradient(graph, strange);
        assertThat(gradient.nodes()).anyMatch(node -> node.opType().equals("Strange"));
        // beside it
        Value other = builder.node("Mul", x, builder.constant(2f));
        Graph beside = typed(other, 1, 2, 4, 4).withOutputs(List.of(other));
        assertThat(gradient(beside, x)).isNotNull();
    }

    @Test
    void aRuleOfOnesOwnMakesAnUnknownOperatorDifferentiable() {
        Graph graph = typed(unknown(x), 1, 2, 4, 4);
        BackwardRules rules = BackwardRules.PLAIN.with(
                NodeSelector.operators("com.example.Strange"),
                (node, gradients, c) -> InputGradients.of(c.multiply(gradients.get(0), 5)));
        Graph gradient =
                Gradients.only(Gradients.of(rules, graph, graph.outputs().get(0), List.of(x)), 1);
        assertThat(gradient.nodes()).noneMatch(node -> node.opType().equals("Strange"));
        NDArray found = Interpreter.evaluate(gradient, Map.of(x, NDArray.zeros(1, 2, 4, 4)))
                .get(gradient.outputs().get(0));
        assertThat(found.data()).containsOnly(5);
    }

    @Test
    void aBranchThatReadsTheInputFromOutsideIsNoZero() {
        GraphBuilder body = new GraphBuilder();
        body.output(body.node("Neg", x));
        Value flag =
                builder.constant("flag", Tensor.wrap(ElementType.BOOL, new long[0], java.nio.ByteBuffer.allocate(1)));
        Attributes branches = NONE.with("then_branch", new AttributeValue.OfGraph(body.build()))
                .with("else_branch", new AttributeValue.OfGraph(body.build()));
        Graph graph = typed(builder.node("If", branches, flag), 1, 2, 4, 4);
        assertThatThrownBy(() -> gradient(graph, x))
                .hasMessageContainingAll("(If)", "no gradient", "known only at run time");
    }

    @Test
    void stepFunctionsStopTheGradientSilently() {
        Value steps = builder.node("Floor", x);
        Graph graph = typed(builder.node("Add", steps, x), 1, 2, 4, 4);
        Graph gradient = Gradients.only(Gradients.plain(graph, graph.outputs().get(0), List.of(x)), 1);
        NDArray found = Interpreter.evaluate(gradient, Map.of(x, NDArray.zeros(1, 2, 4, 4)))
                .get(gradient.outputs().get(0));
        assertThat(found.data()).containsOnly(1);
    }

    @Test
    void formsWithoutAGradientAreNamed() {
        Attributes window = NONE.with("kernel_shape", new long[] {2, 2});
        rejects(
                build("MaxPool", window.with("storage_order", 1L), x),
                x,
                "Node 'MaxPool' (MaxPool)",
                "storage_order=1",
                "storage_order=0");
    }

    @Test
    void antialiasIsNamed() {
        Attributes attributes = NONE.with("mode", "linear").with("antialias", 1L);
        rejects(
                build("Resize", attributes, x, Value.NONE, Value.NONE, builder.vector(1, 2, 2, 2)),
                x,
                "(Resize)",
                "antialias=1");
    }

    @Test
    void gradientsOfRunningStatisticsAreNamed() {
        Value channel = builder.constant("c", Tensor.floats(new float[] {1, 1}, 2));
        Value mean = builder.nodes(
                        "BatchNormalization", 3, NONE.with("training_mode", 1L), x, channel, channel, channel, channel)
                .get(1);
        Graph graph = typed(mean, 2);
        assertThatThrownBy(() -> gradient(graph, x))
                .hasMessageContainingAll("(BatchNormalization)", "running statistics");
    }

    @Test
    void dropoutThatTrainsIsNamed() {
        Value ratio = builder.constant(.5f);
        Value training =
                builder.constant(Tensor.wrap(ElementType.BOOL, new long[0], java.nio.ByteBuffer.wrap(new byte[] {1})));
        rejects(build("Dropout", NONE, x, ratio, training), x, "(Dropout)", "training_mode");
    }

    @Test
    void ellipsesOfEinsumAreNamed() {
        rejects(build("Einsum", NONE.with("equation", "...ij->...ji"), x), x, "(Einsum)", "...ij->...ji");
    }

    @Test
    void aGradientOfAMeanOutputIsNamed() {
        Value scale = builder.constant("scale", Tensor.floats(new float[] {1, 1, 1, 1}, 4));
        List<Value> outputs = builder.nodes("LayerNormalization", 2, NONE, x, scale);
        rejects(build("Exp", NONE, outputs.get(1)), x, "(LayerNormalization)", "mean");
    }

    @Test
    void aSizeThatOnlyARunTellsIsNamed() {
        GraphBuilder open = new GraphBuilder();
        Value image = open.input(
                "image",
                TensorType.of(ElementType.FLOAT32, 1, 2, 4, 4)
                        .withDimension(2, dev.vitrine.engine.graph.Dimension.named("height")));
        open.output(open.node("AveragePool", NONE.with("kernel_shape", new long[] {2, 2}), image));
        rejects(open.build(), image, "(AveragePool)", "'height'", "fixed size");
    }

    @Test
    void missingTypesAreNamed() {
        Value flat = builder.node("Flatten", builder.node("Strange", x));
        Graph graph = typed(flat, 1, 32);
        assertThatThrownBy(() -> gradient(graph, x))
                .hasMessageContainingAll("(Flatten)", "type of 'Strange'", "no type rule for Strange");
    }

    private Graph build(String opType, Attributes attributes, Value... inputs) {
        return builder.output(builder.node(opType, attributes, inputs)).build();
    }
}
