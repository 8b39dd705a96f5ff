package dev.vitrine.engine.rewrite.lowering;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vitrine.engine.graph.Attributes;
import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.GraphBuilder;
import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.oracle.Agreement;
import dev.vitrine.engine.oracle.Interpreter;
import dev.vitrine.engine.oracle.NDArray;
import dev.vitrine.engine.runtime.TypeInference;
import dev.vitrine.engine.tensor.ElementType;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ComposeBatchStatisticsTest {
    @Test
    void theNumbersAndTheNextStatisticsStay() {
        GraphBuilder builder = new GraphBuilder();
        Random random = new Random(3);
        Map<Value, NDArray> at = new HashMap<>();
        Value x = builder.input("x", TensorType.of(ElementType.FLOAT32, 3, 4, 5, 2));
        at.put(x, NDArray.normal(random, 3, 4, 5, 2));
        Value[] inputs = new Value[5];
        inputs[0] = x;
        List<String> names = List.of("scale", "bias", "mean", "variance");
        for (int i = 0; i < names.size(); i++) {
            inputs[i + 1] = builder.input(names.get(i), TensorType.of(ElementType.FLOAT32, 4));
            at.put(inputs[i + 1], NDArray.normal(random, 4));
        }
        Attributes attributes =
                Attributes.NONE.with("training_mode", 1).with("momentum", .8f).with("epsilon", .1f);
        builder.nodes("BatchNormalization", 3, attributes, inputs).forEach(builder::output);
        Graph graph = TypeInference.infer(builder.build());

        Graph composed = new ComposeBatchStatistics().apply(graph);

        assertThat(composed.nodes()).noneMatch(node -> node.opType().equals("BatchNormalization"));
        Map<Value, NDArray> expected = Interpreter.evaluate(graph, at);
        Map<Value, NDArray> found = Interpreter.evaluate(composed, at);
        for (Value output : graph.outputs()) {
            Agreement.check(output.name(), found.get(output), expected.get(output), 1e-6);
        }
        Agreement.check(composed, at, 1e-5);
    }
}
