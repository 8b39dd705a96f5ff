package dev.vitrine.engine.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.oracle.Architectures.Architecture;
import dev.vitrine.engine.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ArchitecturesTest {
    static List<Architecture> architectures() {
        return Architectures.ALL;
    }

    @ParameterizedTest
    @MethodSource("architectures")
    void evaluatesToLogitsThatTellImagesApart(Architecture architecture) {
        Graph graph = architecture.tiny().get();
        long weights =
                graph.constants().values().stream().mapToLong(Tensor::elements).sum();
        Value image = graph.inputs().get(0);
        long pixels = graph.type(image).orElseThrow().dimension(-1).size();
        NDArray batch = NDArray.normal(new Random(3), 2, 3, pixels, pixels);
        NDArray logits = Interpreter.evaluate(graph, Map.of(image, batch)).get(new Value("logits"));

        assertThat(graph.outputs()).containsExactly(new Value("logits"));
        assertThat(image.name()).isEqualTo("image");
        assertThat(weights).isLessThan(120_000);
        assertThat(logits.shape()).containsExactly(2, 10);
        assertThat(Arrays.stream(logits.data()).map(Math::abs).max().orElseThrow())
                .isBetween(.1, 1e4);
        double[] first = Arrays.copyOf(logits.data(), 10);
        double[] second = Arrays.copyOfRange(logits.data(), 10, 20);
        double difference = 0;
        for (int i = 0; i < 10; i++) {
            difference = Math.max(difference, Math.abs(first[i] - second[i]));
        }
        assertThat(difference).isGreaterThan(1e-3);
    }
}
