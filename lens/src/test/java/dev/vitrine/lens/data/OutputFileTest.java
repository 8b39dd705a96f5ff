package dev.vitrine.lens.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.file.Claim;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.assertj.core.api.AbstractThrowableAssert;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OutputFileTest {
    @TempDir
    private Path folder;

    @Test
    void parentsAreCreatedAndOnlyTheFileStays() throws IOException {
        Path target = folder.resolve("a/b/picture.txt");
        OutputFile.write(target, "first");
        OutputFile.write(target, "second");

        assertThat(target).hasContent("second");
        assertThat(names(target.getParent())).containsExactly("picture.txt");
    }

    @Test
    void anEarlierFileOutlivesAFullDisk() throws IOException {
        Path target = folder.resolve("picture.txt");
        OutputFile.write(target, "earlier");

        assertFailure(() -> OutputFile.write(target, output -> {
                    output.write(new byte[100_000]);
                    throw new IOException("No space left on device");
                }))
                .hasMessage("Cannot write " + target + ": No space left on device.");

        assertThat(target).hasContent("earlier");
        assertThat(names(folder)).containsExactly("picture.txt");
    }

    @Test
    void aDefectInTheWriterLeavesNothingEither() throws IOException {
        assertThatThrownBy(() -> OutputFile.write(folder.resolve("x"), output -> {
                    output.write(1);
                    throw new IllegalStateException("defect");
                }))
                .isInstanceOf(IllegalStateException.class);
        assertThat(names(folder)).isEmpty();
    }

    @Test
    void aFolderIsNoTarget() {
        assertFailure(() -> OutputFile.write(folder, "x")).hasMessageContaining("it is a folder");
    }

    @Test
    void aFileIsNoParent() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "x");

        assertFailure(() -> OutputFile.write(file.resolve("picture.txt"), "x"))
                .hasMessageContaining("file is a file, expected a folder");
        assertFailure(() -> OutputFile.write(file.resolve("deeper/picture.txt"), "x"))
                .hasMessageContaining("Cannot write " + file);
    }

    @Test
    void aNameThatIsTooLongIsSaid() {
        assertFailure(() -> OutputFile.write(folder.resolve("x".repeat(300)), "x"))
                .hasMessageContaining("too long");
    }

    @Test
    void aFolderInTheWayOfThePartialFileIsSaidAndKept() throws IOException {
        Files.createDirectory(folder.resolve(".x.part"));

        try (Claim claim = Claim.ofFolder(folder)) {
            assertThat(claim.unlocked()).isEmpty();
            assertFailure(() -> OutputFile.write(folder.resolve("x"), "x"))
                    .hasMessageContaining("a folder is in the way");
        }
        assertThat(names(folder)).containsExactly(".x.part");
    }

    @Test
    void aFolderWithoutPermissionIsSaid() throws IOException {
        Path closed = Files.createDirectory(folder.resolve("closed"));
        Assumptions.assumeTrue(closed.toFile().setWritable(false) && !Files.isWritable(closed), "runs as root");
        try {
            assertFailure(() -> OutputFile.write(closed.resolve("x"), "x")).hasMessageContaining("no permission for");
        } finally {
            closed.toFile().setWritable(true);
        }
    }

    @Test
    void aDeviceIsWrittenToDirectly() {
        Path full = Path.of("/dev/full");
        Assumptions.assumeTrue(Files.exists(full), "no /dev/full here");

        assertFailure(() -> OutputFile.write(full, "x")).hasMessageContaining("No space left on device");
    }

    private static AbstractThrowableAssert<?, ? extends Throwable> assertFailure(ThrowingCallable call) {
        return assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        VitrineException.class,
                        failure -> assertThat(failure.kind()).isEqualTo(VitrineException.Kind.FAILURE));
    }

    private static List<String> names(Path folder) throws IOException {
        try (var files = Files.list(folder)) {
            return files.map(path -> path.getFileName().toString()).sorted().toList();
        }
    }
}
