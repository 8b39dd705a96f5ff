package dev.vitrine.engine.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.vitrine.engine.gradient.BackwardRules;
import dev.vitrine.engine.gradient.Differentiator;
import dev.vitrine.engine.graph.Attributes;
import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.GraphBuilder;
import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.runtime.Executable;
import dev.vitrine.engine.runtime.OnnxRuntimeRunner;
import dev.vitrine.engine.runtime.TypeInference;
import dev.vitrine.engine.tensor.ElementType;
import dev.vitrine.engine.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Resize is linear, so ⟨Resize(x), w⟩ = ⟨x, vjp(w)⟩, whatever the runtime's rounding at scales such as 1.7. */
final class ResizeAdjointTest {
    private static final int SIZE = 15;

    record Case(String mode, String coordinates, float scale) {}

    static Stream<Case> cases() {
        return Stream.of("nearest", "linear", "cubic")
                .flatMap(mode -> Stream.of("half_pixel", "pytorch_half_pixel", "asymmetric", "align_corners")
                        .flatMap(coordinates -> Stream.of(0.3f, 0.6f, 0.7f, 1.1f, 1.7f, 1.9f, 2f, 2.3f, 3.4f)
                                .map(scale -> new Case(mode, coordinates, scale))));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void gradientIsTheAdjointOfTheRuntimesResize(Case given) {
        GraphBuilder builder = new GraphBuilder();
        Value x = builder.input("x", TensorType.of(ElementType.FLOAT32, 1, 1, SIZE, SIZE));
        Attributes attributes = Attributes.NONE
                .with("mode", given.mode())
                .with("coordinate_transformation_mode", given.coordinates())
                .with("nearest_mode", "floor");
        Value scales = builder.constant(Tensor.floats(new float[] {1, 1, given.scale(), given.scale()}, 4));
        Value resized = builder.node("Resize", attributes, x, Value.NONE, scales);
        int side = (int) Math.floor(SIZE * given.scale());
        Random random = new Random(7);
        Value weights = builder.constant(Tensor.floats(numbers(random, side * side), 1, 1, side, side));
        Value product =
                builder.node("ReduceSum", Attributes.NONE.with("keepdims", 0), builder.node("Mul", resized, weights));
        builder.output(product);
        Graph typed = TypeInference.infer(builder.build());
        Differentiator.Result result = new Differentiator(BackwardRules.PLAIN).gradient(typed, product, List.of(x));
        float[] picture = numbers(random, SIZE * SIZE);
        Graph both = result.graph().withOutputs(List.of(product, result.of(x)));
        try (OnnxRuntimeRunner runner = new OnnxRuntimeRunner();
                Executable executable = runner.load(both)) {
            Map<Value, Tensor> answer = executable.run(Map.of(x, Tensor.floats(picture, 1, 1, SIZE, SIZE)));
            float[] gradient = answer.get(result.of(x)).toFloats();
            double sum = 0;
            for (int i = 0; i < picture.length; i++) {
                sum += (double) picture[i] * gradient[i];
            }
            assertThat((double) answer.get(product).toFloats()[0]).isCloseTo(sum, within(2e-4));
        }
    }

    private static float[] numbers(Random random, int count) {
        float[] numbers = new float[count];
        for (int i = 0; i < count; i++) {
            numbers[i] = random.nextFloat() - 0.5f;
        }
        return numbers;
    }
}
