package dev.vitrine.app.model;

import static dev.vitrine.app.Shell.vitrine;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vitrine.app.Shell;
import dev.vitrine.lens.model.zoo.Zoo;
import dev.vitrine.lens.model.zoo.ZooCache;
import dev.vitrine.lens.model.zoo.ZooNetwork;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code fetch}, and which network answers where none is named. No test reaches the networks' own addresses. */
class FetchCommandTest {
    @TempDir
    private Path folder;

    private ZooCache cache;
    private Optional<String> before;

    @BeforeEach
    void ownCache() {
        before = Optional.ofNullable(System.getProperty("vitrine.cache"));
        System.setProperty("vitrine.cache", folder.toString());
        cache = ZooCache.in(folder);
    }

    @AfterEach
    void theCacheBefore() {
        before.ifPresentOrElse(
                named -> System.setProperty("vitrine.cache", named), () -> System.clearProperty("vitrine.cache"));
    }

    /** A file of zeros of the right size, with a card. */
    private Path pretend(String name) throws IOException {
        ZooNetwork network = Zoo.find(name);
        Files.createDirectories(cache.folder());
        try (RandomAccessFile file = new RandomAccessFile(cache.file(network).toFile(), "rw")) {
            file.setLength(network.bytes());
        }
        Files.writeString(cache.folder().resolve(network.name() + ".yaml"), "name: x\n");
        return cache.file(network);
    }

    @Test
    void theListSaysWhatIsThere() throws IOException {
        assertThat(vitrine("fetch", "--list").succeeds().out())
                .contains("squeezenet1.1-7", "zfnet512-12", "349 MB", "26 kB", "In " + cache.folder())
                .doesNotContain("there");
        pretend("resnet18-v1-7");
        Files.write(cache.folder().resolve("vgg16-7.onnx.part"), new byte[1 << 20]);
        assertThat(vitrine("fetch", "--list").succeeds().out())
                .containsPattern("resnet18-v1-7 \\* .* there\\n")
                .containsPattern("vgg16-7 .* 0 % downloaded\\n");
    }

    @Test
    void wrongRequests() throws IOException {
        vitrine("fetch").failsWith(2, "expected a name, such as squeezenet1.1-7");
        vitrine("fetch", "vgg").failsWith(2, "vgg16-12, vgg16-7");
        vitrine("fetch", "squeezenet1.2-7").failsWith(2, "Did you mean squeezenet1.1-7");
        vitrine("fetch", "--list", "mnist-12").failsWith(2, "--list");
        vitrine("fetch", "mnist-12", "--mirror", "nonsense").failsWith(2, "--mirror 'nonsense'", "expected an address");
        Path file = Files.write(folder.resolve("file.onnx"), new byte[10]);
        vitrine("fetch", "mnist-12", "vgg16-7", "--from", file).failsWith(2, "found several networks");
        vitrine("fetch", "--from", file).failsWith(1, "has 10 bytes, as no network of the list has");
        vitrine("fetch", "mnist-12", "--from", file).failsWith(1, "has 10 bytes; 'mnist-12' has 26143");
        vitrine("fetch", "mnist-12", "--from", folder.resolve("none")).failsWith(1, "no such file");
        vitrine("layers", "--model", "zoo:nothing-like-it").failsWith(2, "No network 'nothing-like-it'");
    }

    @Test
    void aWrongFileIsRefusedByItsHash() throws IOException {
        Path file = Files.write(folder.resolve("file.onnx"), new byte[26143]);
        vitrine("fetch", "--from", file)
                .failsWith(1, "has the SHA-256 ", Zoo.find("mnist-12").sha256());
        vitrine("fetch", "mnist-12", "--from", file, "--cache", folder.resolve("other"))
                .failsWith(1, "has the SHA-256 ");
        assertThat(folder.resolve("other/networks")).isDirectoryNotContaining("glob:**.{onnx,part,yaml}");
    }

    /** A network that is there is neither fetched again nor read, only described. */
    @Test
    void whatIsThereIsTaken() throws IOException {
        Path file = pretend("squeezenet1.1-7");
        assertThat(vitrine("fetch", "squeezenet1.1").succeeds().out())
                .contains(file.toString(), "If no --model is given, squeezenet1.1-7 is used.");
        assertThat(cache.folder().resolve("squeezenet1.1-7.yaml")).content().contains("SqueezeNet 1.1 of the ONNX");
        vitrine("layers", "--model", "zoo:squeezenet1.1-7").failsWith(1, file.toString());
    }

    @Test
    void aFetchedNetworkAnswersWhereNoneIsNamed() throws IOException {
        assertThat(vitrine("layers").succeeds().err())
                .contains("using zf-caltech, a small network", "32 kinds of things", "vitrine fetch squeezenet1.1-7");
        Path picture = Shell.picture(folder, "a.png", 120, 110);
        Path out = folder.resolve("out");
        vitrine("explain", picture, "--method", "gradient", "--out", out).succeeds();
        assertThat(out.resolve("index.html")).content().contains("32 kinds of things");
        vitrine("explain", picture, "--method", "gradient", "--model", "zf-caltech", "--out", out)
                .succeeds();
        assertThat(out.resolve("index.html")).content().doesNotContain("32 kinds of things");
        pretend("mnist-12");
        assertThat(vitrine("layers").succeeds().out()).contains("zf-caltech: ");
        Path resnet = pretend("resnet18-v1-7");
        vitrine("layers").failsWith(1, "using resnet18-v1-7, which was fetched", resnet.toString());
        Path first = pretend("squeezenet1.1-7");
        vitrine("layers").failsWith(1, first.toString());
        assertThat(vitrine("fetch", "--use", "resnet18-v1-7").succeeds().out())
                .contains("If no --model is given, resnet18-v1-7 is used.");
        vitrine("layers").failsWith(1, resnet.toString());
        assertThat(vitrine("fetch", "--use", "zf-caltech").succeeds().out())
                .contains("If no --model is given, zf-caltech is used.");
        assertThat(vitrine("layers").succeeds().out()).contains("zf-caltech: ");
        vitrine("demo", "--help").succeeds();
    }
}
