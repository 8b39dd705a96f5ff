package dev.vitrine.lens.word;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.lens.data.OutputFile;
import dev.vitrine.lens.data.RegularFile;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPInputStream;

/**
 * Files of word vectors: word2vec's text ({@code words size}, then lines of a word and its numbers), word2vec's binary (the
 * same first line, then a word, a blank, and its numbers as little-endian float32), and GloVe's text (without the first
 * line); also compressed by gzip.
 */
public final class WordFile {
    private static final String EXPECTED =
            "word vectors in the text or binary format of word2vec, or the text of GloVe";
    private static final int LONGEST_WORD = 10_000;
    private static final int LONGEST_LINE = 1 << 20;
    private static final int GZIP = 0x1f8b;

    private WordFile() {}

    /**
     * @param most words to read at most, the first of the file
     * @throws VitrineException of kind FAILURE if it is none
     */
    public static WordVectors read(Path file, int most) {
        RegularFile.require(file, EXPECTED);
        try (InputStream input = open(file)) {
            return new Reading(file, input, most).all();
        } catch (EOFException end) {
            throw VitrineException.failure(file + ": ends within a vector; expected " + EXPECTED + ".", end);
        } catch (IOException cause) {
            throw VitrineException.failure("Cannot read " + file + ": " + cause.getMessage() + ".", cause);
        }
    }

    private static InputStream open(Path file) throws IOException {
        BufferedInputStream plain = new BufferedInputStream(Files.newInputStream(file), 1 << 16);
        plain.mark(2);
        int magic = plain.read() << 8 | plain.read();
        plain.reset();
        return magic == GZIP ? new BufferedInputStream(new GZIPInputStream(plain), 1 << 16) : plain;
    }

    private static final class Reading {
        private final Path file;
        private final InputStream input;
        private final int most;
        private final List<String> words = new ArrayList<>();
        private float[] values = new float[0];
        private int size;

        Reading(Path file, InputStream input, int most) {
            this.file = file;
            this.input = input;
            this.most = most;
        }

        WordVectors all() throws IOException {
            String first = line();
            String[] cells = first.strip().split("\\s+");
            boolean hasHeader = cells.length == 2 && cells[0].matches("[0-9]{1,9}") && cells[1].matches("[0-9]{1,6}");
            if (!hasHeader) {
                size = cells.length - 1;
                if (size < 1) {
                    throw unexpected(1, "found '" + shortened(first) + "'");
                }
                add(cells, 1);
                text(Integer.MAX_VALUE, 2);
            } else {
                int count = Integer.parseInt(cells[0]);
                size = Integer.parseInt(cells[1]);
                if (count == 0 || size == 0) {
                    throw unexpected(1, "found " + count + " words of " + size + " numbers");
                }
                if (isText()) {
                    text(count, 2);
                } else {
                    binary(count);
                }
                if (words.size() < Math.min(count, most)) {
                    throw VitrineException.failure(file + ": found " + words.size() + " vectors; expected " + count
                            + ", as its first line says.");
                }
            }
            return new WordVectors(words, size, Arrays.copyOf(values, words.size() * size));
        }

        /** Whether the line that follows is a word and as many numbers as a vector has. */
        private boolean isText() throws IOException {
            input.mark(LONGEST_LINE);
            byte[] start = input.readNBytes(Math.min(LONGEST_LINE - 1, LONGEST_WORD + 32 * size));
            input.reset();
            String text = new String(start, StandardCharsets.UTF_8);
            int end = text.indexOf('\n');
            String[] cells = (end < 0 ? text : text.substring(0, end)).strip().split("\\s+");
            if (cells.length != size + 1) {
                return false;
            }
            try {
                for (int index = 1; index < cells.length; index++) {
                    Float.parseFloat(cells[index]);
                }
                return true;
            } catch (NumberFormatException noNumber) {
                return false;
            }
        }

        private void text(int count, int from) throws IOException {
            for (int number = from; words.size() < Math.min(count, most); number++) {
                String line;
                try {
                    line = line();
                } catch (EOFException end) {
                    return;
                }
                if (!line.isBlank()) {
                    add(line.strip().split("\\s+"), number);
                }
            }
        }

