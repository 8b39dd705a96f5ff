package dev.vitrine.engine.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxTensorLike;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.oracle.NeedsShared;
import dev.vitrine.engine.tensor.Tensor;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Real networks, read, written and run in every form, give what their own files give. */
@NeedsShared
class SharedModelsTest {
    private static final OrtEnvironment ENVIRONMENT = OrtEnvironment.getEnvironment();

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({"tiny-darknet, 224, 14", "squeezenet-caltech101, 224, 14", "cifar10-resnet20, 32, 9"})
    void roundTrip(String name, int size, int leastLarge) throws Exception {
        Path file = Path.of(System.getProperty("vitrine.shared", ""), "models", name + ".onnx");
        assumeTrue(Files.exists(file), () -> "no " + file + ": the shared models are not here");
        Graph graph = OnnxReader.read(file);
        Path copy = folder.resolve("copy.onnx");
        OnnxWriter.write(graph, copy);
        Path split = folder.resolve("split.onnx");
        OnnxWriter.write(graph, split, 1000);

        assertThat(folder.toFile().list()).containsExactlyInAnyOrder("copy.onnx", "split.onnx", "split.onnx.data");
        assertThat(OnnxReader.read(copy)).isEqualTo(graph);
        assertThat(OnnxReader.read(split)).isEqualTo(graph);
        assertThat(OnnxReader.read(OnnxWriter.toBytes(graph))).isEqualTo(graph);

        float[] image = new float[2 * 3 * size * size];
        Random random = new Random(1);
        for (int i = 0; i < image.length; i++) {
            image[i] = random.nextFloat();
        }
        OnnxWriter.Skeleton skeleton = OnnxWriter.skeleton(graph, 4096);
        assertThat(skeleton.constants()).hasSizeGreaterThanOrEqualTo(leastLarge);
        assertThat(skeleton.model().length).isLessThan(100_000);
        try (OrtSession original = ENVIRONMENT.createSession(file.toString(), options());
                OrtSession written = ENVIRONMENT.createSession(copy.toString(), options());
                OrtSession external = ENVIRONMENT.createSession(split.toString(), options())) {
            float[] expected = run(original, image, size);
            assertThat(run(written, image, size)).containsExactly(expected);
            assertThat(run(external, image, size)).containsExactly(expected);
            assertThat(runSkeleton(skeleton, image, size)).containsExactly(expected);
        }
    }

    private static OrtSession.SessionOptions options() throws OrtException {
        OrtSession.SessionOptions options = new OrtSession.SessionOptions();
        options.setIntraOpNumThreads(1);
        return options;
    }

    private static float[] runSkeleton(OnnxWriter.Skeleton skeleton, float[] image, int size) throws OrtException {
        Map<String, OnnxTensorLike> tensors = new HashMap<>();
        for (Map.Entry<String, Tensor> entry : skeleton.constants().entrySet()) {
            tensors.put(
                    entry.getKey(),
                    OnnxTensor.createTensor(
                            ENVIRONMENT,
                            entry.getValue().sharedBytes().asFloatBuffer(),
                            entry.getValue().shape()));
        }
        OrtSession.SessionOptions options = options();
        options.addExternalInitializers(tensors);
        String optimized = System.getProperty("vitrine.optimized", "");
        if (!optimized.isEmpty()) {
            options.setOptimizedModelFilePath(
                    optimized + size + skeleton.constants().size() + ".onnx");
        }
        try (OrtSession session = ENVIRONMENT.createSession(skeleton.model(), options)) {
            return run(session, image, size);
        } finally {
            tensors.values().forEach(OnnxTensorLike::close);
        }
    }

    private static float[] run(OrtSession session, float[] image, int size) throws OrtException {
        try (OnnxTensor input =
                        OnnxTensor.createTensor(ENVIRONMENT, FloatBuffer.wrap(image), new long[] {2, 3, size, size});
                OrtSession.Result result = session.run(Map.of("image", input))) {
            FloatBuffer logits = ((OnnxTensor) result.get(0)).getFloatBuffer();
            float[] copy = new float[logits.remaining()];
            logits.get(copy);
            return copy;
        }
    }
}
