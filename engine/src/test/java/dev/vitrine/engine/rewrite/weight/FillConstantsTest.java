package dev.vitrine.engine.rewrite.weight;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vitrine.engine.graph.Attributes;
import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.GraphBuilder;
import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.runtime.OnnxRuntimeRunner;
import dev.vitrine.engine.tensor.ElementType;
import dev.vitrine.engine.tensor.Tensor;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FillConstantsTest {
    private final GraphBuilder builder = new GraphBuilder();
    private final Value x = builder.input("x", TensorType.of(ElementType.FLOAT32, 1, 3));

    private Value filled(Attributes attributes, Value shape) {
        return builder.node("ConstantOfShape", attributes, shape);
    }

    @Test
    void weightsOfOneShapeAndNumberAreOneTensor() {
        Attributes half = Attributes.NONE.with("value", Tensor.floats(new float[] {.5f}, 1));
        Value first = filled(half, builder.vector(3, 2000));
        Value second = filled(half, builder.vector(3, 2000));
        Value other = filled(Attributes.NONE, builder.vector(3, 2000));
        Value sum = builder.node("Add", builder.node("MatMul", x, first), builder.node("MatMul", x, second));
        Value output = builder.node("Add", sum, builder.node("MatMul", x, other));
        Graph before = builder.output(output).build();
        Graph after = new FillConstants().apply(before);

        assertThat(after.nodes()).noneMatch(node -> node.opType().equals("ConstantOfShape"));
        assertThat(after.constants().get(first)).isSameAs(after.constants().get(second));
        Map<Value, Tensor> inputs = Map.of(x, Tensor.floats(new float[] {1, 2, 4}, 1, 3));
        try (OnnxRuntimeRunner runner = new OnnxRuntimeRunner()) {
            float[] sums = runner.load(after).run(inputs).get(output).toFloats();
            assertThat(sums).hasSize(2000).containsOnly(7f);
            assertThat(sums)
                    .isEqualTo(runner.load(before).run(inputs).get(output).toFloats());
        }
    }

    @Test
    void keepsIntegersAndEmptyShapes() {
        Value ones = filled(Attributes.NONE.with("value", Tensor.vector(7)), builder.vector(5));
        Value none = filled(Attributes.NONE, builder.vector(0, 4));
        Value scalar = filled(Attributes.NONE, builder.vector());
        Graph after = new FillConstants()
                .apply(builder.output(ones).output(none).output(scalar).build());

        assertThat(after.constants().get(ones)).isEqualTo(Tensor.vector(7, 7, 7, 7, 7));
        assertThat(after.constants().get(none)).isEqualTo(Tensor.floats(new float[0], 0, 4));
        assertThat(after.constants().get(scalar)).isEqualTo(Tensor.floats(new float[1]));
    }

    @Test
    void leavesShapesThatARunTellsAndThoseTooLarge() {
        Value told = filled(Attributes.NONE, builder.node("Shape", x));
        Value huge = filled(Attributes.NONE, builder.vector(1 << 20, 1 << 20));
        Graph graph = builder.output(told).output(huge).build();
        assertThat(new FillConstants().apply(graph)).isSameAs(graph);
    }
}
