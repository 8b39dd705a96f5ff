package dev.vitrine.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.vitrine.engine.graph.GraphBuilder;
import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.onnx.OnnxWriter;
import dev.vitrine.engine.oracle.Architectures;
import dev.vitrine.engine.tensor.ElementType;
import dev.vitrine.lens.data.Npy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Ctrl-C in the middle of the work: a process of its own gets the signal that a terminal sends. */
class StopTest {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(ints = {0, 150, 700})
    void interruptedWorkLeavesWholeFilesAndNoCrash(int milliseconds) throws Exception {
        List<Path> files = interrupted(
                milliseconds,
                "gradient-map.png",
                "--method",
                "gradient,integrated-gradients,smooth-grad",
                "--steps",
                "3000000",
                "--quadrature",
                "riemann-middle");
        // Two pictures of the first method, and the page and the summary, which say what they lack.
        assertThat(files).hasSize(4);
        assertThat(Files.readString(folder.resolve("out/index.html")))
                .contains("(partial)", "lacks integrated-gradients, smooth-grad");
        assertThat(Files.readString(folder.resolve("out/summary.json"))).contains("\"partial\"");
        assertThat(Files.readString(folder.resolve("said.txt")))
                .contains("index.html is partial: it lacks integrated-gradients, smooth-grad.");
    }

