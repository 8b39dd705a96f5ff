package dev.vitrine.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.vitrine.engine.oracle.Architectures;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Language, time zone and heap of a process change no byte of what it writes. */
class SurroundingsTest {
    @TempDir
    Path folder;

    @Test
    void theFilesAreTheSame() throws Exception {
        String model = Shell.model(folder, Architectures.vgg(new Architectures.Size(1 / 8.0, 32, 10, 1), 1, 1, 2))
                .toString();
        String picture = Shell.picture(folder, "I-i.png", 40, 40).toString();
        // Names of methods with the letter that Turkish writes without its dot.
        String[] request = {"explain", picture, "--model", model, "--method", "Integrated-Gradients,LRP-Epsilon"};
        Map<String, String> plain = written("plain", List.of(), Map.of(), request);
        assertThat(plain).hasSizeGreaterThan(3);
        assertThat(written("turkish", List.of("-Duser.language=tr", "-Duser.country=TR"), Map.of(), request))
                .isEqualTo(plain);
        assertThat(written("arabic", List.of("-Duser.language=ar", "-Duser.country=EG"), Map.of(), request))
                .isEqualTo(plain);
        assertThat(written(
                        "small", List.of("-Xmx256m", "-Duser.timezone=Asia/Kolkata"), Map.of("LC_ALL", "C"), request))
                .isEqualTo(plain);
    }

    @Test
    void aNameThatTheEncodingCannotWriteIsNamed() throws Exception {
        Path pictures = Files.createDirectory(folder.resolve("pictures"));
        Shell.picture(pictures, "gr\u00f6\u00dfe.png", 40, 40);
        String model = Shell.model(folder).toString();
        Process process =
                start("ascii", List.of(), Map.of("LC_ALL", "C"), "explain", pictures.toString(), "--model", model);
        process.waitFor();
        assumeTrue(process.exitValue() != 0, "skipped: this system writes such names in the C locale too");
        assertThat(said("ascii")).contains("Set LC_ALL=C.UTF-8").doesNotContain("internal error");
    }

    private Map<String, String> written(
            String name, List<String> options, Map<String, String> environment, String... request) throws Exception {
        Process process = start(name, options, environment, request);
        assertThat(process.waitFor()).as(said(name)).isZero();
        Map<String, String> files = new TreeMap<>();
        Path out = folder.resolve(name);
        try (Stream<Path> all = Files.walk(out)) {
            for (Path file : (Iterable<Path>) all.filter(Files::isRegularFile)::iterator) {
                files.put(out.relativize(file).toString(), Files.readString(file, StandardCharsets.ISO_8859_1));
            }
        }
        return files;
    }

    private String said(String name) throws IOException {
        return Files.readString(folder.resolve(name + ".txt"), StandardCharsets.ISO_8859_1);
    }

    private Process start(String name, List<String> options, Map<String, String> environment, String... request)
            throws IOException {
        List<String> command =
                new ArrayList<>(List.of(ProcessHandle.current().info().command().orElse("java")));
        command.addAll(options);
        String natives = System.getProperty("onnxruntime.native.path");
        if (natives != null) {
            command.add("-Donnxruntime.native.path=" + natives);
        }
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Vitrine.class.getName()));
        command.addAll(List.of(request));
        command.addAll(List.of("--out", folder.resolve(name).toString()));
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve(name + ".txt").toFile());
        builder.environment().putAll(environment);
        return builder.start();
    }
}
