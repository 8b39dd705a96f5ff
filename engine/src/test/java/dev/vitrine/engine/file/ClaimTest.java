package dev.vitrine.engine.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vitrine.engine.VitrineException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.assertj.core.api.AbstractThrowableAssert;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class ClaimTest {
    @TempDir
    private Path folder;

    /** Claims a folder and waits to be killed. */
    static final class Holder {
        public static void main(String[] arguments) throws InterruptedException {
            try (Claim claim = Claim.ofFolder(Path.of(arguments[0]))) {
                System.out.println("claimed " + claim.unlocked().isEmpty());
                Thread.sleep(60_000);
            }
        }
    }

    @Test
    void anotherProcessIsNamedAndItsDeathFreesTheFolder() throws IOException, InterruptedException {
        Path out = folder.resolve("out");
        Process holder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xshare:auto",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Holder.class.getName(),
                        out.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader said =
                new BufferedReader(new InputStreamReader(holder.getInputStream(), StandardCharsets.UTF_8))) {
            assertThat(said.readLine()).isEqualTo("claimed true");

            assertFailure(() -> Claim.ofFolder(out))
                    .hasMessageContaining("is in use: process " + holder.pid())
                    .hasMessageContaining("expected one run at a time");
        } finally {
            holder.destroyForcibly().waitFor();
        }
        assertThat(names(out)).as("what a killed run leaves").containsExactly(".vitrine.lock");

        Claim.ofFolder(out).close();
        assertThat(names(out)).isEmpty();
    }

    @Test
    void anotherThreadIsRefusedAndTheSameIsNot() throws Exception {
        try (Claim outer = Claim.ofFolder(folder)) {
            assertThat(inAnotherThread(() -> Claim.ofFolder(folder).close())).contains("another run of this process");
            try (Claim inner = Claim.ofFolder(folder.resolve("../" + folder.getFileName()))) {
                assertThat(inner).isSameAs(outer);
            }
            assertThat(inAnotherThread(() -> Claim.ofFolder(folder).close())).contains("another run of this process");
        }
        assertThat(inAnotherThread(() -> Claim.ofFolder(folder).close())).isEmpty();
    }

    @Test
    void aLinkToTheFolderIsTheSameFolder() throws Exception {
        Path out = Files.createDirectory(folder.resolve("out"));
        Path link = Files.createSymbolicLink(folder.resolve("link"), out);
        try (Claim claim = Claim.ofFolder(link)) {
            assertThat(claim.unlocked()).isEmpty();
            assertThat(inAnotherThread(() -> Claim.ofFolder(out).close())).contains("is in use");
            assertThat(inAnotherThread(
                            () -> Claim.ofFolder(out.resolve("deeper")).close()))
                    .isEmpty();
        }
    }

    @Test
    void aFileIsClaimedByItself() throws Exception {
        Path one = folder.resolve("deeper/one.png");
        try (Claim claim = Claim.ofFile(one)) {
            assertThat(claim.unlocked()).isEmpty();
            assertThat(inAnotherThread(() -> Claim.ofFile(one).close())).contains("The file", "is in use");
            assertThat(inAnotherThread(
                            () -> Claim.ofFile(one.resolveSibling("two.png")).close()))
                    .isEmpty();
            WholeFile.write(one, output -> output.write(1));
        }
        assertThat(names(one.getParent())).containsExactly("one.png");
    }

    @Test
    void aNameWithoutRoomForAnEndingIsClaimedToo() throws IOException {
        String longest = "ü".repeat(127) + "x";
        try (Claim claim = Claim.ofFile(folder.resolve(longest))) {
            assertThat(claim.unlocked()).isEmpty();
            WholeFile.write(folder.resolve(longest), output -> output.write(1));
        }
        assertThat(names(folder)).containsExactly(longest);
    }

    @Test
    void aDeviceNeedsNoClaim() {
        try (Claim one = Claim.ofFile(Path.of("/dev/null"));
                Claim other = Claim.ofFile(Path.of("/dev/null"))) {
            assertThat(one).isNotSameAs(other);
        }
    }

    @Test
    void whatIsLostMeanwhileIsAnErrorAndIsNotMadeAgain() throws IOException {
        Path out = folder.resolve("out");
        Claim removed = Claim.ofFolder(out);
        WholeFile.write(out.resolve("a/1"), output -> output.write(1));
        remove(out);
        assertFailure(() -> WholeFile.write(out.resolve("a/2"), output -> output.write(1)))
                .hasMessageContaining("was removed while a run was writing to it");
        assertThat(out).doesNotExist();
        assertFailure(removed::close).hasMessageContaining("was removed");

        Claim replaced = Claim.ofFolder(out);
        Files.move(out, folder.resolve("elsewhere"));
        Files.createDirectory(out);
        assertFailure(() -> WholeFile.write(out.resolve("2"), output -> output.write(1)))
                .hasMessageContaining("was replaced by another");
        assertFailure(replaced::close).hasMessageContaining("was replaced");
        assertThat(names(out)).isEmpty();

        Claim emptied = Claim.ofFolder(out);
        Files.delete(out.resolve(".vitrine.lock"));
        assertFailure(emptied::close).hasMessageContaining("was emptied");
    }

    @Test
    void aFolderThatStaysEmptyIsRemovedWithTheParentsMadeForIt() throws IOException {
        Claim.ofFolder(folder.resolve("a/b")).close();
        assertThat(names(folder)).isEmpty();

        try (Claim claim = Claim.ofFolder(folder.resolve("a/b"))) {
            assertThat(claim.unlocked()).isEmpty();
            WholeFile.write(folder.resolve("a/c"), output -> output.write(1));
        }
        assertThat(names(folder.resolve("a"))).containsExactly("c");
    }

    /** Neither what a planted link leads to nor a further name of a planted file is written to. */
    @Test
    void aPlantedLockFileDoesNoHarm() throws IOException {
        Path victim = Files.writeString(folder.resolve("victim"), "precious");
        Path out = Files.createDirectory(folder.resolve("out"));
        Path lock = out.resolve(".vitrine.lock");

        Files.createSymbolicLink(lock, victim);
        assertFailure(() -> Claim.ofFolder(out)).hasMessageContaining(lock + " exists and is not a lock file");
        Files.delete(lock);
        Files.createLink(lock, victim);
        Claim.ofFolder(out).close();
        Files.createDirectory(lock);
        assertFailure(() -> Claim.ofFolder(out)).hasMessageContaining("is not a lock file");

        assertThat(victim).hasContent("precious");
    }

    @Test
    void aFileOrNothingWritableIsNoFolder() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "x");
        assertFailure(() -> Claim.ofFolder(file)).hasMessageContaining("is a file");
        assertFailure(() -> Claim.ofFolder(file.resolve("deeper"))).hasMessageContaining("file");
        assertFailure(() -> Claim.ofFile(folder)).hasMessageContaining("it is a folder");
        assertFailure(() -> Claim.ofFolder(Path.of("/proc/none"))).hasMessageContaining("Cannot write to the folder");
    }

    private static String inAnotherThread(Runnable action) throws InterruptedException {
        FutureTask<Void> task = new FutureTask<>(action, null);
        Thread thread = new Thread(task);
        thread.start();
        thread.join();
        try {
            task.get();
            return "";
        } catch (ExecutionException failure) {
            return failure.getCause().getMessage();
        }
    }

    private static AbstractThrowableAssert<?, ? extends Throwable> assertFailure(ThrowingCallable call) {
        return assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        VitrineException.class,
                        failure -> assertThat(failure.kind()).isEqualTo(VitrineException.Kind.FAILURE));
    }

    private static void remove(Path path) throws IOException {
        if (Files.isDirectory(path)) {
            try (var inside = Files.list(path)) {
                for (Path each : inside.toList()) {
                    remove(each);
                }
            }
        }
        Files.delete(path);
    }

    private static List<String> names(Path folder) throws IOException {
        try (var files = Files.list(folder)) {
            return files.map(path -> path.getFileName().toString()).sorted().toList();
        }
    }
}
