package dev.vitrine.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The launcher before a stand-in for Java, which says what it was started with. */
@Timeout(60)
class LauncherTest {
    private static final Path LAUNCHER = Path.of("../vitrine");
    private static final String JAVA = """
            #!/bin/sh
            # The class path's first entry has to be there, whatever its name.
            for word; do
                [ "$before" = -cp ] && first=${word%%:*} && { [ -f "$first" ] || echo "no $first"; }
                before=$word
                printf '<%s>\\n' "$word"
            done
            echo "LC_ALL=$LC_ALL"
            """;

    @TempDir
    private Path folder;

    private record Outcome(int status, String out) {}

    @BeforeEach
    void requireShell() {
        Assumptions.assumeTrue(Files.exists(LAUNCHER) && Files.exists(Path.of("/bin/bash")), "no launcher or no bash");
    }

    /** An install that seems to be built, and a Java of a version. */
    private Path install(String name, String version) throws IOException {
        Path root = folder.resolve(name);
        Files.createDirectories(root.resolve("app/target/lib"));
        Path launcher = root.resolve("vitrine");
        Files.copy(LAUNCHER, launcher);
        assertThat(launcher.toFile().setExecutable(true)).isTrue();
        Files.writeString(root.resolve("app/target/vitrine-app-1.jar"), "");
        Files.writeString(root.resolve("app/target/.built"), "");
        Path java = Files.createDirectories(folder.resolve("jdk/bin")).resolve("java");
        Files.writeString(java, JAVA);
        assertThat(java.toFile().setExecutable(true)).isTrue();
        Files.writeString(folder.resolve("jdk/release"), "IMPLEMENTOR=\"x\"\nJAVA_VERSION=\"" + version + "\"\n");
        return launcher;
    }