    @Test
    void theHalfDoneMapOfAMethodIsLeftAndMarked() throws Exception {
        interrupted(5000, "gradient-map.png", "--method", "gradient,rise,lime", "--samples", "3000000");
        assertThat(folder.resolve("out").toFile().list())
                .anyMatch(name -> name.endsWith("-rise-partial.png"))
                .anyMatch(name -> name.endsWith("-rise-partial-map.png"))
                .noneMatch(name -> name.contains("lime"));
        assertThat(Files.readString(folder.resolve("out/index.html")))
                .contains("RISE (partial)", "of 3000000 masks", "lacks the rest of rise, lime");
        assertThat(Files.readString(folder.resolve("out/summary.json")))
                .contains("\"partial\" : \"stopped after ", " of 3000000 masks");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 100, 200})
    void interruptedDrawingsAreWholeOrNotThere(int milliseconds) throws Exception {
        List<Path> files = interrupted(
                milliseconds,
                ".png",
                "--npy",
                "--method",
                "gradient,saliency,grad-cam,lrp-epsilon,lrp-z-plus,guided-backprop,deep-lift,integrated-gradients",
                "--steps",
                "3000000",
                "--quadrature",
                "riemann-middle");
        assertThat(files).isNotEmpty();
    }

    @Test
    void occlusionLeavesWhatIsDoneAndGoesOnFromThere() throws Exception {
        Path out = folder.resolve("out");
        List<Object> request = List.of("occlude", pictures(40), "--model", model(64), "--window", 3, "--stride", 1);
        stopped(
                4000,
                "question.txt",
                out.resolve("unfinished"),
                request.stream().map(Object::toString).toList());
        assertThat(Files.readString(folder.resolve("said.txt")))
                .contains(" of 40 pictures. The results so far are in " + out, "Run the same command to resume.");
        assertThat(Files.readString(out.resolve("index.html"))).contains("(partial)", "stopped after ");
        JsonNode numbers = new JsonMapper().readTree(Files.readString(out.resolve("occlusion.json")));
        assertThat(numbers.get("partial").asString()).matches("stopped after \\d+ of 40 pictures");
        int windows = 62 * 62;
        int shown = numbers.get("pictures").size();
        assertThat(shown).isBetween(1, 39);
        for (int index = 0; index < shown; index++) {
            JsonNode picture = numbers.get("pictures").get(index);
            int done = picture.get("windowsDone").asInt();
            assertThat(done).isBetween(index == shown - 1 ? 1 : windows, windows);
            assertThat(out.resolve(picture.get("name").asString().replace(".png", "-occlusion.png")))
                    .exists();
            assertThat(Files.readString(out.resolve("index.html"))
                            .contains("stopped after " + done + " of " + windows + " windows"))
                    .isEqualTo(done < windows);
        }
    }

    private Path pictures(int count) throws IOException {
        Files.createDirectories(folder.resolve("pictures"));
        for (int index = 0; index < count; index++) {
            Shell.picture(folder, String.format("pictures/%02d.png", index), 50, 40 + index);
        }
        return folder.resolve("pictures");
    }

    @Test
    void trustGoesOnWhereItWasStopped() throws Exception {
        Path out = folder.resolve("out");
        List<String> request =
                List.of("trust", picture("a.png"), picture("b.png"), picture("c.png"), "--model", model(32));
        String[] options = {"--method", "gradient,smooth-grad", "--samples", "40", "--stages", "4", "--seed", "3"};
        stopped(0, "cascading-1.done", out.resolve("unfinished"), request, options);
        assertThat(Files.readString(folder.resolve("said.txt")))
                .contains(
                        "Stopped after a part of",
                        "The results so far are in " + out,
                        "Run the same command to resume.");
        JsonNode partial = new JsonMapper().readTree(Files.readString(out.resolve("trust.json")));
        assertThat(partial.get("partial").asBoolean()).isTrue();
        assertThat(partial.get("methods").get(1).get("cascading").size()).isBetween(2, 4);
        assertThat(Files.readString(out.resolve("trust.html")))
                .contains("<b>Partial.</b> Stopped after a part of ")
                .endsWith("</html>\n");

        List<Object> again = new ArrayList<>(request);
        again.addAll(List.of(options));
        again.add("--out");
        List<Object> other = new ArrayList<>(again);
        other.addAll(List.of(out, "--step-pixels", "100"));
        Shell.vitrine(other.toArray())
                .failsWith(2, "holds unfinished work of another run", "stepPixels=OptionalInt[100]");
        List<Object> whole = new ArrayList<>(again);
        whole.add(folder.resolve("whole"));
        Shell.vitrine(whole.toArray()).succeeds();
        again.add(out);
        assertThat(Shell.vitrine(again.toArray()).succeeds().err()).contains("resuming an earlier run");
        assertThat(files(out).stream().map(file -> file.getFileName().toString()))
                .containsExactlyInAnyOrder("trust.html", "trust.json");
        for (String name : List.of("trust.html", "trust.json")) {
            assertThat(out.resolve(name))
                    .hasSameBinaryContentAs(folder.resolve("whole").resolve(name));
        }
    }

    /** For pictures of so many pixels to each side. */
    private String model(int pixels) {
        Architectures.Size size = new Architectures.Size(1 / 8.0, pixels, 10, 1);
        return Shell.model(folder, Architectures.vgg(size, 1, 1, 2)).toString();
    }

    @Test
    void aModelThatIsBeingReadEndsAtOnce() throws Exception {
        GraphBuilder builder = new GraphBuilder();
        Value value = builder.input("x", TensorType.of(ElementType.FLOAT32, 1, 3, 8, 8));
        for (int i = 0; i < 60_000; i++) {
            value = builder.node("Relu", value);
        }
        Path model = folder.resolve("long.onnx");
        OnnxWriter.write(builder.output(value).build(), model);

        stopped(900, "a.png", folder, List.of("explain", picture("a.png"), "--model", model.toString()));
        assertThat(Files.readString(folder.resolve("said.txt"))).isEmpty();
        assertThat(folder.resolve("out")).doesNotExist();
        assertThat(files(folder)).noneMatch(file -> file.toString().endsWith(".part"));
    }

    private String picture(String name) {
        return Shell.picture(folder, name, 64, 64).toString();
    }

    /** What a stopped explanation left behind: as many files as it said, each of them whole. */
    private List<Path> interrupted(int milliseconds, String first, String... options) throws Exception {
        Path out = folder.resolve("out");
        stopped(milliseconds, first, out, List.of("explain", picture("a.png"), "--model", model(32)), options);
        List<Path> files = files(out);
        assertThat(Files.readString(folder.resolve("said.txt")))
                .contains("Stopped after " + files.size() + " complete files");
        for (Path file : files) {
            String name = file.getFileName().toString();
            assertThat(name).doesNotStartWith(".").doesNotEndWith(".part");
            if (name.endsWith(".png")) {
                assertThat(ImageIO.read(file.toFile())).as(name).isNotNull();
            } else if (name.endsWith(".html")) {
                assertThat(Files.readString(file)).as(name).endsWith("</html>\n");
            } else if (name.endsWith(".json")) {
                assertThat(Files.readString(file)).as(name).endsWith("}\n");
            } else {
                assertThat(Npy.read(file).elements()).as(name).isPositive();
            }
        }
        return files;
    }

    /**
     * Stops a command that writes to the folder {@code out} a while after a file.
     *
     * @param first how the file's name ends
     * @param where the folder that it lies in
     */
    private void stopped(int milliseconds, String first, Path where, List<String> request, String... options)
            throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/bin/kill")), "skipped: this system has no /bin/kill");
        assumeTrue(listensToInterrupts(), "skipped: this system has no env --default-signal");
        Path said = folder.resolve("said.txt");
        // A test run in the background ignores interrupts, and so would what it starts.
        List<String> command = new ArrayList<>(List.of(
                "env",
                "--default-signal=INT",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                "-Xmx512m",
                "-XX:ErrorFile=" + folder.resolve("hs_err.log"),
                "dev.vitrine.app.Vitrine"));
        command.addAll(request);
        command.addAll(List.of("--out", folder.resolve("out").toString()));
        command.addAll(List.of(options));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(said.toFile())
                .start();
        try {
            waitFor(first, where, process);
            Thread.sleep(milliseconds);
            new ProcessBuilder("/bin/kill", "-INT", Long.toString(process.pid()))
                    .start()
                    .waitFor();
            assertThat(process.waitFor(20, TimeUnit.SECONDS)).as("ended").isTrue();
        } finally {
            process.destroyForcibly();
        }
        assertThat(process.exitValue()).as(Files.readString(said)).isEqualTo(130);
        assertThat(folder.resolve("hs_err.log")).doesNotExist();
    }

    private static boolean listensToInterrupts() throws Exception {
        try {
            return new ProcessBuilder("env", "--default-signal=INT", "true")
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            return false;
        }
    }

    private static List<Path> files(Path out) throws IOException {
        if (!Files.isDirectory(out)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(out)) {
            return files.toList();
        }
    }

    /** Until a file whose name ends like that is there. */
    private static void waitFor(String first, Path out, Process process) throws Exception {
        while (process.isAlive()
                && files(out).stream().noneMatch(file -> file.toString().endsWith(first))) {
            Thread.sleep(20);
        }
    }
}
