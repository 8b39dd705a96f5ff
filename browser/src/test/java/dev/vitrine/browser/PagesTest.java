package dev.vitrine.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import dev.vitrine.app.Vitrine;
import dev.vitrine.app.terminal.Stop;
import dev.vitrine.app.terminal.Terminal;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The pages that commands write, opened as a reader opens them. */
class PagesTest {
    private static final List<String> PICTURES =
            List.of("cup.jpg", "face.jpg", "leopard.jpg", "starfish.jpg", "sunflower.jpg");

    /** Of a desktop and of a small window. */
    private static final int[] WIDTHS = {1440, 760};

    @TempDir
    private static Path folder;

    private static Chromium chromium;

    @BeforeAll
    static void open() throws IOException {
        chromium = Chromium.open();
        for (String picture : PICTURES) {
            Path own = Files.createDirectories(folder.resolve("photos").resolve(picture.replace(".jpg", "")));
            try (InputStream bytes = Vitrine.class.getResourceAsStream("demo/" + picture)) {
                Files.copy(Objects.requireNonNull(bytes, picture), own.resolve(picture));
            }
        }
    }

    @AfterAll
    static void close() {
        if (chromium != null) {
            chromium.close();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "explain PHOTOS/cup/cup.jpg PHOTOS/face/face.jpg --method grad-cam,saliency",
                "occlude PHOTOS/cup/cup.jpg",
                "stress PHOTOS/cup/cup.jpg",
                "where PHOTOS",
                "trust PHOTOS/cup/cup.jpg --method grad-cam,saliency",
                "unit conv5:3 --data PHOTOS --steps 4",
                "examples PHOTOS --layer conv5",
                "activations PHOTOS/cup/cup.jpg --layer conv5",
                "filters --layer conv1",
                "dead PHOTOS",
                "dream PHOTOS/cup/cup.jpg --steps 2",
                "visualize --unit conv5:3 --steps 4",
                "attack PHOTOS/cup/cup.jpg",
                "invariance PHOTOS/cup/cup.jpg",
                "robustness --model zf-caltech --data PHOTOS --severity 1,3 --corruption fog,contrast",
                "calibration --model zf-caltech --data PHOTOS",
                "map --model zf-caltech --data PHOTOS --layer conv4,conv5",
                "grid --model zf-caltech --data PHOTOS --layer conv5 --method pca",
            })
    void aPageIsWhole(String command) throws IOException {
        Path out = folder.resolve(command.split(" ")[0]);
        run(command, out);
        List<Path> pages;
        try (Stream<Path> files = Files.walk(out)) {
            pages = files.filter(file -> file.toString().endsWith(".html")).toList();
        }
        assertThat(pages).isNotEmpty();
        for (Path file : pages) {
            for (int width : WIDTHS) {
                chromium.visit(file, width, page -> requireWhole(file, page));
            }
        }
    }

    private static void run(String command, Path out) {
        List<String> words = new ArrayList<>(List.of(
                command.replace("PHOTOS", folder.resolve("photos").toString()).split(" ")));
        words.addAll(List.of("--out", out.toString()));
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        PrintStream stream = new PrintStream(said, true, StandardCharsets.UTF_8);
        int status = Vitrine.run(
                new Terminal(stream, stream, Terminal.Liveliness.QUIET, 100), new Stop(), words.toArray(String[]::new));
        assertThat(status).as(said.toString(StandardCharsets.UTF_8)).isZero();
    }

    private static void requireWhole(Path file, Page page) {
        page.waitForLoadState();
        assertThat(
                        (List<?>)
                                page.evaluate(
                                        "() => [...document.images].filter(i => i.loading !== 'lazy' && !i.naturalWidth).map(i => i.alt || i.src.slice(0, 80))"))
                .as("broken images")
                .isEmpty();
        assertThat((Boolean) page.evaluate(
                        "() => document.documentElement.scrollWidth <= document.documentElement.clientWidth"))
                .as("%s fits %d pixels", file, page.viewportSize().width)
                .isTrue();
        for (Object link : (List<?>)
                page.evaluate(
                        "() => [...document.querySelectorAll('a[href]')].map(a => a.href).filter(a => a.startsWith('file:'))")) {
            assertThat(Path.of(URI.create(link.toString().replaceAll("#.*", ""))))
                    .exists();
        }
    }
}
