package dev.vitrine.lens.setting;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class SpellingTest {
    private static final Path ROOT = Path.of(System.getProperty("maven.multiModuleProjectDirectory", ".."));

    private static final Pattern BRITISH = Pattern.compile(
            "colour|\\bgrey|neighbour|labelled|\\bcentre|normalis|licence|optimis[ei]|favour|recognis|behaviour|initialis",
            Pattern.CASE_INSENSITIVE);

    @Test
    void britishWordsAreUnderstood() {
        assertThat(Spelling.american("colour")).isEqualTo("color");
        assertThat(Spelling.american("grey")).isEqualTo("gray");
        assertThat(Spelling.american("licence")).isEqualTo("license");
        assertThat(Spelling.american("degree")).isEqualTo("degree");
    }

    /** Of sources and documents; a class that understands British spelling, and its test, have it. */
    @Test
    void theProjectIsSpelledTheAmericanWay() throws IOException {
        for (String folder : List.of(
                "engine/src/main", "lens/src/main/java", "study/src/main", "app/src/main", "docs", "README.md")) {
            try (Stream<Path> files = Files.walk(ROOT.resolve(folder))) {
                for (Path file : files.filter(path -> path.toString().matches(".*\\.(java|md|jte)"))
                        .toList()) {
                    if (!file.getFileName()
                            .toString()
                            .matches("Spelling\\.java|ChannelOrder\\.java|MaximizationOptions\\.java")) {
                        assertThat(BRITISH.matcher(Files.readString(file))
                                        .results()
                                        .map(hit -> hit.group())
                                        .toList())
                                .as(file.toString())
                                .isEmpty();
                    }
                }
            }
        }
    }
}
