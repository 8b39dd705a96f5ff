package dev.vitrine.lens;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vitrine.lens.method.Attributions;
import dev.vitrine.lens.setting.DeclaredSetting;
import dev.vitrine.lens.setting.Settings;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
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

    /** Whether the tables are written before they are checked. */
    private static final boolean WRITES = Boolean.getBoolean("vitrine.write");

    private static final Pattern OPTIONS =
            Pattern.compile("\\*\\*Options\\*\\*\n\n(None of its own\\.|\\|.*(\n\\|.*)*)");

    static Stream<Attributions.Entry> methods() {
        return Attributions.ALL.stream();
    }

    @ParameterizedTest
    @MethodSource("methods")
    void thePageSaysWhatTheMethodAnswersAndTakes(Attributions.Entry entry) throws IOException {
        Path file = DOCUMENTS.resolve("methods").resolve(entry.id() + ".md");
        if (WRITES) {
            String page = Files.readString(file);
            Files.writeString(
                    file,
                    OPTIONS.matcher(page).replaceFirst(Matcher.quoteReplacement("**Options**\n\n" + table(entry))));
        }
        assertThat(Files.readString(file))
                .startsWith("# " + entry.title() + "\n\n`" + entry.id() + "`\n\n" + entry.answers() + "\n")
                .contains("**Formula.**", "**Source.**", "**Activations.**", "**Limits.**")
                .as("the table of settings; -Dvitrine.write=true writes it")
                .contains("**Options**\n\n" + table(entry) + "\n\n");
    }

    private static String table(Attributions.Entry entry) {
        List<DeclaredSetting> settings = Settings.of(entry.standard().getClass());
        if (settings.isEmpty()) {
            return "None of its own.";
        }
        return settings.stream()
                .map(setting -> "| `--" + setting.name() + " " + setting.label() + "` | "
                        + (setting.otherwise().isEmpty()
                                ? setting.text(entry.standard()).orElseThrow()
                                : setting.otherwise())
                        + " | " + setting.meaning()
                        + (setting.type().isEnum() ? " (" + setting.expected() + ")" : "") + " |")
                .collect(Collectors.joining("\n", "| option | default | what it is |\n|---|---|---|\n", ""));
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
