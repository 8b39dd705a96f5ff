package dev.vitrine.app;

import static dev.vitrine.app.Shell.vitrine;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.vitrine.engine.graph.Dimension;
import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.onnx.OnnxReader;
import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.data.Npy;
import dev.vitrine.lens.method.Attributions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Every command, from words to files. */
class CommandsTest {
    private static final float TOLERANCE = 1e-6f;

    @TempDir
    private Path folder;

    private Path model;
    private Path input;

    @BeforeEach
    void files() {
        model = Shell.model(folder);
        input = folder.resolve("x.npy");
        Npy.write(input, random(2, 3, 32, 32));
    }

    private static Tensor random(long... shape) {
        Random random = new Random(3);
        float[] values = new float[Math.toIntExact(Tensor.elements(shape))];
        for (int index = 0; index < values.length; index++) {
            values[index] = (float) random.nextGaussian();
        }
        return Tensor.floats(values, shape);
    }

    private Tensor attribute(Path from, Object... more) {
        Path output = folder.resolve("y.npy");
        Object[] start = {"attribute", "--model", model, "--input", from, "--output", output};
        Object[] all = Arrays.copyOf(start, start.length + more.length);
        System.arraycopy(more, 0, all, start.length, more.length);
        vitrine(all).succeeds();
        return Npy.read(output);
    }

    @Test
    void explainWritesPicturesPageAndSummary() throws IOException {
        Path out = folder.resolve("with space/out");
        Path picture = Shell.picture(folder, "Chat Noël.png", 60, 40);
        Shell.Outcome outcome = vitrine(
                        "explain",
                        picture,
                        "--model",
                        model,
                        "--out",
                        out,
                        "--npy",
                        "--method",
                        "grad-cam,gradient",
                        "--target",
                        "top:2")
                .succeeds();
        assertThat(outcome.out()).contains("Chat Noël.png", "index.html");
        JsonNode summary = new JsonMapper().readTree(Files.readString(out.resolve("summary.json")));
        JsonNode cards = summary.get("images").get(0).get("explanations");
        assertThat(cards.size()).isEqualTo(4);
        for (JsonNode card : cards) {
            assertThat(card.get("files").size()).isEqualTo(3);
            for (JsonNode file : card.get("files")) {
                assertThat(out.resolve(file.asString())).isNotEmptyFile();
                assertThat(file.asString())
                        .startsWith("chat-noel-class-")
                        .contains(card.get("method").asString());
                assertThat(outcome.out()).contains(file.asString());
            }
            String map = card.get("files").get(1).asString();
            assertThat(ImageIO.read(out.resolve(map).toFile()).getWidth()).isEqualTo(32);
        }
        assertThat(Files.readString(out.resolve("index.html"))).contains("Chat Noël.png", "Grad-CAM");
    }

    @Test
    void explainWithAllMethodsLeavesOutWhatTheModelDoesNotAllow() throws IOException {
        Path out = folder.resolve("out");
        Shell.Outcome outcome = vitrine(
                        "explain",
                        Shell.picture(folder, "a.png", 32, 32),
                        "--model",
                        model,
                        "--out",
                        out,
                        "--method",
                        "all",
                        "--steps",
                        3,
                        "--samples",
                        2)
                .succeeds();
        JsonNode summary = new JsonMapper().readTree(Files.readString(out.resolve("summary.json")));
        int shown = summary.get("images").get(0).get("explanations").size();
        long left = outcome.err()
                .lines()
                .filter(line -> line.startsWith("note: left out: "))
                .count();
        // D-RISE is for detectors, and so not missed here.
        assertThat(shown + left).isEqualTo(Attributions.ALL.size() - 1);
        assertThat(outcome.err()).doesNotContain("d-rise");
        // Behind its convolutions this network has three dense layers, so that there is no CAM.
        assertThat(outcome.err()).contains("left out: cam: ");
    }

