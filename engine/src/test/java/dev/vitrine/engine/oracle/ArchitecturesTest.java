package dev.vitrine.engine.oracle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.oracle.Architectures.Architecture;
import dev.vitrine.engine.oracle.Architectures.Size;
import dev.vitrine.engine.tensor.ElementType;
import dev.vitrine.engine.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
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
        assertThat(weights(graph)).isLessThan(120_000);
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

    @ParameterizedTest
    @MethodSource("architectures")
    void givesTheSameLogitsInOnnxRuntime(Architecture architecture) {
        Graph graph = architecture.tiny().get();
        Value image = graph.inputs().get(0);
        long pixels = graph.type(image).orElseThrow().dimension(-1).size();
        // what is fed must be the same numbers, so they are rounded to single precision first
        NDArray batch =
                NDArray.of(NDArray.normal(new Random(4), 3, 3, pixels, pixels).toTensor());

        double[] found = Interpreter.evaluate(graph, Map.of(image, batch))
                .get(new Value("logits"))
                .data();
        double[] expected = OnnxRuntime.evaluate(graph, Map.of(image, batch))
                .get(new Value("logits"))
                .data();

        double scale = Arrays.stream(expected).map(Math::abs).max().orElseThrow();
        assertThat(found).containsExactly(expected, within(1e-5 * scale));
    }

    @Test
    void fullSizesHaveThePublishedNumbersOfWeights() {
        assertThat(weights(Architectures.resNet18(Size.FULL))).isEqualTo(11_689_512);
        assertThat(weights(Architectures.squeezeNet(Size.FULL))).isEqualTo(1_235_496);
        assertThat(weights(Architectures.mobileNetV2(Size.FULL))).isEqualTo(3_504_872);
        assertThat(weights(Architectures.mobileNetV3(Size.FULL))).isEqualTo(2_542_856);
        assertThat(weights(Architectures.shuffleNetV2(Size.FULL))).isEqualTo(2_278_604);
        assertThat(weights(Architectures.efficientNet(Size.FULL))).isEqualTo(5_288_548);
        assertThat(weights(Architectures.googLeNet(Size.FULL))).isEqualTo(6_998_552);
        assertThat(weights(Architectures.denseNet(Size.FULL, 6, 12, 24, 16))).isEqualTo(7_978_856);
    }

    /** Everything that is learnt, which a batch normalization's statistics are not. */
    private static long weights(Graph graph) {
        long all = graph.constants().values().stream()
                .filter(tensor -> tensor.elementType() == ElementType.FLOAT32 && tensor.rank() > 0)
                .mapToLong(Tensor::elements)
                .sum();
        long statistics = graph.nodes().stream()
                .filter(node -> node.opType().equals("BatchNormalization"))
                .mapToLong(
                        node -> 2 * graph.constant(node.input(3)).orElseThrow().elements())
                .sum();
        return all - statistics;
    }
}