    private Outcome run(Map<String, String> environment, Path directory, String... words)
            throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(words).directory(directory.toFile());
        builder.environment().clear();
        builder.environment()
                .putAll(Map.of(
                        "PATH",
                        folder.resolve("jdk/bin") + ":/usr/bin:/bin",
                        "JAVA_HOME",
                        folder.resolve("jdk").toString()));
        builder.environment().putAll(environment);
        Path said = Files.createTempFile(folder, "said", ".txt");
        Process process = builder.redirectErrorStream(true)
                .redirectOutput(said.toFile())
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .start();
        return new Outcome(process.waitFor(), Files.readString(said));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "plain",
                "with a space",
                "a:b",
                "$HOME `id` 'q' \"d\"",
                "line\nbreak",
                "*?[x]",
                "-rf",
                "ümläut \u732b",
                "a\\b"
            })
    void everyInstallPathWorks(String name) throws IOException, InterruptedException {
        Path launcher = install(name, "17.0.1");
        Path link = Files.createSymbolicLink(folder.resolve("link"), folder.relativize(launcher));
        for (Path start : List.of(launcher, link)) {
            Outcome outcome = run(
                    Map.of("CDPATH", "/:/usr", "LANG", "C.UTF-8"),
                    folder,
                    start.toString(),
                    "explain",
                    "a b",
                    "*",
                    "$x",
                    "ü");
            assertThat(outcome.status()).as(outcome.out()).isZero();
            assertThat(outcome.out())
                    .contains("<dev.vitrine.app.Vitrine>\n<explain>\n<a b>\n<*>\n<$x>\n<ü>\n")
                    .doesNotContain("no /");
        }
        Outcome relative = run(Map.of("CDPATH", "/:/usr"), folder, "./link", "x");
        assertThat(relative.out()).contains("<x>").doesNotContain("no /");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "C", "POSIX", "de_DE.ISO-8859-1", "xx_XX.UTF-8"})
    void namesAreUtf8InEveryLocale(String locale) throws IOException, InterruptedException {
        Assumptions.assumeTrue(System.getProperty("os.name").startsWith("Linux"), "not on Linux");
        Path launcher = install("plain", "21");
        Outcome outcome = run(Map.of("LANG", locale, "LC_ALL", locale), folder, launcher.toString());
        assertThat(outcome.out()).contains("LC_ALL=C.UTF-8");
    }

    @Test
    void anotherShellHandsOver() throws IOException, InterruptedException {
        Path launcher = install("plain", "17");
        for (String shell : List.of("/bin/sh", "/bin/dash", "/bin/bash")) {
            if (Files.exists(Path.of(shell))) {
                assertThat(run(Map.of(), folder, shell, launcher.toString(), "a b")
                                .out())
                        .contains("<a b>");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.8.0_392", "11.0.22", "16"})
    void anOldJavaIsSaid(String version) throws IOException, InterruptedException {
        Path launcher = install("plain", version);
        Outcome outcome = run(Map.of(), folder, launcher.toString());
        assertThat(outcome.status()).isEqualTo(1);
        assertThat(outcome.out())
                .contains("vitrine: found Java ", "expected version 17 or later")
                .doesNotContain("<");
    }

    @Test
    void surroundingsThatAreWrongOrMissing() throws IOException, InterruptedException {
        Path launcher = install("a:b", "25-ea");
        Map<String, String> odd = Map.of(
                "JAVA_HOME",
                "/nowhere",
                "HOME",
                "/nowhere",
                "XDG_CACHE_HOME",
                "/proc/none",
                "TMPDIR",
                "/nowhere",
                "TERM",
                "none",
                "VITRINE_JAVA_OPTIONS",
                "-Xmx1g  -Da=b");
        Outcome outcome = run(odd, folder, launcher.toString(), "x");
        assertThat(outcome.status()).as(outcome.out()).isZero();
        assertThat(outcome.out()).contains("<-Xmx1g>\n<-Da=b>", "<x>").doesNotContain("no /", "vitrine:");

        Outcome none =
                run(Map.of("JAVA_HOME", "/nowhere", "PATH", "/nowhere"), folder, "/bin/bash", launcher.toString());
        assertThat(none.status()).isNotZero();
    }

    @Test
    void aDistributionIsStartedAsItIs() throws IOException, InterruptedException {
        Path root = folder.resolve("vitrine-1");
        Files.createDirectories(root.resolve("lib"));
        Files.writeString(root.resolve("vitrine-app-1.jar"), "");
        Path launcher = Files.copy(LAUNCHER, root.resolve("vitrine"));
        assertThat(launcher.toFile().setExecutable(true)).isTrue();
        install("elsewhere", "25.0.1");
        Outcome outcome = run(Map.of(), folder, launcher.toString(), "explain", "a b");
        assertThat(outcome.status()).as(outcome.out()).isZero();
        assertThat(outcome.out())
                .contains(
                        root + "/vitrine-app-1.jar:" + root + "/lib/*>",
                        "<--enable-native-access=ALL-UNNAMED>",
                        "<a b>")
                .doesNotContain("no /", "building");
        install("elsewhere too", "17.0.1");
        assertThat(run(Map.of(), folder, launcher.toString()).out()).doesNotContain("--enable-native-access");
    }

    /** A standard stream that is closed must not become a file that the program opens. */
    @Test
    void closedStreamsAreTaken() throws IOException, InterruptedException {
        Path launcher = install("plain", "17");
        Path open = folder.resolve("open");
        Files.writeString(
                folder.resolve("jdk/bin/java"),
                "#!/bin/sh\nls -l /proc/self/fd/ > '" + open + "'\n",
                StandardCharsets.UTF_8);
        Assumptions.assumeTrue(Files.exists(Path.of("/proc/self/fd")), "no /proc here");
        List<String> command = new ArrayList<>(List.of("/bin/bash", "-c", "exec \"$0\" x <&- 2>&-"));
        command.add(launcher.toString());
        run(Map.of(), folder, command.toArray(String[]::new));
        assertThat(Files.readString(open)).contains(" 0 -> /dev/null", " 2 -> /dev/null");
        Outcome closed = run(Map.of(), folder, "/bin/bash", "-c", "exec \"$0\" x >&-", launcher.toString());
        assertThat(closed.status()).isZero();
    }
}
