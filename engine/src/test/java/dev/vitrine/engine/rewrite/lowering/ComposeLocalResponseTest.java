package dev.vitrine.engine.rewrite.lowering;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vitrine.engine.graph.Attributes;
import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.GraphBuilder;
import dev.vitrine.engine.graph.GraphPrinter;
import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.oracle.Agreement;
import dev.vitrine.engine.oracle.Interpreter;
import dev.vitrine.engine.oracle.NDArray;
import dev.vitrine.engine.tensor.ElementType;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ComposeLocalResponseTest {
    private final GraphBuilder builder = new GraphBuilder();
    private final Value x = builder.input("x", TensorType.of(ElementType.FLOAT32, 2, 7, 3, 2));

    @ParameterizedTest
    @ValueSource(longs = {1, 3, 5, 9})
    void theNumbersStay(long size) {
        Attributes attributes =
                Attributes.NONE.with("size", size).with("alpha", .8f).with("bias", 1.5f);
        Graph graph = builder.output(builder.node("LRN", attributes, x)).build();
        Graph composed = new ComposeLocalResponse().apply(graph);
        Map<Value, NDArray> at = Map.of(x, NDArray.normal(new Random(size), 2, 7, 3, 2));

        assertThat(composed.nodes()).noneMatch(node -> node.opType().equals("LRN"));
        Value output = graph.outputs().get(0);
        NDArray expected = Interpreter.evaluate(graph, at).get(output);
        Agreement.check("composed", Interpreter.evaluate(composed, at).get(output), expected, 1e-6);
        Agreement.check(composed, at, 1e-5);
    }

    @Test
    void anotherExponentStays() {
        Graph graph = builder.output(
                        builder.node("LRN", Attributes.NONE.with("size", 3L).with("beta", .5f), x))
                .build();

        assertThat(GraphPrinter.print(new ComposeLocalResponse().apply(graph))).isEqualTo(GraphPrinter.print(graph));
    }
}
