package dev.vitrine.engine.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.GraphBuilder;
import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.onnx.OnnxReader;
import dev.vitrine.engine.onnx.OnnxWriter;
import dev.vitrine.engine.tensor.ElementType;
import dev.vitrine.engine.tensor.Tensor;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Values with names that the runtime's Java interface cannot carry. */
class NativeNamesTest {
    private static final Value INPUT = new Value("picture \uD83D\uDCF7");
    private static final Value OUTPUT = new Value("scores \uD83D\uDE00");

    @TempDir
    private Path folder;

    private static Graph graph(int size) {
        GraphBuilder builder = new GraphBuilder();
        Value input = builder.input(INPUT.name(), TensorType.of(ElementType.FLOAT32, 1, size));
        float[] ones = new float[size * size];
        Arrays.fill(ones, 1);
        Value sum = builder.node("MatMul", input, builder.constant("w\uD83D\uDD25", Tensor.floats(ones, size, size)));
        builder.outputAs(sum, OUTPUT);
        return builder.build();
    }

    @Test
    void inputsOutputsAndWeightsAreFound() {
        for (int size : new int[] {2, 300}) {
            float[] values = new float[size];
            values[0] = 3;
            try (Runner runner = new OnnxRuntimeRunner();
                    Executable executable = runner.load(graph(size))) {
                Tensor found = executable
                        .run(Map.of(INPUT, Tensor.floats(values, 1, size)), List.of(OUTPUT))
                        .get(OUTPUT);
                assertThat(found.toFloats()).hasSize(size).containsOnly(3);
            }
        }
    }

    @Test
    void filesAreReadTypedAndRun() {
        Path file = folder.resolve("names.onnx");
        OnnxWriter.write(graph(2), file);
        Graph read = TypeInference.infer(OnnxReader.read(file));
        assertThat(read.inputs()).containsExactly(INPUT);
        assertThat(read.types().get(OUTPUT)).isEqualTo(TensorType.of(ElementType.FLOAT32, 1, 2));
        try (Runner runner = new OnnxRuntimeRunner();
                Executable executable = runner.load(read)) {
            assertThat(executable
                            .run(Map.of(INPUT, Tensor.floats(new float[] {1, 2}, 1, 2)))
                            .get(OUTPUT)
                            .toFloats())
                    .containsExactly(3, 3);
        }
    }

    @Test
    void plainNamesStay() {
        assertThat(NativeNames.of("größe/層:0")).isEqualTo("größe/層:0");
        GraphBuilder builder = new GraphBuilder();
        Value input = builder.input("x", TensorType.of(ElementType.FLOAT32, 1));
        builder.outputAs(builder.node("Relu", input), new Value("y"));
        Graph graph = builder.build();
        assertThat(NativeNames.applied(graph)).isSameAs(graph);
    }
}
