package dev.vitrine.engine.onnx;

import static dev.vitrine.engine.onnx.Protos.graph;
import static dev.vitrine.engine.onnx.Protos.info;
import static dev.vitrine.engine.onnx.Protos.model;
import static dev.vitrine.engine.onnx.Protos.node;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.runtime.Executable;
import dev.vitrine.engine.runtime.OnnxRuntimeRunner;
import dev.vitrine.engine.tensor.Tensor;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A network stays as it was read, whatever becomes of its files. */
class ChangedFileTest {
    private static final int SIZE = 512;

    @TempDir
    Path folder;

    /** y = x · w with w of SIZE × SIZE equal numbers in another file. */
    private Path network(float weight) throws IOException {
        Path file = folder.resolve("net.onnx");
        weights(weight);
        Files.write(
                file,
                model(
                                17,
                                graph("g")
                                        .addInput(info("x", Protos.FLOAT, "N", SIZE))
                                        .addOutput(info("y"))
                                        .addInitializer(TensorCodec.writeExternal(
                                                "w", Tensor.floats(new float[SIZE * SIZE], SIZE, SIZE), "net.bin", 0))
                                        .addNode(node("MatMul", "x w", "y")))
                        .build()
                        .toByteArray());
        return file;
    }

    private void weights(float weight) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(4 * SIZE * SIZE).order(ByteOrder.LITTLE_ENDIAN);
        while (bytes.hasRemaining()) {
            bytes.putFloat(weight);
        }
        Files.write(folder.resolve("net.bin"), bytes.array());
    }

    private static float first(Graph graph) {
        float[] ones = new float[SIZE];
        Arrays.fill(ones, 1);
        try (Executable executable = new OnnxRuntimeRunner().load(graph)) {
            Tensor y = executable
                    .run(Map.of(new Value("x"), Tensor.floats(ones, 1, SIZE)))
                    .get(new Value("y"));
            return y.floats().get(0);
        }
    }

    @Test
    void overwrittenWeightsDoNotReachAnOpenNetwork() throws IOException {
        Graph graph = OnnxReader.read(network(1));
        weights(3);
        assertThat(first(graph)).isEqualTo(SIZE);
        assertThat(first(OnnxReader.read(folder.resolve("net.onnx")))).isEqualTo(3 * SIZE);
    }

    @Test
    void cutWeightsDoNotEndTheProcess() throws IOException {
        Graph graph = OnnxReader.read(network(1));
        try (RandomAccessFile file =
                new RandomAccessFile(folder.resolve("net.bin").toFile(), "rw")) {
            file.setLength(10);
        }
        assertThat(first(graph)).isEqualTo(SIZE);
    }

    @Test
    void aStampTellsAnOverwrittenAReplacedAndACutFile() throws IOException {
        Path file = Files.write(folder.resolve("f"), new byte[100]);
        Files.setLastModifiedTime(file, FileTime.fromMillis(1_000_000));
        FileStamp stamp = FileStamp.of(file);
        assertThatCode(stamp::requireUnchanged).doesNotThrowAnyException();

        Files.write(file, new byte[100]);
        assertChanged(stamp);

        FileStamp longer = FileStamp.of(file);
        try (RandomAccessFile cut = new RandomAccessFile(file.toFile(), "rw")) {
            cut.setLength(99);
        }
        assertChanged(longer);

        FileStamp old = FileStamp.of(file);
        Path other = Files.write(folder.resolve("other"), new byte[99]);
        Files.setLastModifiedTime(other, old.modified());
        Files.move(other, file, StandardCopyOption.REPLACE_EXISTING);
        if (old.key().isPresent()) {
            assertChanged(old);
        }

        FileStamp gone = FileStamp.of(file);
        Files.delete(file);
        assertChanged(gone);
    }

    private static void assertChanged(FileStamp stamp) {
        assertThatThrownBy(stamp::requireUnchanged)
                .isInstanceOf(VitrineException.class)
                .hasMessageContaining("was changed while it was being read");
    }
}
