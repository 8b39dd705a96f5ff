package dev.vitrine.study;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StemsTest {
    @ParameterizedTest
    @ValueSource(strings = {"x", "\u732b", "\ud55c", "\ud835\udd04", "\ud83d\ude00", "\u00e9", "ab-", ". "})
    void everyNameIsShortAndWhole(String part) {
        String stem = new Stems().of(part.repeat(200) + ".png");
        assertThat(stem.getBytes(StandardCharsets.UTF_8)).hasSizeBetween(1, 60);
        assertThat(stem).matches("[\\p{L}\\p{N}]+(-[\\p{L}\\p{N}]+)*");
    }

    @Test
    void namesThatDifferInWhatIsLeftOutAreKeptApart() {
        Stems stems = new Stems();
        assertThat(List.of("a/Cat.png", "b/cat.jpg", "CAT!.png", "cat-2.png", "\u001b.png", "...").stream()
                        .map(stems::of)
                        .toList())
                .containsExactly("cat", "cat-2", "cat-3", "cat-2-2", "picture", "picture-2");
    }

    @Test
    void lettersAreComposed() {
        assertThat(Stems.slug("\u1112\u1161\u11ab")).isEqualTo("\ud55c");
        assertThat(Stems.slug("Caf\u00e9 M\u00fcnchen")).isEqualTo("cafe-munchen");
    }
}
