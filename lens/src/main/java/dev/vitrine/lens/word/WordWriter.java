package dev.vitrine.lens.word;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.lens.data.OutputFile;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Writes word vectors. Text holds the shortest decimal that reads back as the same number. */
public final class WordWriter {
    private final WordVectors vectors;
    private final WordFormat format;

    private WordWriter(WordVectors vectors, WordFormat format) {
        this.vectors = vectors;
        this.format = format;
    }

    /** Fails for an empty word or one with a space, a tab or a line break, which the formats cannot hold. */
    public static void write(WordVectors vectors, WordFormat format, Path file) {
        for (String word : vectors.words()) {
            if (word.isEmpty() || word.chars().anyMatch(character -> character <= ' ')) {
                throw VitrineException.failure("Cannot write " + file + ": found the word '" + word
                        + "', expected words without spaces and line breaks. Join its parts, such as by '_'.");
            }
        }
        OutputFile.write(file, new WordWriter(vectors, format)::stream);
    }

    private void stream(OutputStream target) throws IOException {
        BufferedOutputStream output = new BufferedOutputStream(target, 1 << 16);
        if (format != WordFormat.GLOVE) {
            output.write(bytes(vectors.words().size() + " " + vectors.dimensions() + "\n"));
        }
        for (int row = 0; row < vectors.words().size(); row++) {
            output.write(bytes(vectors.words().get(row)));
            output.write(format == WordFormat.BINARY ? binary(row) : bytes(text(row)));
            output.write('\n');
        }
        output.flush();
    }

    private byte[] binary(int row) {
        ByteBuffer numbers = ByteBuffer.allocate(1 + Float.BYTES * vectors.dimensions())
                .order(ByteOrder.LITTLE_ENDIAN)
                .put((byte) ' ');
        for (int dimension = 0; dimension < vectors.dimensions(); dimension++) {
            numbers.putFloat(vectors.value(row, dimension));
        }
        return numbers.array();
    }

    private String text(int row) {
        StringBuilder numbers = new StringBuilder();
        for (int dimension = 0; dimension < vectors.dimensions(); dimension++) {
            numbers.append(' ').append(vectors.value(row, dimension));
        }
        return numbers.toString();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
