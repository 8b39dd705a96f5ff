package dev.vitrine.lens.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.GraphBuilder;
import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.onnx.OnnxWriter;
import dev.vitrine.engine.runtime.OnnxRuntimeRunner;
import dev.vitrine.engine.tensor.ElementType;
import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.attribution.Nets;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is asked of a model's file beside its graph: its hash, and numbers for weights. */
final class FileChecksTest {
    private static Graph weights(float[] data) {
        Map<Value, Tensor> constants = Map.of(new Value("w"), Tensor.floats(data, data.length));
        return new Graph(List.of(), List.of(), List.of(), constants, Map.of(), Map.of());
    }

    @Test
    void namesTheFirstNan() {
        float[] data = new float[100_003];
        data[70_001] = Float.NaN;
        data[70_002] = Float.NaN;
        assertThatThrownBy(() -> FiniteWeights.require(weights(data), Path.of("net.onnx")))
                .isInstanceOf(VitrineException.class)
                .hasMessageContaining("weight 'w' contains NaN at element 70001");
        float[] last = new float[5];
        last[4] = Float.NaN;
        assertThatThrownBy(() -> FiniteWeights.require(weights(last), Path.of("net.onnx")))
                .hasMessageContaining("element 4");
    }

    @Test
    void takesInfinities() {
        float[] data = {1, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, 0};
        assertThatCode(() -> FiniteWeights.require(weights(data), Path.of("net.onnx")))
                .doesNotThrowAnyException();
    }

    @Test
    void hashesAsEverybodyDoes(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("abc"), "abc", StandardCharsets.US_ASCII);
        assertThat(Sha256.of(file).toString())
                .isEqualTo("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        assertThat(Sha256.of(file)).isEqualTo(Sha256.known(Sha256.of(file).toString()));
        assertThatThrownBy(() -> Sha256.of(folder.resolve("none")).toString()).isInstanceOf(VitrineException.class);
    }

    /** A network whose weights of the last layer are in the file {@code vitrine}. */
    private static Model splitNetwork(Path folder, float scale) throws Exception {
        GraphBuilder builder = new GraphBuilder();
        Value x = builder.input("x", TensorType.of(ElementType.FLOAT32, 1, 3, 8, 8));
        float[] weights = new float[3 * 2];
        Arrays.fill(weights, scale);
        Value mean = builder.node("Flatten", builder.node("GlobalAveragePool", x));
        builder.output(builder.node("Gemm", mean, builder.constant("w", Tensor.floats(weights, 3, 2))));
        OnnxWriter.Skeleton skeleton = OnnxWriter.skeleton(builder.build(), 24);
        Files.write(folder.resolve("net.onnx"), skeleton.model());
        ByteBuffer data =
                skeleton.constants().values().iterator().next().bytes().duplicate();
        try (FileChannel out = FileChannel.open(
                folder.resolve(OnnxWriter.Skeleton.LOCATION), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            out.write(data);
        }
        return new ModelLoader(Nets.RUNNER).load(folder.resolve("net.onnx"));
    }

    @Test
    void weightsInFurtherFilesArePartOfTheHash(@TempDir Path folder) throws Exception {
        String first = splitNetwork(folder, 1).sha256().toString();
        Path file = folder.resolve("net.onnx");
        String own = Sha256.of(file).toString();
        assertThat(splitNetwork(folder, 2).sha256().toString()).isNotEqualTo(first);
        assertThat(Sha256.of(file)).hasToString(own);
        assertThat(splitNetwork(folder, 1).sha256()).hasToString(first);
        assertThat(first).hasSize(64).isNotEqualTo(own);
        assertThat(Sha256.of(file).with(List.of())).hasToString(own);
    }

    @Test
    void saysWhatAModelNeedsAndRefusesWhereThereIsLess() {
        try (OnnxRuntimeRunner runner = new OnnxRuntimeRunner()) {
            MemoryNeed need = MemoryNeed.of(new ModelLoader(runner).load(Path.of("mnist-cnn")));
            assertThat(need.kernels()).isPositive().isLessThan(need.weights());
            assertThat(need.isLarge()).isFalse();
            assertThat(need.usual()).isGreaterThan(need.least());
            assertThat(need.require("net", need.least())).isSameAs(need);
        }
        MemoryNeed large = new MemoryNeed(553_000_000, 59_000_000, 110_000_000);
        assertThat(large.isLarge()).isTrue();
        assertThatThrownBy(() -> large.require("net", 512L << 20))
                .isInstanceOf(VitrineException.class)
                .hasMessageContaining("Model 'net' needs about 1.4 GB of memory (553 MB of weights, 110 MB")
                .hasMessageContaining("found 536 MB");
    }
}
