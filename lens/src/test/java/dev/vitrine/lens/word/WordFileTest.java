package dev.vitrine.lens.word;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vitrine.engine.VitrineException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class WordFileTest {
    private static final float[] VALUES = {1.5f, -2e-30f, 0.1f, 3, Float.MAX_VALUE, Float.MIN_VALUE};
    private static final WordVectors VECTORS = new WordVectors(List.of("king", "café"), VALUES, 3);

    @TempDir
    private Path folder;

    @ParameterizedTest
    @EnumSource
    void everyFormatReadsBackEqual(WordFormat format) {
        Path file = folder.resolve("words");
        WordWriter.write(VECTORS, format, file);
        assertEqual(WordReader.read(file));
    }

    @ParameterizedTest
    @EnumSource
    void gzipIsRecognized(WordFormat format) throws IOException {
        Path plain = folder.resolve("words");
        WordWriter.write(VECTORS, format, plain);
        Path packed = folder.resolve("words.gz");
        try (OutputStream output = new GZIPOutputStream(Files.newOutputStream(packed))) {
            Files.copy(plain, output);
        }
        assertEqual(WordReader.read(packed));
    }

    @Test
    void binaryIsThatOfWord2vec() throws IOException {
        Path file = folder.resolve("words");
        WordWriter.write(new WordVectors(List.of("a"), new float[] {1, -2}, 2), WordFormat.BINARY, file);
        assertThat(Files.readAllBytes(file))
                .containsExactly("1 2\na \0\0\200?\0\0\0\300\n".getBytes(StandardCharsets.ISO_8859_1));
    }

    /** Gensim writes no line feed after a vector. */
    @Test
    void binaryWithoutLineFeedsIsRead() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes("2 1\na \0\0\200?b \0\0\0\300".getBytes(StandardCharsets.ISO_8859_1));
        WordVectors read = WordReader.read(file(bytes.toByteArray()));
        assertThat(read.words()).containsExactly("a", "b");
        assertThat(read.value(1, 0)).isEqualTo(-2);
    }

    @Test
    void wordsOfGloveMayHaveSpaces() throws IOException {
        WordVectors read = WordReader.read(file("the 1 2\n. . . 3 4\nat name@x 5 6\n"));
        assertThat(read.words()).containsExactly("the", ". . .", "at name@x");
        assertThat(read.value(2, 1)).isEqualTo(6);
    }

    @ParameterizedTest
    @EnumSource
    void aLimitReadsTheFirstWords(WordFormat format) {
        Path file = folder.resolve("words");
        WordWriter.write(VECTORS, format, file);
        assertThat(WordReader.read(file, 1).words()).containsExactly("king");
    }

    @Test
    void textWithTrailingSpacesAndWindowsLinesIsRead() throws IOException {
        assertThat(WordReader.read(file("2 2\r\na 1 2 \r\nb 3 4 \r\n")).words()).containsExactly("a", "b");
    }

    @Test
    void badFilesAreNamed() throws IOException {
        assertFails("", "the file is empty");
        assertFails("word\n", "line 1 is 'word'");
        assertFails("0 3\n", "line 1 announces 0 words of 3 dimensions");
        assertFails("3 2\na 1 2\nb 3 4\n", "announces 3 words, the file ends after 2");
        assertFails("1 2\na 1 2\nb 3 4\n", "announces 1 words, more data follow");
        assertFails("2 2\na 1 2\nb 3\n", "line 3 has 1 numbers after its word, expected 2");
        assertFails("2 2\na 1 2\nb 3 4 5\n", "line 3 has more than the announced 2 numbers");
        assertFails("2 2\na 1 2\nb 3 x\n", "line 3 has 'x' in place of a number");
        assertFails("2 2\na 1 2\nb 3 NaN\n", "'b' (number 2), dimension 1: found NaN");
        assertFails("a 1 2\nb Infinity 4\n", "'b' (number 2), dimension 0: found Infinity");
        assertFails("2 2\na 1 2\na 3 4\n", "word 'a' occurs twice, as number 1 and 2");
        assertFails("9 1\na \0\0\200?\nb \0\0", "the file ends within the vector of word 2 of 9");
        assertFails("999999999 60000\na \0\0\200?\n", "the file ends within the vector of word 1 of 999999999");
        assertFails("2 1\na \0\0\200?\n", "the file ends after 1");
        assertFails("1 1\n\377 \0\0\200?\n", "word 1 is not UTF-8");
        assertThatThrownBy(() -> WordReader.read(folder.resolve("none")))
                .isInstanceOf(VitrineException.class)
                .hasMessageContaining("no such file");
    }

    @Test
    void wordsThatAFormatCannotHoldAreNotWritten() {
        Path file = folder.resolve("words");
        assertThatThrownBy(() -> WordWriter.write(
                        new WordVectors(List.of("New York"), new float[] {1}, 1), WordFormat.TEXT, file))
                .isInstanceOf(VitrineException.class)
                .hasMessageContaining("found the word 'New York'");
        assertThat(file).doesNotExist();
    }

    private void assertFails(String content, String message) throws IOException {
        Path file = file(content.getBytes(StandardCharsets.ISO_8859_1));
        assertThatThrownBy(() -> WordReader.read(file))
                .isInstanceOf(VitrineException.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining(message);
    }

    private Path file(String content) throws IOException {
        return file(content.getBytes(StandardCharsets.UTF_8));
    }

    private Path file(byte[] content) throws IOException {
        return Files.write(folder.resolve("given"), content);
    }

    private static void assertEqual(WordVectors read) {
        assertThat(read.words()).isEqualTo(VECTORS.words());
        assertThat(read.dimensions()).isEqualTo(3);
        for (int index = 0; index < VALUES.length; index++) {
            assertThat(read.value(index / 3, index % 3)).isEqualTo(VALUES[index]);
        }
    }
}
