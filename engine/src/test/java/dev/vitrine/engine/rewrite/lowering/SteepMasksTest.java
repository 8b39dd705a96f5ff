package dev.vitrine.engine.rewrite.lowering;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vitrine.engine.gradient.BackwardRules;
import dev.vitrine.engine.gradient.Gradients;
import dev.vitrine.engine.graph.Attributes;
import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.GraphBuilder;
import dev.vitrine.engine.graph.Node;
import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.oracle.NDArray;
import dev.vitrine.engine.runtime.Device;
import dev.vitrine.engine.runtime.Executable;
import dev.vitrine.engine.runtime.OnnxRuntimeRunner;
import dev.vitrine.engine.runtime.Runner;
import dev.vitrine.engine.runtime.TypeInference;
import dev.vitrine.engine.tensor.ElementType;
import dev.vitrine.engine.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The plain slopes of rectifiers and their steep forms give the same bytes; other comparisons stay. */
class SteepMasksTest {
    private static final Attributes NONE = Attributes.NONE;
    private static final TensorType MAPS = TensorType.of(ElementType.FLOAT32, 1, 16, 6, 6);

    private final GraphBuilder builder = new GraphBuilder();
    private final Value x = builder.input("x", MAPS);

    /** With exact zeros of both signs, and numbers of many sizes. */
    private static Tensor input() {
        Random random = new Random(4);
        float[] data = new float[16 * 36];
        for (int i = 0; i < data.length; i++) {
            data[i] = switch (i % 5) {
                case 0 -> 0f;
                case 1 -> -0f;
                case 2 -> (float) (random.nextGaussian() * 1e-20);
                default -> (float) random.nextGaussian();
            };
        }
        return Tensor.floats(data, 1, 16, 6, 6);
    }

    private Graph gradient(Value rectified) {
        Value weight = builder.constant(
                "w", NDArray.normal(new Random(9), 16, 16, 3, 3).toTensor());
        Value conv = builder.node("Conv", NONE.with("pads", 1, 1, 1, 1), rectified, weight);
        Value score = builder.node("ReduceSum", NONE.with("keepdims", 0), conv, builder.vector(1, 2, 3));
        Graph typed = TypeInference.infer(builder.output(score).build());
        return Gradients.only(Gradients.of(BackwardRules.PLAIN, typed, score, List.of(x)), 1);
    }

    private static long count(Graph graph, String operator) {
        return graph.nodes().stream()
                .map(Node::operator)
                .filter(operator::equals)
                .count();
    }

    private static Tensor run(Runner runner, Graph graph) {
        try (Executable executable = runner.load(graph)) {
            return executable
                    .run(Map.of(new Value("x"), input()))
                    .get(graph.outputs().get(0));
        }
    }

    private static void sameBytes(Graph plain) {
        assertThat(run(new OnnxRuntimeRunner(), plain)).isEqualTo(run(OnnxRuntimeRunner.plain(), plain));
    }

    @Test
    void ofRelu() {
        Graph plain = gradient(builder.node("Relu", x));
        assertThat(count(plain, "Greater")).isEqualTo(1);
        Graph steep = Device.CPU.forms().apply(plain);
        assertThat(count(steep, "HardSigmoid")).isEqualTo(1);
        assertThat(count(steep, "Greater")).isZero();
        assertThat(Device.CUDA.forms().apply(plain)).isSameAs(plain);
        sameBytes(plain);
    }

    @ParameterizedTest
    @ValueSource(floats = {0f, .1f, 1f})
    void ofLeakyRelu(float alpha) {
        Graph plain = gradient(builder.node("LeakyRelu", NONE.with("alpha", alpha), x));
        Graph steep = new SteepMasks().apply(plain);
        assertThat(count(steep, "Clip")).isEqualTo(1);
        assertThat(count(steep, "Where")).isZero();
        sameBytes(plain);
    }

    @ParameterizedTest
    @ValueSource(floats = {-.2f, 1.5f})
    void ofAFallingOrSteepLeakyReluStays(float alpha) {
        Graph plain = gradient(builder.node("LeakyRelu", NONE.with("alpha", alpha), x));
        assertThat(new SteepMasks().apply(plain)).isSameAs(plain);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Relu", "LeakyRelu"})
    void ofPooledRectifiers(String rectifier) {
        Value rectified = builder.node(rectifier, x);
        Attributes window = NONE.with("kernel_shape", 2, 2).with("strides", 2, 2);
        Graph plain = gradient(builder.node("MaxPool", window, rectified));
        assertThat(count(plain, "Greater")).isEqualTo(1);
        assertThat(count(new SteepMasks().apply(plain), "Greater")).isZero();
        sameBytes(plain);
    }

    @Test
    void otherComparisonsStay() {
        Value step = builder.node("Cast", NONE.with("to", 1L), builder.node("Greater", x, builder.constant(0f)));
        Graph graph = builder.output(step).build();
        assertThat(new SteepMasks().apply(graph)).isSameAs(graph);
    }
}