    @Test
    void sameRequestSameBytes() throws IOException {
        Path picture = Shell.picture(folder, "a.png", 40, 40);
        Map<String, String> first = bytes(picture, folder.resolve("one"));
        assertThat(first).hasSize(6);
        assertThat(bytes(picture, folder.resolve("two"))).isEqualTo(first);
    }

    private Map<String, String> bytes(Path picture, Path out) throws IOException {
        vitrine(
                        "explain",
                        picture,
                        "--model",
                        model,
                        "--out",
                        out,
                        "--method",
                        "smooth-grad,gradient",
                        "--samples",
                        3,
                        "--seed",
                        5)
                .succeeds();
        Map<String, String> bytes = new TreeMap<>();
        try (Stream<Path> files = Files.list(out)) {
            for (Path file : files.toList()) {
                bytes.put(file.getFileName().toString(), Arrays.toString(Files.readAllBytes(file)));
            }
        }
        return bytes;
    }

    @Test
    void severalPicturesAndClassesAsOneBatchEqualEachAlone() {
        Path one = Shell.picture(folder, "one.png", 40, 40);
        Path other = Shell.picture(folder, "other.png", 33, 50);
        Path together = folder.resolve("together");
        vitrine("explain", one, other, "-m", model, "-o", together, "--method", "gradient", "-t", "3,5", "--npy")
                .succeeds();
        Path alone = folder.resolve("alone");
        vitrine("explain", other, "-m", model, "-o", alone, "--method", "gradient", "-t", "5", "--npy")
                .succeeds();
        String name = "other-class-5-gradient.npy";
        assertThat(Npy.read(together.resolve(name)).toFloats())
                .containsExactly(Npy.read(alone.resolve(name)).toFloats(), org.assertj.core.data.Offset.offset(1e-5f));
    }

    @Test
    void pictureNamesThatAreTheSameGetFilesOfTheirOwn() throws IOException {
        Path cats = Files.createDirectories(folder.resolve("set/cats"));
        Path dogs = Files.createDirectories(folder.resolve("set/dogs"));
        Shell.picture(cats, "1.png", 32, 32);
        Shell.picture(dogs, "1.png", 32, 32);
        Path out = folder.resolve("out");
        vitrine("explain", folder.resolve("set"), "-m", model, "-o", out, "--method", "gradient", "-t", 0)
                .succeeds();
        assertThat(out.resolve("1-class-0-gradient.png")).exists();
        assertThat(out.resolve("1-2-class-0-gradient.png")).exists();
    }

    @ParameterizedTest
    @ValueSource(strings = {"gradient", "saliency", "input-x-gradient", "guided-backprop", "lrp-epsilon", "deep-lift"})
    void pixelMethodsGiveTheShapeOfTheInput(String method) throws IOException {
        assertThat(attribute(input, "--method", method, "--target", 4).shape()).containsExactly(2, 3, 32, 32);
        Path sample = folder.resolve("sample.npy");
        Npy.write(sample, Npy.read(input).rows(1, 2).reshape(3, 32, 32));
        assertThat(attribute(sample, "--method", method, "--target", 4).shape()).containsExactly(3, 32, 32);
    }

    @Test
    void mapsKeepTheSizeOfTheirLayerAndAreNowhereNegative() {
        Tensor map = attribute(input, "--method", "grad-cam", "--target", 4);
        assertThat(map.shape()).containsExactly(2, 1, 8, 8);
        for (float value : map.toFloats()) {
            assertThat(value).isNotNegative();
        }
        JsonNode layers = layers();
        String early = layers.get("layers").get(0).get("name").asString();
        assertThat(attribute(input, "--method", "layer-cam", "--target", 4, "--layer", early)
                        .shape())
                .containsExactly(2, 1, 32, 32);
    }

