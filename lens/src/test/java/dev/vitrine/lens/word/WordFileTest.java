package dev.vitrine.lens.word;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WordFileTest {
    private static final WordVectors VECTORS =
            new WordVectors(List.of("the", "café", "new_york"), 3, new float[] {1, -2.5f, 0, 1e-8f, 3, 4, 5, 6, 32});

    @TempDir
    private Path folder;

    private WordVectors read(String text) throws IOException {
        return WordFile.read(Files.writeString(folder.resolve("v.txt"), text), 100);
    }

    @ParameterizedTest
    @ValueSource(strings = {"v.txt", "v.bin"})
    void whatIsWrittenIsReadAgain(String name) {
        Path file = folder.resolve(name);
        WordFile.write(file, VECTORS);
        WordVectors found = WordFile.read(file, 100);
        assertThat(found.words()).isEqualTo(VECTORS.words());
        assertThat(found.values()).isEqualTo(VECTORS.values());
        assertThat(WordFile.read(file, 2).words()).containsExactly("the", "café");
    }

    @Test
    void compressedFilesAndVectorsWithoutLineBreaks() throws IOException {
        Path plain = folder.resolve("v.bin");
        WordFile.write(plain, VECTORS);
        byte[] bytes = Files.readAllBytes(plain);
        Path compressed = folder.resolve("v.bin.gz");
        try (OutputStream output = new GZIPOutputStream(Files.newOutputStream(compressed))) {
            // As some programs write it: without the line break after the last vector.
            output.write(Arrays.copyOf(bytes, bytes.length - 1));
        }
        assertThat(WordFile.read(compressed, 100).values()).isEqualTo(VECTORS.values());
    }

    @Test
    void linesWithoutAFirstLineAreGlove() throws IOException {
        WordVectors found = read("the 0.5 1\nof -1 2\n");
        assertThat(found.words()).containsExactly("the", "of");
        assertThat(found.vector(1)).containsExactly(-1, 2);
    }

    @Test
    void brokenFilesSayWhere() throws IOException {
        assertThatThrownBy(() -> read("2 2\na 1 2\nb 1\n")).hasMessageContaining("line 3: found 1 numbers, expected 2");
        assertThatThrownBy(() -> read("3 2\na 1 2\nb 1 2\n")).hasMessageContaining("found 2 vectors; expected 3");
        assertThatThrownBy(() -> read("2 2\na 1 2\nb NaN 2\n")).hasMessageContaining("the vector of 'b' holds NaN");
        assertThatThrownBy(() -> read("2 2\na 1 2\na 1 2\n")).hasMessageContaining("two vectors of the word 'a'");
        assertThatThrownBy(() -> read("hello\n")).hasMessageContaining("line 1: found 'hello'");
        assertThatThrownBy(() -> read("")).hasMessageContaining("ends within a vector");
        Path cut = folder.resolve("cut.bin");
        WordFile.write(cut, VECTORS);
        Files.write(cut, Arrays.copyOf(Files.readAllBytes(cut), 30));
        assertThatThrownBy(() -> WordFile.read(cut, 100)).hasMessageContaining("ends within a vector");
    }

    @Test
    void neighborsByCosine() {
        WordVectors vectors = new WordVectors(List.of("a", "b", "c", "d"), 2, new float[] {1, 0, 10, 1, 0, 1, 0, 0});
        List<WordVectors.Near> near = vectors.nearest(vectors.vector(0), 3, Set.of(0));
        assertThat(near).extracting(WordVectors.Near::word).containsExactly("b", "c", "d");
        assertThat(near.get(0).cosine()).isCloseTo(10 / Math.sqrt(101), within(1e-6));
        assertThatThrownBy(() -> vectors.index("A")).hasMessageContaining("has it in lower case");
    }
}
