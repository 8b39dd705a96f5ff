package dev.vitrine.lens.attribution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.onnx.OnnxWriter;
import dev.vitrine.engine.oracle.Architectures;
import dev.vitrine.engine.oracle.Architectures.Size;
import dev.vitrine.engine.oracle.TestData;
import dev.vitrine.engine.runtime.OnnxRuntimeRunner;
import dev.vitrine.engine.runtime.Runner;
import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.data.Picture;
import dev.vitrine.lens.data.PictureReader;
import dev.vitrine.lens.data.PictureSource;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.model.ModelLoader;
import dev.vitrine.lens.training.network.NetworkBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/** Networks and pictures that the tests of methods run on, opened as a person's would be. */
public final class Nets {
    public static final Runner RUNNER = new OnnxRuntimeRunner();

    private static final Map<String, Model> OPENED = new ConcurrentHashMap<>();

    private Nets() {}

    /** The three trained networks. */
    public static final List<String> SHARED_MODELS =
            List.of("cifar10-resnet20", "squeezenet-caltech101", "tiny-darknet");

    /** A trained network, or one of its kind with random weights where the shared folder is missing. */
    public static Model shared(String name) {
        return OPENED.computeIfAbsent(
                name,
                key -> TestData.find("models/" + name + ".onnx")
                        .map(file -> new ModelLoader(RUNNER).load(file))
                        .orElseGet(() -> open(name, STAND_INS.get(name).get())));
    }

    private static Graph residual() {
        NetworkBuilder builder = new NetworkBuilder(3, 32, 32, new SplittableRandom(1))
                .convolution("conv1", 8, 3, 1, 1)
                .batchNormalization()
                .relu();
        for (int block = 1; block <= 3; block++) {
            String name = "block" + block;
            int filters = 8 * block;
            int stride = block == 1 ? 1 : 2;
            builder.residual(
                            name,
                            branch -> branch.convolution(name + "a", filters, 3, stride, 1)
                                    .batchNormalization()
                                    .relu()
                                    .convolution(name + "b", filters, 3, 1, 1)
                                    .batchNormalization())
                    .relu();
        }
        return builder.meanPool().classifier("classes", 10);
    }

    /** A trained network; skips the test where the shared folder is missing. */
    public static Model trained(String name) {
        existing(Path.of("models", name + ".onnx"));
        return shared(name);
    }

    /** Small, with the inputs and classes of the trained networks. */
    private static final Map<String, Supplier<Graph>> STAND_INS = Map.of(
            "cifar10-resnet20", Nets::residual,
            "squeezenet-caltech101", () -> Architectures.squeezeNet(new Size(1 / 8.0, 224, 101, 2)),
            "tiny-darknet", () -> Architectures.vgg(new Size(1 / 16.0, 224, 1000, 3), 1, 1, 1, 2));

    private static final Size SMALL = new Size(1 / 16.0, 64, 10, 1);

    /** Architectures with random weights, so large that their last maps have more than one place. */
    private static final Map<String, Supplier<Graph>> ARCHITECTURES = Map.of(
            "vgg-small", () -> Architectures.vgg(SMALL, 1, 1, 1, 2),
            "resnet18", () -> Architectures.resNet18(SMALL),
            "googlenet", () -> Architectures.googLeNet(SMALL),
            "squeezenet", () -> Architectures.squeezeNet(SMALL),
            "densenet", () -> Architectures.denseNet(SMALL, 2, 2, 2, 2),
            "mobilenet-v3", () -> Architectures.mobileNetV3(SMALL),
            "convnext", () -> Architectures.convNeXt(SMALL, 1, 1, 2, 1));

    /** A network with random weights. */
    public static Model architecture(String name) {
        return OPENED.computeIfAbsent(
                name, key -> open(name, ARCHITECTURES.get(name).get()));
    }

    /** Either kind. */
    public static Model named(String name) {
        return SHARED_MODELS.contains(name) ? shared(name) : architecture(name);
    }

    /** A graph through a file and the loader. */
    public static Model open(String name, Graph graph) {
        try {
            Path folder = Files.createTempDirectory("vitrine");
            Path file = folder.resolve(name + ".onnx");
            try {
                OnnxWriter.write(graph, file);
                Model model = new ModelLoader(RUNNER).load(file);
                // Computed beside other work, from the file that goes now.
                assertThat(model.sha256()).asString().hasSize(64);
                return model;
            } finally {
                Files.deleteIfExists(file);
                Files.delete(folder);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static Path existing(Path withinShared) {
        Optional<Path> path = TestData.find(withinShared.toString());
        assumeTrue(path.isPresent(), "skipped: the shared folder has no " + withinShared);
        return path.orElseThrow();
    }

    public static Picture photo(String file) {
        return PictureReader.read(existing(Path.of("data", "photos", file)));
    }

    /** Some pictures of an archive, evenly taken, as the model takes them. */
    public static Tensor pictures(Model model, String archive, int count) {
        try (PictureSource source = PictureSource.open(existing(Path.of("data", archive)))) {
            return model.preprocessing()
                    .apply(IntStream.range(0, count)
                            .mapToObj(i -> source.read((int) ((long) i * source.size() / count)))
                            .toList());
        }
    }

    /** Normal noise as a batch of inputs. */
    public static Tensor noise(Model model, int count, long seed) {
        long[] shape = model.sampleShape();
        shape[0] = count;
        return normal(seed, shape);
    }

    public static Tensor normal(long seed, long... shape) {
        Random random = new Random(seed);
        float[] data = new float[(int) Tensor.elements(shape)];
        for (int i = 0; i < data.length; i++) {
            data[i] = (float) random.nextGaussian();
        }
        return Tensor.floats(data, shape);
    }

    /** The class with the highest logit of each sample. */
    public static long[] top(Tensor logits) {
        int classes = (int) logits.dimension(1);
        float[] all = logits.toFloats();
        return IntStream.range(0, (int) logits.dimension(0))
                .mapToLong(row -> IntStream.range(0, classes)
                        .reduce((a, b) -> all[row * classes + a] >= all[row * classes + b] ? a : b)
                        .orElseThrow())
                .toArray();
    }

    /** max |found − expected| / max |expected|. */
    public static double relativeError(Tensor found, Tensor expected) {
        assertThat(found.shape()).containsExactly(expected.shape());
        return relativeError(doubles(found), doubles(expected));
    }

    public static double relativeError(double[] found, double[] expected) {
        assertThat(found).hasSameSizeAs(expected);
        double error = 0;
        double scale = 1e-30;
        for (int i = 0; i < expected.length; i++) {
            assertThat(Double.isFinite(found[i])).as("finite at %d", i).isTrue();
            error = Math.max(error, Math.abs(found[i] - expected[i]));
            scale = Math.max(scale, Math.abs(expected[i]));
        }
        return error / scale;
    }

    public static double[] doubles(Tensor tensor) {
        float[] values = tensor.toFloats();
        return IntStream.range(0, values.length).mapToDouble(i -> values[i]).toArray();
    }

    public static double sum(Tensor tensor) {
        double sum = 0;
        for (float value : tensor.toFloats()) {
            sum += value;
        }
        return sum;
    }
}
