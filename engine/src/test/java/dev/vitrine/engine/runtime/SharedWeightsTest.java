package dev.vitrine.engine.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.vitrine.engine.graph.Attributes;
import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.GraphBuilder;
import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.tensor.ElementType;
import dev.vitrine.engine.tensor.Tensor;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Which weights a session reads where they lie, and that it needs none of the others once it is open. */
class SharedWeightsTest {
    private static final int WIDE = 3000;

    private final GraphBuilder builder = new GraphBuilder();

    private static ByteBuffer numbers(long... shape) {
        ByteBuffer bytes = Tensor.allocate(ElementType.FLOAT32, shape);
        FloatBuffer floats = bytes.asFloatBuffer();
        for (int i = 0; i < floats.capacity(); i++) {
            floats.put(i, (i * 31 % 17 - 8) / 64f);
        }
        return bytes;
    }

    private Value constant(ByteBuffer bytes, long... shape) {
        return builder.constant("w", Tensor.wrap(ElementType.FLOAT32, shape, bytes));
    }

    private static float[] ones(int count) {
        float[] ones = new float[count];
        java.util.Arrays.fill(ones, 1);
        return ones;
    }

    @Test
    void largeDenseWeightsStayWhereTheyAre() {
        Value x = builder.input("x", TensorType.of(ElementType.FLOAT32, 1, WIDE));
        ByteBuffer bytes = numbers(WIDE, WIDE);
        Value weight = constant(bytes, WIDE, WIDE);
        Attributes turned = Attributes.NONE.with("transB", 1);
        Value hidden = builder.node("Relu", builder.node("Gemm", turned, x, weight));
        Graph graph = builder.output(builder.node("MatMul", hidden, weight)).build();

        SharedWeights weights = SharedWeights.of(graph);
        assertThat(weights.direct()).containsExactly(weight.name());
        assertThat(weights.packing()).isEqualTo(SharedWeights.Packing.OFF);
        Map<Value, Tensor> inputs = Map.of(x, Tensor.floats(ones(WIDE), 1, WIDE));
        Value output = graph.outputs().get(0);
        try (OnnxRuntimeRunner runner = new OnnxRuntimeRunner();
                Executable executable = runner.load(graph)) {
            float[] expected = new float[WIDE];
            FloatBuffer w = bytes.asFloatBuffer();
            for (int row = 0; row < WIDE; row++) {
                float sum = 0;
                for (int column = 0; column < WIDE; column++) {
                    sum += w.get(row * WIDE + column);
                }
                for (int column = 0; sum > 0 && column < WIDE; column++) {
                    expected[column] += sum * w.get(row * WIDE + column);
                }
            }
            float[] found = executable.run(inputs).get(output).toFloats();
            for (int i = 0; i < WIDE; i += 131) {
                assertThat(found[i]).isCloseTo(expected[i], within(1e-3f * Math.max(1, Math.abs(expected[i]))));
            }
            for (int i = 0; i < w.capacity(); i++) {
                w.put(i, 0);
            }
            assertThat(executable.run(inputs).get(output).toFloats())
                    .as("it reads the numbers that lie there now")
                    .containsOnly(0);
        }
    }

    @Test
    void whatOthersReadTooOrWhatIsSmallIsCopied() {
        Value x = builder.input("x", TensorType.of(ElementType.FLOAT32, 1, WIDE));
        Value weight = constant(numbers(WIDE, WIDE), WIDE, WIDE);
        Value small = constant(numbers(WIDE, 100), WIDE, 100);
        Value product = builder.node("MatMul", x, builder.node("Abs", weight));
        Graph graph = builder.output(builder.node("MatMul", product, small))
                .output(builder.node("MatMul", x, weight))
                .build();
        assertThat(SharedWeights.of(graph)).isEqualTo(SharedWeights.none());
    }

    @Test
    void aSessionNeedsNothingThatItCopied() {
        Value x = builder.input("x", TensorType.of(ElementType.FLOAT32, 1, 8, 6, 6));
        ByteBuffer kernel = numbers(8, 8, 3, 3);
        ByteBuffer odd = numbers(5, 8, 3, 3);
        ByteBuffer added = numbers(1, 5, 4, 4);
        ByteBuffer dense = numbers(80, 90);
        Value first = builder.node("Relu", builder.node("Conv", x, constant(odd, 5, 8, 3, 3)));
        Value second = builder.node("Conv", x, constant(kernel, 8, 8, 3, 3));
        Value sum = builder.node("Add", first, constant(added, 1, 5, 4, 4));
        Value flat = builder.node("Reshape", sum, builder.vector(1, 80));
        Graph graph = builder.output(builder.node("MatMul", flat, constant(dense, 80, 90)))
                .output(second)
                .build();
        Map<Value, Tensor> inputs = Map.of(x, Tensor.floats(ones(288), 1, 8, 6, 6));
        try (OnnxRuntimeRunner runner = new OnnxRuntimeRunner();
                Executable executable = runner.load(graph)) {
            Map<Value, Tensor> before = executable.run(inputs);
            for (ByteBuffer bytes : new ByteBuffer[] {kernel, odd, added, dense}) {
                FloatBuffer floats = bytes.asFloatBuffer();
                for (int i = 0; i < floats.capacity(); i++) {
                    floats.put(i, Float.NaN);
                }
            }
            assertThat(executable.run(inputs)).isEqualTo(before);
        }
    }
}
