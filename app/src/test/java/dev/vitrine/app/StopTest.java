package dev.vitrine.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.vitrine.engine.oracle.Architectures;
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
        interrupted(1500, "gradient-map.png", "--method", "gradient,rise,lime", "--samples", "3000000");
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

    /** What a stopped process left behind: as many files as it said, each of them whole. */
    private List<Path> interrupted(int milliseconds, String first, String... options) throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/bin/kill")), "skipped: this system has no /bin/kill");
        assumeTrue(listensToInterrupts(), "skipped: this system has no env --default-signal");
        Path model = Shell.model(folder, Architectures.vgg(Architectures.Size.tiny(1 / 8.0), 1, 1, 2));
        Path picture = Shell.picture(folder, "a.png", 64, 64);
        Path out = folder.resolve("out");
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
                "dev.vitrine.app.Vitrine",
                "explain",
                picture.toString(),
                "--model",
                model.toString(),
                "--out",
                out.toString()));
        command.addAll(List.of(options));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(said.toFile())
                .start();
        try {
            waitFor(first, out, process);
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
        List<Path> files = files(out);
        assertThat(Files.readString(said)).contains("Stopped. " + files.size() + " files are written in");
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
