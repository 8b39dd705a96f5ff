package dev.vitrine.lens;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vitrine.lens.attribution.Attribution;
import dev.vitrine.lens.method.Attributions;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The manual tells of every method in the list, and of no other. */
class MethodPagesTest {
    private static final Path DOCUMENTS = Path.of("..", "docs");
    private static final long LARGEST_PICTURE = 60_000;

    static Stream<Attributions.Entry> methods() {
        return Attributions.ALL.stream();
    }

    @ParameterizedTest
    @MethodSource("methods")
    void thePageSaysWhatTheMethodAnswersAndTakes(Attributions.Entry entry) throws IOException {
        String page = Files.readString(DOCUMENTS.resolve("methods").resolve(entry.id() + ".md"));
        assertThat(page)
                .startsWith("# " + entry.title() + "\n\n`" + entry.id() + "`\n\n" + entry.answers() + "\n")
                .contains("**Formula.**", "**Source.**", "**Options**", "**Activations.**", "**Limits.**");
        Attribution method = entry.make().apply(Attributions.Options.DEFAULT);
        method.options()
                .forEach((name, value) -> assertThat(page).contains(name).contains("| " + value + " |"));
    }

    @ParameterizedTest
    @MethodSource("methods")
    void thePictureIsThere(Attributions.Entry entry) throws IOException {
        Path file = DOCUMENTS.resolve("images/methods").resolve(entry.id() + ".png");
        assertThat(file).isRegularFile();
        assertThat(Files.size(file)).isLessThanOrEqualTo(LARGEST_PICTURE);
        BufferedImage picture = ImageIO.read(file.toFile());
        assertThat(picture.getWidth()).isGreaterThan(picture.getHeight());
    }

    @Test
    void theIndexAndTheFolderHoldTheListAndNothingElse() throws IOException {
        Set<String> expected = methods().map(entry -> entry.id() + ".md").collect(Collectors.toSet());
        try (Stream<Path> files = Files.list(DOCUMENTS.resolve("methods"))) {
            assertThat(files.map(file -> file.getFileName().toString())
                            .filter(name -> !name.equals("README.md"))
                            .collect(Collectors.toSet()))
                    .isEqualTo(expected);
        }
        String index = Files.readString(DOCUMENTS.resolve("methods/README.md"));
        methods()
                .forEach(entry -> assertThat(index)
                        .contains("| [" + entry.title() + "](" + entry.id() + ".md) | `" + entry.id() + "` | "
                                + entry.answers() + " |"));
    }
}
