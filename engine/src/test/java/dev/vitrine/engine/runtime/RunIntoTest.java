package dev.vitrine.engine.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.GraphBuilder;
import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.tensor.ElementType;
import dev.vitrine.engine.tensor.Tensor;
import java.nio.ByteBuffer;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RunIntoTest {
    private final GraphBuilder builder = new GraphBuilder();
    private final Value x = builder.input("x", TensorType.of(ElementType.FLOAT32, 3));
    private final Value doubled = builder.node("Add", x, x);
    private final Graph graph = builder.output(doubled).build();

    @Test
    void twoTensorsTakeTurnsWithoutACopy() {
        Tensor first = Tensor.floats(new float[] {1, 2, 3}, 3);
        Tensor second = Tensor.zeros(ElementType.FLOAT32, 3);
        try (Executable executable = new OnnxRuntimeRunner().load(graph)) {
            executable.runInto(Map.of(x, first), Map.of(doubled, second));
            executable.runInto(Map.of(x, second), Map.of(doubled, first));
        }
        assertThat(second.toFloats()).containsExactly(2, 4, 6);
        assertThat(first.toFloats()).containsExactly(4, 8, 12);
    }

    @Test
    void aTargetOnTheHeapIsRefused() {
        Tensor heap = Tensor.wrap(ElementType.FLOAT32, new long[] {3}, ByteBuffer.allocate(12));
        try (Executable executable = new OnnxRuntimeRunner().load(graph)) {
            Tensor given = Tensor.floats(new float[] {1, 2, 3}, 3);
            assertThatThrownBy(() -> executable.runInto(Map.of(x, given), Map.of(doubled, heap)))
                    .hasMessageContaining("is on the heap");
        }
    }
}
