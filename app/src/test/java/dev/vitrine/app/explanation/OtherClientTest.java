package dev.vitrine.app.explanation;

import static dev.vitrine.app.Shell.vitrine;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.onnx.OnnxReader;
import dev.vitrine.engine.runtime.Executable;
import dev.vitrine.engine.runtime.OnnxRuntimeRunner;
import dev.vitrine.engine.tensor.ElementType;
import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.data.Npy;
import dev.vitrine.lens.data.PictureReader;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.model.ModelLoader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What {@code vitrine compile} writes gives the same numbers in onnxruntime-web, WebAssembly in Node.js. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OtherClientTest {
    /** Both sides are single precision with sums in different orders. */
    private static final double TOLERANCE = 1e-4;

    /**
     * In a photo of 224×224 a few of some million activations, or of pairs under a max pooling, lie within rounding of a
     * tie. There a slope is 0 or 1 by chance, also between two levels of optimization of one client (4e-3), and a few
     * places differ. All others must agree as above: half of the values within {@link #TOLERANCE} of their root mean
     * square, and all together within this.
     */
    private static final double TIES = 2e-2;

    private static final JsonMapper JSON = new JsonMapper();
    private static final Path SCRIPTS = Path.of("src", "test", "node");
    private static final Path INSTALLED = Path.of("target", "node");

    private static final List<String> RESNET_METHODS =
            List.of("gradient", "grad-cam", "guided-backprop", "integrated-gradients", "lrp-epsilon-plus", "deep-lift");
    private static final List<String> METHODS = List.of("gradient", "grad-cam");

    /** A method on a shared model, for the first {@code batch} photos. */
    private record Case(String model, String method, int batch) {
        Path file(Path folder, String ending) {
            return folder.resolve(model + "-" + method + "-" + batch + ending);
        }

        @Override
        public String toString() {
            return method + " on " + model + ", batch " + batch;
        }
    }

    @TempDir
    private static Path folder;

    private final Map<String, Tensor> pictures = new LinkedHashMap<>();

    private static List<Case> cases() {
        List<Case> cases = new ArrayList<>();
        RESNET_METHODS.forEach(method -> cases.add(new Case("cifar10-resnet20", method, 1)));
        RESNET_METHODS.forEach(method -> cases.add(new Case("cifar10-resnet20", method, 2)));
        METHODS.forEach(method -> cases.add(new Case("tiny-darknet", method, 1)));
        METHODS.forEach(method -> cases.add(new Case("squeezenet-caltech101", method, 1)));
        return cases;
    }

    @BeforeAll
    void compileAndRunThemAll() throws IOException {
        assumeTrue(Files.isDirectory(shared()), "no shared models at " + shared() + ", so no other client runs them");
        install();
        ArrayNode jobs = JSON.createArrayNode();
        for (Case one : cases()) {
            compile(one);
            describe(one, jobs.addObject());
        }
        Path list = folder.resolve("jobs.json");
        Files.writeString(list, jobs.toString());
        Ended ended = run(INSTALLED, "node", "run.mjs", list.toString());
        assertThat(ended.status()).as(ended.said()).isZero();
    }

    private static Path shared() {
        return Path.of(System.getProperty("vitrine.shared", "../../shared"));
    }

    private static Path model(Case one) {
        return shared().resolve("models/" + one.model() + ".onnx");
    }

    /** What a program said and how it ended. */
    private record Ended(int status, String said) {}

    private static Ended run(Path where, String... command) throws IOException {
        Path said = folder.resolve("said.txt");
        Process process = new ProcessBuilder(command)
                .directory(where.toFile())
                .redirectErrorStream(true)
                .redirectOutput(said.toFile())
                .start();
        try {
            if (!process.waitFor(5, TimeUnit.MINUTES)) {
                process.destroy();
                return new Ended(-1, String.join(" ", command) + " took more than five minutes");
            }
        } catch (InterruptedException e) {
            process.destroy();
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
        return new Ended(process.exitValue(), Files.readString(said));
    }

    /** Installs what the lock file names, unless it is there. */
    private static void install() throws IOException {
        Files.createDirectories(INSTALLED);
        Path lock = INSTALLED.resolve("package-lock.json");
        Path done = INSTALLED.resolve("installed.json");
        for (String name : List.of("package.json", "package-lock.json", "run.mjs")) {
            Files.copy(SCRIPTS.resolve(name), INSTALLED.resolve(name), StandardCopyOption.REPLACE_EXISTING);
        }
        if (Files.exists(done) && Files.mismatch(lock, done) < 0) {
            return;
        }
        try {
            Ended ended =
                    run(INSTALLED, "npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline");
            assumeTrue(
                    ended.status() == 0,
                    () -> "npm cannot install onnxruntime-web, so no other client runs: "
                            + ended.said().strip().replaceAll("\\s+", " "));
        } catch (IOException missing) {
            abort("no Node.js here, so no other client runs: " + missing.getMessage());
        }
        Files.copy(lock, done, StandardCopyOption.REPLACE_EXISTING);
    }

    private static void compile(Case one) {
        List<Object> words = new ArrayList<>(List.of(
                "compile", "--model", model(one), "--method", one.method(), "--output", one.file(folder, ".onnx")));
        vitrine(withSteps(words, one)).succeeds();
    }

    private static Object[] withSteps(List<Object> words, Case one) {
        if (one.method().equals("integrated-gradients")) {
            words.addAll(List.of("--steps", 4));
        }
        return words.toArray();
    }

    private void describe(Case one, ObjectNode job) throws IOException {
        Graph graph = OnnxReader.read(one.file(folder, ".onnx"));
        Tensor image = pictures(one);
        job.put("model", one.file(folder, ".onnx").toString());
        job.put("answer", one.file(folder, ".json").toString());
        job.put("optimization", "all");
        ArrayNode inputs = job.putArray("inputs");
        Path imageFile = one.file(folder, ".image");
        Files.write(imageFile, bytes(image));
        ObjectNode first =
                inputs.addObject().put("name", graph.inputs().get(0).name()).put("type", "float32");
        ArrayNode dimensions = first.putArray("dims");
        for (long dimension : image.shape()) {
            dimensions.add(dimension);
        }
        first.put("file", imageFile.toString());
        Path targetFile = one.file(folder, ".target");
        Files.write(targetFile, bytes(targets(one)));
        ObjectNode second =
                inputs.addObject().put("name", graph.inputs().get(1).name()).put("type", "int64");
        second.putArray("dims").add(one.batch());
        second.put("file", targetFile.toString());
        ObjectNode outputs = job.putObject("outputs");
        for (int index = 0; index < graph.outputs().size(); index++) {
            outputs.put(
                    graph.outputs().get(index).name(),
                    one.file(folder, "-" + index + ".output").toString());
        }
    }

    private static byte[] bytes(Tensor tensor) {
        ByteBuffer bytes = tensor.bytes().duplicate();
        byte[] copy = new byte[bytes.remaining()];
        bytes.get(copy);
        return copy;
    }

    private Tensor pictures(Case one) {
        Tensor both = pictures.computeIfAbsent(one.model(), name -> {
            try (OnnxRuntimeRunner runner = new OnnxRuntimeRunner()) {
                Model model = new ModelLoader(runner).load(model(one));
                return model.preprocessing()
                        .apply(Stream.of("chelsea.png", "coffee.png")
                                .map(photo -> PictureReader.read(shared().resolve("data/photos/" + photo)))
                                .toList());
            }
        });
        return both.rows(0, one.batch());
    }

    private static Tensor targets(Case one) {
        return Tensor.vector(one.batch() == 1 ? new long[] {3} : new long[] {3, 5});
    }

    private static Stream<Arguments> compiled() {
        return cases().stream().map(Arguments::of);
    }

    @ParameterizedTest
    @MethodSource("compiled")
    void givesTheSameNumbers(Case one) throws IOException {
        JsonNode answer = JSON.readTree(Files.readString(one.file(folder, ".json")));
        assertThat(answer.has("error")).as(answer.toString()).isFalse();
        Graph graph = OnnxReader.read(one.file(folder, ".onnx"));
        Map<Value, Tensor> inputs =
                Map.of(graph.inputs().get(0), pictures(one), graph.inputs().get(1), targets(one));
        Map<Value, Tensor> ours;
        try (OnnxRuntimeRunner runner = new OnnxRuntimeRunner();
                Executable executable = runner.load(graph)) {
            ours = executable.run(inputs);
        }
        for (int index = 0; index < graph.outputs().size(); index++) {
            Value output = graph.outputs().get(index);
            Tensor expected = ours.get(output);
            long[] shape = JSON.treeToValue(answer.get("shapes").get(output.name()), long[].class);
            assertThat(shape).as("shape of " + output).isEqualTo(expected.shape());
            agree("other client's " + output, one, output(one, index, shape), expected);
        }
        Tensor attributed = attributed(one);
        agree("other client's and attribute's", one, output(one, 0, attributed.shape()), attributed);
    }

    private static void agree(String what, Case one, Tensor found, Tensor expected) {
        boolean slopesOfPhoto = expected.rank() == 4 && expected.dimension(-1) >= 224;
        assertThat(error(found, expected))
                .as("relative error, " + what + ", " + one)
                .isLessThan(slopesOfPhoto ? TIES : TOLERANCE);
        assertThat(middleError(found, expected))
                .as("median error, " + what + ", " + one)
                .isLessThan(TOLERANCE);
    }

    /** What {@code vitrine attribute} says of the same pictures, one after the other. */
    private Tensor attributed(Case one) {
        List<Tensor> rows = new ArrayList<>();
        for (int row = 0; row < one.batch(); row++) {
            Path input = one.file(folder, "-input.npy");
            Path output = one.file(folder, "-output.npy");
            Npy.write(input, pictures(one).rows(row, row + 1));
            List<Object> words = new ArrayList<>(List.of(
                    "attribute",
                    "--model",
                    model(one),
                    "--input",
                    input,
                    "--method",
                    one.method(),
                    "--target",
                    targets(one).toLongs()[row],
                    "--output",
                    output));
            vitrine(withSteps(words, one)).succeeds();
            rows.add(Npy.read(output));
        }
        return Tensor.concatenate(rows);
    }

    private static Tensor output(Case one, int index, long[] shape) {
        try {
            byte[] bytes = Files.readAllBytes(one.file(folder, "-" + index + ".output"));
            ByteBuffer buffer = ByteBuffer.allocateDirect(bytes.length).order(ByteOrder.nativeOrder());
            buffer.put(bytes).flip();
            return Tensor.wrap(ElementType.FLOAT32, shape, buffer);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** {@code ‖found − expected‖ / ‖expected‖}. */
    private static double error(Tensor found, Tensor expected) {
        float[] one = found.toFloats();
        float[] other = expected.toFloats();
        assertThat(one).hasSameSizeAs(other);
        double difference = 0;
        double size = 0;
        for (int index = 0; index < one.length; index++) {
            difference += Math.pow(one[index] - other[index], 2);
            size += Math.pow(other[index], 2);
        }
        assertThat(size).as("squared norm of what is expected").isPositive();
        return Math.sqrt(difference / size);
    }

    /** {@code median |found − expected| / root mean square of expected}. */
    private static double middleError(Tensor found, Tensor expected) {
        float[] one = found.toFloats();
        float[] other = expected.toFloats();
        double[] differences = new double[one.length];
        double squares = 0;
        for (int index = 0; index < one.length; index++) {
            differences[index] = Math.abs(one[index] - other[index]);
            squares += Math.pow(other[index], 2);
        }
        Arrays.sort(differences);
        return differences[one.length / 2] / Math.sqrt(squares / one.length);
    }
}
