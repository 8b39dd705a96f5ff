package dev.vitrine.engine.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WholeFileTest {
    @TempDir
    private Path folder;

    @Test
    void aPlantedPartIsNotWrittenThrough() throws IOException {
        Path victim = Files.writeString(folder.resolve("victim"), "precious");
        Path out = Files.createDirectory(folder.resolve("out"));
        try (Claim claim = Claim.ofFolder(out)) {
            assertThat(claim.unlocked()).isEmpty();
            for (String part : List.of(".x.png.part", "x.png.part")) {
                Files.createSymbolicLink(out.resolve(part), victim);
                write(out.resolve("x.png"), "result");
                Files.deleteIfExists(out.resolve(part));
                Files.createLink(out.resolve(part), victim);
                write(out.resolve("x.png"), "result");
                Files.deleteIfExists(out.resolve(part));
            }
        }
        write(out.resolve("y.png"), "result");

        assertThat(victim).hasContent("precious");
        assertThat(out.resolve("x.png")).isRegularFile().hasContent("result");
        assertThat(names(out)).containsExactly("x.png", "y.png");
    }

    @Test
    void aLinkAtTheNameIsReplacedAndItsGoalStays() throws IOException {
        Path victim = Files.writeString(folder.resolve("victim"), "precious");
        Path soft = Files.createSymbolicLink(folder.resolve("soft"), victim);
        Path hard = Files.createLink(folder.resolve("hard"), victim);
        Path dangling = Files.createSymbolicLink(folder.resolve("dangling"), folder.resolve("nowhere"));

        for (Path target : List.of(soft, hard, dangling)) {
            write(target, "result");
            assertThat(Files.isSymbolicLink(target)).isFalse();
            assertThat(target).hasContent("result");
        }

        assertThat(victim).hasContent("precious");
        assertThat(folder.resolve("nowhere")).doesNotExist();
    }

    /** The standard streams are links of the system's, which are not replaced whatever they lead to. */
    @Test
    void aStandardStreamThatIsAFileIsWrittenTo() throws IOException, InterruptedException {
        Assumptions.assumeTrue(Files.isSymbolicLink(Path.of("/dev/stdout")), "no /dev/stdout here");
        Path file = folder.resolve("redirected");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        ToStandardOutput.class.getName())
                .redirectOutput(file.toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();

        assertThat(process.waitFor()).isZero();
        assertThat(file).hasContent("result");
        assertThat(Files.isSymbolicLink(Path.of("/dev/stdout"))).isTrue();
    }

    /** Writes to the standard output as to a file. */
    static final class ToStandardOutput {
        public static void main(String[] arguments) throws IOException {
            write(Path.of("/dev/stdout"), "result");
        }
    }

    @Test
    void namesOfEveryKindAreWritten() throws IOException {
        String longest = "ü".repeat(127) + "x";
        String emoji = "😀".repeat(63) + "abc";
        List<String> odd = List.of(longest, emoji, "a:b\\c", "line\nbreak\t\u001b[31m", "dots...", "-rf", "CON", "con");
        try (Claim claim = Claim.ofFolder(folder)) {
            assertThat(claim.unlocked()).isEmpty();
            for (String name : odd) {
                write(folder.resolve(name), name);
            }
        }
        odd.forEach(name -> write(folder.resolve(name), name));

        assertThat(names(folder)).containsExactlyInAnyOrderElementsOf(odd);
        odd.forEach(name -> assertThat(folder.resolve(name)).hasContent(name));
    }

    @Test
    void aFailureLeavesNothing() throws IOException {
        assertThatThrownBy(() -> WholeFile.write(folder.resolve("x"), output -> {
                    output.write(new byte[1 << 20]);
                    throw new IOException("No space left on device");
                }))
                .hasMessage("No space left on device");
        assertThat(names(folder)).isEmpty();
    }

    @Test
    void aFileThatMayNotBeWrittenToIsNotReplaced() throws IOException {
        Path file = Files.writeString(folder.resolve("kept"), "earlier");
        Assumptions.assumeTrue(file.toFile().setWritable(false) && !Files.isWritable(file), "runs as root");

        assertThatThrownBy(() -> WholeFile.write(file, output -> output.write(1)))
                .isInstanceOf(FileSystemException.class);
        assertThat(file).hasContent("earlier");
    }

    private static void write(Path target, String text) {
        try {
            WholeFile.write(target, output -> output.write(text.getBytes(StandardCharsets.UTF_8)));
        } catch (IOException failure) {
            throw new java.io.UncheckedIOException(failure);
        }
    }

    private static List<String> names(Path folder) throws IOException {
        try (var files = Files.list(folder)) {
            return files.map(path -> path.getFileName().toString()).sorted().toList();
        }
    }
}