    @Test
    void saliencyIsTheAbsoluteGradientAndGradientTheSlopeOfTheScore() {
        float[] gradient =
                attribute(input, "--method", "gradient", "--target", 4).toFloats();
        float[] saliency =
                attribute(input, "--method", "saliency", "--target", 4).toFloats();
        float[] product =
                attribute(input, "--method", "input-x-gradient", "--target", 4).toFloats();
        float[] x = Npy.read(input).toFloats();
        assertThat(saliency).isNotEqualTo(gradient);
        for (int index = 0; index < gradient.length; index++) {
            assertThat(saliency[index]).isEqualTo(Math.abs(gradient[index]));
            assertThat(product[index])
                    .isCloseTo(x[index] * gradient[index], org.assertj.core.data.Offset.offset(TOLERANCE));
        }
    }

    @Test
    void eachSampleMayHaveItsOwnClass() {
        Tensor both = attribute(input, "--method", "gradient", "--target", "4,7");
        Tensor fours = attribute(input, "--method", "gradient", "--target", 4);
        Tensor sevens = attribute(input, "--method", "gradient", "--target", 7);
        assertThat(both.rows(0, 1)).isEqualTo(fours.rows(0, 1)).isNotEqualTo(sevens.rows(0, 1));
        assertThat(both.rows(1, 2)).isEqualTo(sevens.rows(1, 2));
    }

    @Test
    void optionsThatNobodyReadsAreTold() {
        Shell.Outcome outcome = vitrine(
                        "attribute",
                        "--model",
                        model,
                        "--input",
                        input,
                        "--method",
                        "gradient",
                        "--target",
                        1,
                        "--steps",
                        9,
                        "--output",
                        folder.resolve("y.npy"))
                .succeeds();
        assertThat(outcome.err()).contains("--steps was not used");
    }

    @Test
    void layersAreListedForPeopleAndForPrograms() {
        String table = vitrine("layers", model).succeeds().out();
        assertThat(table).contains("Conv", "32×32", "parameters", "*");
        assertThat(table.lines()).allMatch(line -> line.length() <= 100);
        JsonNode first = layers().get("layers").get(0);
        assertThat(first.get("operator").asString()).isEqualTo("Conv");
        assertThat(first.get("receptiveField").get("height").asInt()).isEqualTo(3);
        assertThat(first.get("parameters").asInt()).isPositive();
        String digits = vitrine("layers", "mnist-cnn").succeeds().out();
        assertThat(digits.lines().filter(line -> line.startsWith("dropout1")))
                .singleElement()
                .asString()
                .doesNotContain(" 1 ");
        assertThat(digits).contains("215370 parameters");
        assertThat(first.get("map").asBoolean()).isTrue();
    }

    private JsonNode layers() {
        return new JsonMapper()
                .readTree(vitrine("layers", model, "--json").succeeds().out());
    }

    @Test
    void compileWritesAModelWithTheTargetOpenOrFixed() {
        Path open = folder.resolve("open.onnx");
        assertThat(vitrine("compile", "-m", model, "--method", "grad-cam", "-o", open)
                        .succeeds()
                        .out())
                .contains("target  int64", "heatmap  float32");
        Path fixed = folder.resolve("fixed.onnx");
        assertThat(vitrine("compile", "-m", model, "--method", "gradient", "-t", 3, "-o", fixed)
                        .succeeds()
                        .out())
                .contains("attribution  float32")
                .doesNotContain("target");
    }

    @Test
    void picturesGetAdaptiveStepsAndProgramsFixedOnes() {
        Path out = folder.resolve("steps");
        vitrine(
                        "explain",
                        Shell.picture(folder, "a.png", 32, 32),
                        "-m",
                        model,
                        "--method",
                        "integrated-gradients",
                        "--steps",
                        9,
                        "-o",
                        out)
                .succeeds();
        assertThat(out.resolve("summary.json")).content().contains("\"adaptive\"");
        Object[] fixed = {"--method", "integrated-gradients", "--target", 4, "--steps", 9};
        Object[] named = {
            "--method", "integrated-gradients", "--target", 4, "--steps", 9, "--quadrature", "gauss-legendre"
        };
        assertThat(attribute(input, fixed)).isEqualTo(attribute(input, named));
        named[7] = "adaptive";
        assertThat(attribute(input, named)).isNotEqualTo(attribute(input, fixed));
        vitrine(
                        "compile",
                        "-m",
                        model,
                        "--method",
                        "integrated-gradients",
                        "--quadrature",
                        "adaptive",
                        "-o",
                        folder.resolve("never.onnx"))
                .failsWith(2, "Adaptive quadrature", "--quadrature gauss-legendre");
    }

