package dev.vitrine.app.attack;

import static dev.vitrine.app.Shell.vitrine;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vitrine.app.Shell;
import dev.vitrine.engine.graph.Attributes;
import dev.vitrine.engine.graph.GraphBuilder;
import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.runtime.OnnxRuntimeRunner;
import dev.vitrine.engine.tensor.ElementType;
import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.attack.Subjects;
import dev.vitrine.lens.data.Npy;
import dev.vitrine.lens.data.PictureReader;
import dev.vitrine.lens.model.ModelLoader;
import dev.vitrine.lens.session.ModelSession;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code vitrine attack}, from words to files. */
class AttackCommandTest {
    @TempDir
    private Path folder;

    private Path network(int channels) {
        return network(channels, "Relu", Optional.empty());
    }

    /**
     * Two small convolutions, the mean of each map, and four scores, with weights for which attacks succeed.
     *
     * @param end operator after the scores
     */
    private Path network(int channels, String activation, Optional<String> end) {
        GraphBuilder b = new GraphBuilder();
        Value picture = b.input("picture", TensorType.of(ElementType.FLOAT32, 1, channels, 16, 16));
        Attributes padded = Attributes.NONE.with("pads", 1, 1, 1, 1);
        Value maps = b.node(activation, b.node("Conv", padded, picture, b.constant(random(1, 6, channels, 3, 3))));
        Value more = b.node("Relu", b.node("Conv", padded, maps, b.constant(random(2, 8, 6, 3, 3))));
        Value means = b.node("Flatten", Attributes.NONE.with("axis", 1), b.node("GlobalAveragePool", more));
        Value scores = b.node("MatMul", means, b.constant(random((channels == 4 ? 57L : 23L) * channels, 8, 4)));
        Value output = end.map(operator -> b.node(operator, scores)).orElse(scores);
        return Shell.model(folder, b.output(output).build());
    }

    private static Tensor random(long seed, long... shape) {
        float[] values = new float[Math.toIntExact(Tensor.elements(shape))];
        Random random = new Random(seed);
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return Tensor.floats(values, shape);
    }

    private static JsonNode report(Path out) throws IOException {
        return new JsonMapper().readTree(Files.readString(out.resolve("attack.json")));
    }

