package dev.vitrine.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.file.Claim;
import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.Node;
import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.onnx.OnnxWriter;
import dev.vitrine.engine.oracle.Architectures;
import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.data.Npy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.core.json.JsonWriteFeature;
import tools.jackson.databind.json.JsonMapper;

/** Every command: where it writes, and what names from files do to terminals, pages and file names. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OutputPlacesTest {
    /** Colors, a window's title, a bell, a line of the program's own look, the other direction, markup, a long name. */
    private static final String HOSTILE =
            "\u001b[31m\u001b]0;title\u0007<script>alert(1)<b>\nvitrine: forged\r\u202e\u2066\u009b\u2028"
                    + "\"'&=cmd()|x;`$(touch x)`,|..\\\u00fc\ud83d\ude00";

    private static final Pattern HIDDEN =
            Pattern.compile("[\\p{Cntrl}\\u0080-\\u009f\\u2028\\u2029\\u202a-\\u202e\\u2066-\\u2069]");

    private Requests requests;

    @BeforeAll
    void prepare(@TempDir Path folder) throws IOException {
        Graph plain = Architectures.vgg(Architectures.Size.tiny(1 / 16.0), 1, 1, 1);
        Path model = folder.resolve("net.onnx");
        OnnxWriter.write(renamed(plain), model);
        List<String> labels = IntStream.range(0, 10)
                .mapToObj(i -> "label" + i + "/" + HOSTILE + "猫".repeat(90))
                .toList();
        List<String> ids =
                IntStream.range(0, 10).mapToObj(i -> "id" + i + HOSTILE).toList();
        JsonMapper json =
                JsonMapper.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();
        Files.writeString(
                folder.resolve("net.yaml"),
                "name: " + json.writeValueAsString("model" + HOSTILE + "long".repeat(1000))
                        + "\ndescription: " + json.writeValueAsString("description" + HOSTILE)
                        + "\ninput: {size: 32, mean: [0, 0, 0], deviation: [1, 1, 1]}"
                        + "\nlabels: " + json.writeValueAsString(labels) + "\nids: " + json.writeValueAsString(ids)
                        + "\n");
        Path pictures = folder.resolve("pictures");
        for (int kind = 0; kind < 2; kind++) {
            Path own = Files.createDirectories(pictures.resolve(ids.get(kind)));
            for (int index = 0; index < 4; index++) {
                Shell.picture(own, "p" + index + HOSTILE + "猫".repeat(30) + ".png", 40 + index, 40);
            }
        }
        Path array = folder.resolve("x.npy");
        Npy.write(array, Tensor.floats(new float[3 * 32 * 32], 1, 3, 32, 32));
        Path recipe = Files.writeString(
                folder.resolve("recipe.yaml"), "name: " + json.writeValueAsString("recipe" + HOSTILE) + """

                input: {size: 12, fit: squash, mean: [0.5, 0.5, 0.5]}
                network:
                  - conv: {name: conv1, filters: 8, size: 3}
                  - relu: {}
                  - mean-pool: {}
                data: {pictures: pictures, held-out: 0.3}
                optimizer: {rate: 0.05}
                batch: 4
                epochs: 1
                """);
        requests = new Requests(
                model,
                pictures,
                pictures.resolve(ids.get(0)).resolve("p0" + HOSTILE + "猫".repeat(30) + ".png"),
                array,
                recipe);
    }

    private static Graph renamed(Graph graph) {
        Map<Value, Tensor> constants = new LinkedHashMap<>();
        graph.constants().forEach((value, tensor) -> constants.put(renamed(value), tensor));
        Map<Value, TensorType> types = new LinkedHashMap<>();
        graph.types().forEach((value, type) -> types.put(renamed(value), type));
        return new Graph(
                renamed(graph.inputs()),
                renamed(graph.outputs()),
                graph.nodes().stream()
                        .map(node -> new Node(
                                node.name() + HOSTILE,
                                node.domain(),
                                node.opType(),
                                renamed(node.inputs()),
                                renamed(node.outputs()),
                                node.attributes()))
                        .toList(),
                constants,
                types,
                graph.opsets());
    }

    private static List<Value> renamed(List<Value> values) {
        return values.stream().map(OutputPlacesTest::renamed).toList();
    }

    private static Value renamed(Value value) {
        return value.name().isEmpty()
                ? value
                : new Value(value.name() + HOSTILE.replace("\ud83d\ude00", "") + "n".repeat(300));
    }

    static List<String> commands() {
        return Stream.of(Requests.TO_FOLDERS, Requests.TO_FILES, List.of("unit"))
                .flatMap(List::stream)
                .toList();
    }

    static List<String> claiming() {
        return Stream.of(Requests.TO_FOLDERS, Requests.TO_FILES)
                .flatMap(List::stream)
                .toList();
    }

    @ParameterizedTest
    @MethodSource("commands")
    void namesAreShownAndCommandNothing(String command, @TempDir Path folder) throws IOException {
        Path out = folder.resolve(Requests.TO_FILES.contains(command) ? "out.npy" : "out");
        Shell.Outcome outcome = Shell.vitrine(requests.of(command, out)).succeeds();

        requireVisible(outcome.out());
        requireVisible(outcome.err());
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String name = folder.relativize(file).toString();
                assertThat(name).matches("[\\p{L}\\p{N}_./-]+");
                if (name.endsWith(".html")) {
                    assertThat(Files.readString(file))
                            .doesNotContain("alert(1)<b>", "\u001b", "\u0007", "\u202e", "\u009b");
                }
                if (name.endsWith(".json") && !name.contains("features")) {
                    new JsonMapper().readTree(Files.readString(file));
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("commands")
    void errorsAndHelpAreShownToo(String command, @TempDir Path folder) {
        Object[] words = requests.of(command, folder.resolve("out"));
        Object[] more = new Object[words.length + 1];
        System.arraycopy(words, 0, more, 0, words.length);
        more[words.length] = "--no-such-option" + HOSTILE;
        Shell.Outcome wrong = Shell.vitrine(more);
        assertThat(wrong.status()).isEqualTo(2);
        requireVisible(wrong.err());
        requireVisible(Shell.vitrine(command, "--help").succeeds().out());
    }

    @Test
    void layersAreShown() {
        requireVisible(Shell.vitrine("layers", requests.model()).succeeds().out());
        String json =
                Shell.vitrine("layers", requests.model(), "--json").succeeds().out();
        assertThat(json.replace("\n", "")).doesNotContainPattern(HIDDEN);
        assertThat(new JsonMapper().readTree(json).get("layers").toString()).contains("\u202e");
        Shell.Outcome unknown = Shell.vitrine("layers", requests.model() + HOSTILE);
        assertThat(unknown.status()).isNotZero();
        requireVisible(unknown.err());
    }

    private static void requireVisible(String said) {
        assertThat(said.lines().map(line -> line.length() > 5000 ? "a line of " + line.length() : line))
                .noneMatch(line -> line.startsWith("a line of"))
                .noneMatch(line -> line.startsWith("vitrine: forged"));
        assertThat(said.replace("\n", ""))
                .doesNotContainPattern(HIDDEN)
                .as("the name of a model is cut")
                .doesNotContain("long".repeat(100));
    }

    @ParameterizedTest
    @MethodSource("claiming")
    void aSecondRunIsRefused(String command, @TempDir Path folder) throws InterruptedException {
        boolean file = Requests.TO_FILES.contains(command);
        Path out = folder.resolve(file ? "out.npy" : "out");
        CountDownLatch claimed = new CountDownLatch(1);
        CountDownLatch done = new CountDownLatch(1);
        Thread first = new Thread(() -> {
            try (Claim claim = file ? Claim.ofFile(out) : Claim.ofFolder(out)) {
                assertThat(claim.unlocked()).isEmpty();
                claimed.countDown();
                done.await();
            } catch (InterruptedException | VitrineException ended) {
                Thread.currentThread().interrupt();
            }
        });
        first.start();
        claimed.await();
        try {
            Shell.vitrine(requests.of(command, out)).failsWith(1, out + " is in use: another run");
        } finally {
            done.countDown();
            first.join();
        }
        assertThat(out).doesNotExist();
    }

    /** Nobody wants explanations of explanations, but a folder of made pictures is a folder of pictures. */
    @Test
    void resultsBelowTheInputAreNoInput(@TempDir Path folder) {
        Shell.picture(folder, "a.png", 40, 40);
        Object[] words = {
            "explain", folder, "--method", "gradient", "--npy", "--model", requests.model(), "--out", folder
        };
        Shell.Outcome first = Shell.vitrine(words).succeeds();
        Shell.Outcome second = Shell.vitrine(words).succeeds();
        assertThat(second.out()).isEqualTo(first.out());
        assertThat(second.err()).contains("left out 3 pictures that Vitrine wrote");

        Path made = folder.resolve("made");
        Shell.vitrine("fool", "--target", 2, "--steps", 1, "--model", requests.model(), "--out", made)
                .succeeds();
        assertThat(Shell.vitrine("explain", made, "--method", "gradient", "--model", requests.model(), "--out", folder)
                        .succeeds()
                        .out())
                .contains("sheet.png");
    }
}