        private void add(String[] cells, int number) {
            if (cells.length != size + 1) {
                throw unexpected(number, "found " + (cells.length - 1) + " numbers, expected " + size);
            }
            float[] vector = new float[size];
            try {
                for (int column = 0; column < size; column++) {
                    vector[column] = Float.parseFloat(cells[column + 1]);
                }
            } catch (NumberFormatException noNumber) {
                throw unexpected(number, "found '" + shortened(String.join(" ", cells)) + "'");
            }
            add(cells[0], vector);
        }

        private void binary(int count) throws IOException {
            ByteBuffer bytes =
                    ByteBuffer.allocate(Math.multiplyExact(size, Float.BYTES)).order(ByteOrder.LITTLE_ENDIAN);
            float[] vector = new float[size];
            while (words.size() < Math.min(count, most)) {
                ByteArrayOutputStream word = new ByteArrayOutputStream();
                for (int next = input.read(); next != ' '; next = input.read()) {
                    if (next < 0) {
                        throw new EOFException();
                    }
                    // The original program ends vectors with a line break, others do not.
                    if (next != '\n' || word.size() > 0) {
                        word.write(next);
                    }
                    if (word.size() > LONGEST_WORD) {
                        throw VitrineException.failure(file + ": found a word of more than " + LONGEST_WORD
                                + " bytes after " + words.size() + " vectors; expected " + EXPECTED + ".");
                    }
                }
                if (input.readNBytes(bytes.array(), 0, bytes.capacity()) < bytes.capacity()) {
                    throw new EOFException();
                }
                bytes.asFloatBuffer().get(vector);
                add(word.toString(StandardCharsets.UTF_8), vector);
            }
        }

        private void add(String word, float[] vector) {
            for (float value : vector) {
                if (!Float.isFinite(value)) {
                    throw VitrineException.failure(file + ": the vector of '" + shortened(word) + "' holds " + value
                            + "; expected finite numbers.");
                }
            }
            int at = words.size() * size;
            if (at + size > values.length) {
                values = Arrays.copyOf(values, Math.max(at + size, Math.multiplyExact(2, values.length)));
            }
            System.arraycopy(vector, 0, values, at, size);
            words.add(word);
        }

        /** Without its end. */
        private String line() throws IOException {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            int next = input.read();
            if (next < 0) {
                throw new EOFException();
            }
            for (; next >= 0 && next != '\n'; next = input.read()) {
                bytes.write(next);
                if (bytes.size() > LONGEST_LINE) {
                    throw VitrineException.failure(file + ": found a line of more than " + LONGEST_LINE
                            + " bytes; expected " + EXPECTED + ".");
                }
            }
            return bytes.toString(StandardCharsets.UTF_8);
        }

        private VitrineException unexpected(int number, String found) {
            return VitrineException.failure(file + ", line " + number + ": " + found + "; expected " + EXPECTED + ".");
        }

        private static String shortened(String text) {
            return text.length() > 60 ? text.substring(0, 60) + "…" : text;
        }
    }

    /** Writes word2vec's format: binary if the file ends with {@code .bin}, text otherwise. */
    public static void write(Path file, WordVectors vectors) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        put(bytes, vectors.count() + " " + vectors.size() + "\n");
        boolean isBinary = file.toString().endsWith(".bin");
        ByteBuffer numbers = ByteBuffer.allocate(vectors.size() * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (int word = 0; word < vectors.count(); word++) {
            put(bytes, vectors.words().get(word));
            if (isBinary) {
                numbers.asFloatBuffer().put(vectors.vector(word));
                put(bytes, " ");
                bytes.writeBytes(numbers.array());
            } else {
                for (float value : vectors.vector(word)) {
                    put(bytes, " " + value);
                }
            }
            put(bytes, "\n");
        }
        OutputFile.write(file, bytes.toByteArray());
    }

    private static void put(ByteArrayOutputStream bytes, String text) {
        bytes.writeBytes(text.getBytes(StandardCharsets.UTF_8));
    }
}
