package dev.vitrine.lens.visualization;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The manual tells of every way to make pictures, and of no other. */
class VisualizationPagesTest {
    private static final Path PAGES = Path.of("..", "docs", "visualization");
    private static final long LARGEST_PICTURE = 200_000;

    static Stream<Visualizations.Entry> all() {
        return Visualizations.ALL.stream();
    }

    @ParameterizedTest
    @MethodSource("all")
    void thePageSaysWhatItAnswersAndTakes(Visualizations.Entry entry) throws IOException {
        String page = Files.readString(PAGES.resolve(entry.id() + ".md"));
        assertThat(page)
                .startsWith("# " + entry.title() + "\n\n`vitrine " + entry.command() + "`\n\n" + entry.answers() + "\n")
                .contains("**Formula.**", "**Source.**", "**Options**", "**Limits.**", "../images/visualization/");
        entry.options().forEach((name, value) -> assertThat(page).contains(name).contains(value));
        Path picture = Path.of("..", "docs", "images", "visualization", entry.id() + ".jpg");
        assertThat(picture).isRegularFile();
        assertThat(Files.size(picture)).isLessThanOrEqualTo(LARGEST_PICTURE);
    }

    @Test
    void theFolderHoldsTheListAndNothingElse() throws IOException {
        Set<String> expected = all().map(entry -> entry.id() + ".md").collect(Collectors.toSet());
        try (Stream<Path> files = Files.list(PAGES)) {
            assertThat(files.map(file -> file.getFileName().toString())
                            .filter(name -> !name.equals("README.md"))
                            .collect(Collectors.toSet()))
                    .isEqualTo(expected);
        }
        String index = Files.readString(PAGES.resolve("README.md"));
        all().forEach(entry -> assertThat(index)
                .contains("[" + entry.title() + "](" + entry.id() + ".md) | `vitrine " + entry.command() + "` | "
                        + entry.answers() + " |"));
    }
}
