package dev.vitrine.engine.rewrite.lowering;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vitrine.engine.gradient.BackwardRules;
import dev.vitrine.engine.gradient.Gradients;
import dev.vitrine.engine.gradient.NodeSelector;
import dev.vitrine.engine.graph.Attributes;
import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.GraphBuilder;
import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.operator.WeightsBySamples;
import dev.vitrine.engine.oracle.Agreement;
import dev.vitrine.engine.oracle.Interpreter;
import dev.vitrine.engine.oracle.NDArray;
import dev.vitrine.engine.runtime.OnnxRuntimeRunner;
import dev.vitrine.engine.runtime.TypeInference;
import dev.vitrine.engine.tensor.ElementType;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class BlockConvolutionsTest {
    private static final int BLOCK = new OnnxRuntimeRunner().channelBlock();
    private static final Value X = new Value("x");
    private static final Value W = new Value("w");
    private static final Value BIAS = new Value("bias");

    /** Channels in blocks, or few; kernel, stride, dilation, pads. */
    record Case(long inputs, long outputs, long kernel, long stride, long dilation, long begin, long end) {
        Graph graph() {
            GraphBuilder builder = new GraphBuilder();
            builder.input(X.name(), TensorType.of(ElementType.FLOAT32, BLOCK, inputs, 9, 8));
            builder.input(W.name(), TensorType.of(ElementType.FLOAT32, outputs, inputs, kernel, kernel));
            builder.input(BIAS.name(), TensorType.of(ElementType.FLOAT32, outputs));
            Attributes attributes = Attributes.NONE
                    .with("kernel_shape", kernel, kernel)
                    .with("strides", stride, stride)
                    .with("dilations", dilation, dilation)
                    .with("pads", begin, begin, end, end);
            return TypeInference.infer(
                    builder.output(builder.node("Conv", attributes, X, W, BIAS)).build());
        }

        Map<Value, NDArray> inputs(Random random) {
            return Map.of(
                    X, NDArray.normal(random, BLOCK, inputs, 9, 8),
                    W, NDArray.normal(random, outputs, inputs, kernel, kernel),
                    BIAS, NDArray.normal(random, outputs));
        }
    }

    static Stream<Case> cases() {
        return Stream.of(
                new Case(BLOCK, BLOCK, 3, 1, 1, 1, 1),
                new Case(2 * BLOCK, BLOCK, 1, 1, 1, 0, 0),
                new Case(BLOCK, 2 * BLOCK, 3, 2, 1, 1, 0),
                new Case(2 * BLOCK, 2 * BLOCK, 3, 3, 1, 0, 1),
                new Case(BLOCK, BLOCK, 3, 1, 2, 2, 1),
                new Case(BLOCK, BLOCK, 2, 2, 3, 3, 2),
                new Case(3, 2 * BLOCK, 5, 2, 1, 2, 2));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void theNumbersStay(Case one) {
        Graph graph = one.graph();
        Map<Value, NDArray> at = Agreement.rounded(one.inputs(new Random(1)));
        Graph blocked = new BlockConvolutions(BLOCK).apply(graph);
        assertThat(blocked.nodes().stream().anyMatch(node -> node.opType().equals("ReorderOutput")))
                .isEqualTo(BLOCK > 1);
        Value output = graph.outputs().get(0);
        Agreement.check(
                "blocked",
                Agreement.run(blocked, at).get(output),
                Interpreter.evaluate(graph, at).get(output),
                1e-5);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void gradientsOfWeightsBySamplesAreTheTablesGradients(Case one) {
        Graph graph = one.graph();
        GraphBuilder builder = new GraphBuilder(graph);
        Value y = graph.outputs().get(0);
        Value objective = builder.node("ReduceSum", builder.node("Mul", y, builder.node("Mul", y, y)));
        Graph typed = TypeInference.infer(builder.output(objective).build());
        Map<Value, NDArray> at = Agreement.rounded(one.inputs(new Random(2)));
        Graph plain = Gradients.only(Gradients.of(BackwardRules.PLAIN, typed, objective, List.of(W)), 1);
        BackwardRules rules = BackwardRules.PLAIN.with(NodeSelector.operators("Conv"), new WeightsBySamples(BLOCK));
        Graph bySamples = TypeInference.infer(Gradients.only(Gradients.of(rules, typed, objective, List.of(W)), 1));
        NDArray expected = Interpreter.evaluate(plain, at).get(plain.outputs().get(0));
        Value found = bySamples.outputs().get(0);
        Agreement.check("as written", Interpreter.evaluate(bySamples, at).get(found), expected, 1e-9);
        Graph blocked = new BlockConvolutions(BLOCK).apply(bySamples);
        Agreement.check("blocked", Agreement.run(blocked, at).get(found), expected, 1e-5);
    }

    @Test
    void withoutABlockedLayoutTheGraphStays() {
        Graph graph = new Case(16, 16, 3, 1, 1, 1, 1).graph();
        assertThat(new BlockConvolutions(1).apply(graph)).isSameAs(graph);
    }
}