    /** A network of convolutions whose file leaves height and width open takes tensors of any size. */
    @Test
    void attributesTensorsOfOtherSizesWhereTheModelIsOpen() {
        Path closed = Path.of(System.getProperty("vitrine.shared", "../../shared"), "models/tiny-darknet.onnx");
        assumeTrue(Files.exists(closed), "skipped: there is no " + closed);
        Graph graph = OnnxReader.read(closed);
        Value image = graph.inputs().get(0);
        TensorType open = graph.types()
                .get(image)
                .withDimension(2, Dimension.named("height"))
                .withDimension(3, Dimension.named("width"));
        Path wide = Shell.model(
                folder,
                new Graph(
                        graph.inputs(),
                        graph.outputs(),
                        graph.nodes(),
                        graph.constants(),
                        Map.of(image, open),
                        graph.opsets()));
        for (long[] shape : List.of(new long[] {2, 3, 160, 192}, new long[] {1, 3, 97, 131})) {
            Npy.write(folder.resolve("wide.npy"), random(shape));
            for (String method :
                    List.of("gradient", "grad-cam", "integrated-gradients", "smooth-grad", "lrp-epsilon")) {
                Path result = folder.resolve(method + ".npy");
                vitrine(
                                "attribute",
                                "--model",
                                wide,
                                "--input",
                                folder.resolve("wide.npy"),
                                "--method",
                                method,
                                "--target",
                                285,
                                "--steps",
                                3,
                                "--samples",
                                2,
                                "--output",
                                result)
                        .succeeds();
                Tensor found = Npy.read(result);
                assertThat(found.dimension(0)).isEqualTo(shape[0]);
                if (method.equals("grad-cam")) {
                    assertThat(found.dimension(1)).isEqualTo(1);
                } else {
                    assertThat(found.shape()).isEqualTo(shape);
                }
            }
        }
    }

    @Test
    void helpKeepsExamplesOnTheirLines() {
        Pattern command = Pattern.compile("(?m)^  ([a-z]+)  ");
        String commands = vitrine("--help").succeeds().out();
        assertThat(command.matcher(commands)
                        .results()
                        .map(found -> found.group(1))
                        .toList())
                .contains("explain", "methods")
                .allSatisfy(
                        name -> assertThat(vitrine(name, "--help").succeeds().out())
                                .doesNotContainPattern("(?m)^  vitrine .*\\n[^ \\n]")
                                .doesNotContain("…["));
    }

    @Test
    void helpListsTheCommandsAndMethodsListsTheMethods() {
        assertThat(vitrine("--help").succeeds().out()).contains("explain", "attribute", "layers", "compile", "methods");
        assertThat(vitrine("explain", "--help").succeeds().out()).contains("--target", "--fit");
        assertThat(vitrine("--version").succeeds().out()).contains("Vitrine", "ONNX Runtime 1.");
        assertThat(vitrine("explain", "-V").succeeds().out()).contains("Vitrine", "ONNX Runtime 1.");
        vitrine().failsWith(2, "vitrine explain photo.jpg", "Commands:");
        vitrine("explan").failsWith(2, "There is no command 'explan'.", "vitrine explain");
        String methods = vitrine("methods").succeeds().out();
        Attributions.ALL.forEach(entry -> assertThat(methods).contains(entry.id(), entry.answers()));
    }
}