    /** What is reported as a success is one when the written file is read again and classified by a plain forward pass. */
    private static void requireAsReported(Path model, Path out) throws IOException {
        for (JsonNode picture : report(out).get("pictures")) {
            Path file = out.resolve(picture.get("file").asString());
            try (OnnxRuntimeRunner runner = new OnnxRuntimeRunner();
                    ModelSession session = new ModelSession(new ModelLoader(runner).load(model), runner)) {
                Tensor input = session.model().preprocessing().apply(PictureReader.read(file));
                int best = Subjects.best(session.logits(input).toFloats());
                String label = session.model().display(best);
                assertThat(label)
                        .as(file.toString())
                        .isEqualTo(picture.get("after").asString());
                assertThat(picture.get("success").asBoolean())
                        .isEqualTo(!label.equals(picture.get("label").asString()));
                assertThat(picture.get("change").get("linf").asDouble()).isLessThan(60 / 255.0 + 1e-6);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 4, 5})
    void pictureFilesHoldWhatIsReported(int channels) throws IOException {
        Path model = network(channels);
        Path out = folder.resolve("out");
        Path picture = folder.resolve("field.npy");
        if (channels == 5) {
            float[] values = new float[20 * 24 * 5];
            Random random = new Random(4);
            for (int i = 0; i < values.length; i++) {
                values[i] = random.nextFloat();
            }
            Npy.write(picture, Tensor.floats(values, 20, 24, 5));
        } else {
            int kind = channels == 4 ? BufferedImage.TYPE_INT_ARGB : BufferedImage.TYPE_INT_RGB;
            picture = Shell.picture(folder, "photo.png", 24, 20, kind);
        }
        Shell.Outcome outcome = vitrine(
                        "attack",
                        picture,
                        "--model",
                        model,
                        "--epsilon",
                        "60/255",
                        "--step-size",
                        "8/255",
                        "--out",
                        out)
                .succeeds();
        assertThat(outcome.out()).contains("(success)");
        requireAsReported(model, out);
        String stem = channels == 5 ? "field" : "photo";
        assertThat(out.resolve(stem + "-attack.png")).exists();
        assertThat(out.resolve(stem + "-difference.png")).exists();
        assertThat(Files.readString(out.resolve("index.html")))
                .contains("Change, enlarged", "Grad-CAM before", "attack succeeds");
    }

    @Test
    void reachesATarget() throws IOException {
        Path model = network(3, "Relu", Optional.of("Softmax"));
        Path picture = Shell.picture(folder, "photo.png", 16, 16);
        Path out = folder.resolve("out");
        vitrine("attack", picture, "--model", model, "--epsilon", "40/255", "--target", "least-likely", "--out", out)
                .succeeds();
        JsonNode attacked = report(out).get("pictures").get(0);
        assertThat(attacked.get("success").asBoolean())
                .isEqualTo(attacked.get("after").equals(attacked.get("target")));
        String predicted = attacked.get("label").asString();
        vitrine("attack", picture, "--model", model, "--target", predicted.split(" ")[1], "--out", out)
                .failsWith(2, "the network already predicts the target");
        vitrine("attack", picture, "--model", model, "--target", "1", "--method", "deepfool", "--out", out)
                .failsWith(2, "'deepfool' cannot be told which class to reach");
    }

    @Test
    void arraysGiveArrays() throws IOException {
        Path model = network(3);
        Path input = folder.resolve("x.npy");
        Path labels = folder.resolve("y.npy");
        Path output = folder.resolve("adversarial.npy");
        Path report = folder.resolve("report.json");
        Npy.write(input, Tensor.floats(new float[2 * 16 * 16 * 3], 2, 16, 16, 3));
        Npy.write(labels, Tensor.floats(new float[] {0, 1}, 2));
        vitrine(
                        "attack",
                        "--input",
                        input,
                        "--labels",
                        labels,
                        "--model",
                        model,
                        "--method",
                        "bim",
                        "--epsilon",
                        "1/255",
                        "--step-size",
                        "0.25/255",
                        "--steps",
                        3,
                        "--random-start",
                        "--seed",
                        5,
                        "--output",
                        output,
                        "--report",
                        report)
                .succeeds();
        assertThat(Npy.read(output).shape()).containsExactly(2, 16, 16, 3);
        assertThat(Npy.read(output).elementType()).isEqualTo(ElementType.FLOAT32);
        JsonNode attack = new JsonMapper().readTree(Files.readString(report)).get("attack");
        assertThat(attack.get("pictures").asInt()).isEqualTo(2);
        assertThat(attack.get("each").get(1).has("successRounded")).isTrue();
    }

    @Test
    void theMapOfSinglePixelsHasTheSizeOfTheInput() {
        Path model = network(3);
        Path picture = Shell.picture(folder, "photo.png", 24, 20, BufferedImage.TYPE_INT_RGB);
        Path out = folder.resolve("out");
        Shell.Outcome outcome =
                vitrine("attack", picture, "--model", model, "--method", "one-pixel", "--map", "--out", out);
        assertThat(outcome.status()).as(outcome.err()).isZero();
        assertThat(outcome.out()).contains("of 256 pixels change the answer");
        assertThat(Npy.read(out.resolve("photo-pixel-map.npy")).shape()).containsExactly(16, 16);
        assertThat(out.resolve("photo-pixel-map.png")).exists();
        assertThat(vitrine("attack", picture, "--model", model, "--map", "--out", out)
                        .status())
                .isEqualTo(2);
    }

    @Test
    void requestsThatCannotBeAreRefused() {
        Path model = network(3);
        Path picture = Shell.picture(folder, "photo.png", 16, 16);
        vitrine("attack", "--model", model).failsWith(2, "expected IMAGE..., or --input X.npy");
        vitrine("attack", "--input", "x.npy", "--model", model).failsWith(2, "expects --labels Y.npy and --output");
        vitrine("attack", picture, "--input", "x.npy", "--model", model).failsWith(2, "arrays take --targets");
        vitrine("attack", picture, "--labels", "y.npy", "--model", model).failsWith(2, "without --input X.npy");
        vitrine("attack", picture, "--epsilon", 0, "--model", model).failsWith(2, "--epsilon 0: expected");
        vitrine("attack", picture, "--epsilon", 2, "--method", "fgsm", "--model", model)
                .failsWith(2, "--epsilon 2: expected");
    }

    /** Two classes of two pictures each, and one of no class of the network. */
    private Path labeled() throws IOException {
        Path pictures = folder.resolve("pictures");
        for (String name : new String[] {"0/a.png", "0/b.png", "1/a.png", "2/c.png", "elsewhere/d.png"}) {
            Files.createDirectories(pictures.resolve(name).getParent());
            Shell.picture(pictures, name, 16 + name.hashCode() % 5, 18);
        }
        return pictures;
    }

    @Test
    void aFolderGivesACurveAndPicturesThatBreakTheNetwork() throws IOException {
        Path model = network(3);
        Path out = folder.resolve("out");
        Shell.Outcome outcome = vitrine(
                        "attack", labeled(), "--model", model, "--epsilon", "60/255,4/255,20/255", "--out", out)
                .succeeds();
        assertThat(outcome.err()).contains("left out").contains("elsewhere");
        JsonNode result = report(out).get("result");
        assertThat(result.get("pictures").asInt()).isEqualTo(4);
        assertThat(result.get("levels").size()).isEqualTo(3);
        double before = result.get("accuracy").get("share").asDouble();
        for (JsonNode level : result.get("levels")) {
            double after = level.get("accuracy").get("share").asDouble();
            assertThat(after).isLessThanOrEqualTo(before);
            before = after;
        }
        Tensor arrays = Npy.read(out.resolve("adversarial.npy"));
        int row = 0;
        try (OnnxRuntimeRunner runner = new OnnxRuntimeRunner();
                ModelSession session = new ModelSession(new ModelLoader(runner).load(model), runner)) {
            for (JsonNode picture : result.get("rows")) {
                if (picture.get("broken").isNull()) {
                    continue;
                }
                Path file = out.resolve(picture.get("broken").get("file").asString());
                Tensor input = session.model().preprocessing().apply(PictureReader.read(file));
                int best = Subjects.best(session.logits(input).toFloats());
                assertThat(best)
                        .isEqualTo(picture.get("broken").get("after").asInt())
                        .isNotEqualTo(picture.get("label").asInt());
                double size = picture.get("broken").get("size").get("linf").asDouble();
                int level = picture.get("broken").get("level").asInt();
                assertThat(size).isLessThan(new int[] {4, 20, 60}[level] / 255.0 + 1e-6);
                row++;
            }
        }
        assertThat(row).isPositive();
        assertThat(arrays.shape()).containsExactly(row, 16, 16, 3);
        assertThat(Npy.read(out.resolve("labels.npy")).shape()).containsExactly(row);
        assertThat(out.resolve("accuracy.png")).exists();
        assertThat(Files.readString(out.resolve("index.html"))).contains("Accuracy under attack", "60/255");
    }

    @Test
    void foldersThatCannotBeAttackedAreRefused() throws IOException {
        Path model = network(3);
        Path out = folder.resolve("out");
        Path flat = Files.createDirectories(folder.resolve("flat"));
        Shell.picture(flat, "a.png", 16, 16);
        vitrine("attack", flat, "--model", model, "--out", out).failsWith(2, "is not in a class folder");
        Path other = Files.createDirectories(folder.resolve("other/zebra"));
        Shell.picture(other, "a.png", 16, 16);
        vitrine("attack", other.getParent(), "--model", model, "--out", out)
                .failsWith(2, "none of its 1 folders (zebra) is named after one of the 4 classes");
        Path one = Files.createDirectories(folder.resolve("one/1"));
        Shell.picture(one, "a.png", 16, 16);
        vitrine("attack", one.getParent(), "--model", model, "--target", 1, "--out", out)
                .failsWith(2, "is the true class of every picture");
        vitrine("attack", one.getParent(), "--model", model, "--epsilon", "1/255,3", "--method", "bim", "--out", out)
                .failsWith(2, "--epsilon 3: expected");
        vitrine("attack", one.getParent(), "--model", model, "--pictures", 0, "--out", out)
                .failsWith(2, "--pictures");
    }

    @Test
    void aNodeWithoutGradientIsNamed() {
        Path picture = Shell.picture(folder, "photo.png", 16, 16);
        Path out = folder.resolve("out");
        vitrine("attack", picture, "--model", network(3, "Floor", Optional.empty()), "--out", out)
                .failsWith(1, "(Floor): its gradient is 0 everywhere");
    }

    /** Probabilities that are 1 in float32 hide neither gradients nor classes: the logits before the softmax are used. */
    @Test
    void aSaturatedSoftmaxIsAttackedAtItsLogits() throws IOException {
        Path picture = Shell.picture(folder, "photo.png", 16, 16);
        Path plain = folder.resolve("plain");
        Path soft = folder.resolve("soft");
        vitrine("attack", picture, "--model", network(3), "--epsilon", "4/255", "--out", plain)
                .succeeds();
        vitrine(
                        "attack",
                        picture,
                        "--model",
                        network(3, "Relu", Optional.of("Softmax")),
                        "--epsilon",
                        "4/255",
                        "--out",
                        soft)
                .succeeds();
        assertThat(Files.readAllBytes(soft.resolve("photo-difference.png")))
                .hasSameSizeAs(Files.readAllBytes(plain.resolve("photo-difference.png")));
        assertThat(PictureReader.read(soft.resolve("photo-adversarial.png")))
                .isEqualTo(PictureReader.read(plain.resolve("photo-adversarial.png")));
    }

    @Test
    void oneChangeForAllPicturesOfAFolder() throws IOException {
        Path model = network(3);
        Path out = folder.resolve("out");
        Path pictures = labeled();
        vitrine("attack", pictures, "--model", model, "--method", "universal", "--epsilon", "20/255", "--out", out)
                .succeeds();
        JsonNode result = report(out).get("result");
        assertThat(result.get("learned").asInt() + result.get("tested").asInt()).isEqualTo(4);
        float[] change = Npy.read(out.resolve("universal.npy")).toFloats();
        assertThat(change).hasSize(16 * 16 * 3);
        double largest = 0;
        for (float value : change) {
            largest = Math.max(largest, Math.abs(value));
            assertThat(Math.abs(value * 255 - Math.rint(value * 255))).isLessThan(1e-4);
        }
        assertThat(largest).isBetween(1e-3, 20 / 255.0 + 1e-6);
        assertThat(out.resolve("universal.png")).exists();
        assertThat(out.resolve("index.html")).exists();
        vitrine("attack", pictures, "--model", model, "--method", "universal", "--target", "random", "--out", out)
                .failsWith(2, "one target for all");
        vitrine("attack", pictures.resolve("0/a.png"), "--model", model, "--method", "universal", "--out", out)
                .failsWith(2, "expected a folder or archive");
    }
}
