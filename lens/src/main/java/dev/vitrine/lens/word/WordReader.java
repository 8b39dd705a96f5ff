package dev.vitrine.lens.word;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.lens.data.RegularFile;
import dev.vitrine.lens.data.Unzipped;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;

/** Reads word vectors in any {@link WordFormat}, recognized by content, also compressed by gzip. */
public final class WordReader {
    private static final String EXPECTED = "word vectors: word2vec text or binary, or GloVe text";
    private static final int MOST_DIMENSIONS = 1 << 16;
    private static final int LONGEST_WORD = 1 << 16;
    private static final int LONGEST_LINE = 1 << 24;
    /** Bytes read ahead to recognize the format. */
    private static final int AHEAD = 1 << 17;

    private final Path file;
    private final BufferedInputStream input;
    private final int limit;
    private final List<String> words = new ArrayList<>();
    private float[] values = new float[0];
    private int dimensions;

    private WordReader(Path file, BufferedInputStream input, int limit) {
        this.file = file;
        this.input = input;
        this.limit = limit;
    }

    /** All words of a file. */
    public static WordVectors read(Path file) {
        return read(file, Integer.MAX_VALUE);
    }

    /**
     * The first words of a file, usually its most frequent ones; what follows is not read.
     *
     * @param limit largest number of words
     */
    public static WordVectors read(Path file, int limit) {
        RegularFile.require(file, EXPECTED);
        try (BufferedInputStream input = new BufferedInputStream(Unzipped.of(Files.newInputStream(file)), AHEAD)) {
            return new WordReader(file, input, limit).all();
        } catch (IOException failure) {
            throw VitrineException.failure(
                    file + ": cannot be read (" + failure.getMessage() + "); expected " + EXPECTED + ".", failure);
        }
    }

    private WordVectors all() throws IOException {
        input.mark(AHEAD);
        String first = line().orThrow(() -> wrong("the file is empty"));
        String[] header = first.strip().split("\\s+");
        if (header.length == 2 && header[0].matches("\\d+") && header[1].matches("\\d+")) {
            counted(header[0], header[1]);
        } else {
            input.reset();
            dimensions = first.strip().split("[ \\t]+").length - 1;
            if (dimensions < 1) {
                throw wrong("line 1 is '" + shortened(first) + "'");
            }
            lines(1, Integer.MAX_VALUE);
        }
        try {
            return new WordVectors(words, Arrays.copyOf(values, words.size() * dimensions), dimensions);
        } catch (VitrineException problem) {
            throw VitrineException.failure(file + ": " + problem.getMessage(), problem);
        }
    }

    private void counted(String wordCount, String dimensionCount) throws IOException {
        long count = number(wordCount);
        dimensions = (int) Math.min(number(dimensionCount), Integer.MAX_VALUE);
        if (count < 1 || dimensions < 1 || dimensions > MOST_DIMENSIONS) {
            throw wrong("line 1 announces " + wordCount + " words of " + dimensionCount + " dimensions");
        }
        int wanted = (int) Math.min(count, limit);
        if (isBinary()) {
            for (int row = 0; row < wanted; row++) {
                binaryRow(row, count);
            }
        } else {
            lines(2, wanted);
            if (words.size() < wanted) {
                throw wrong("line 1 announces " + count + " words, the file ends after " + words.size());
            }
        }
        if (wanted == count && hasMore()) {
            throw wrong("line 1 announces " + count + " words, more data follow them");
        }
    }

    private static long number(String digits) {
        return digits.length() > 18 ? Long.MAX_VALUE : Long.parseLong(digits);
    }

    private boolean hasMore() throws IOException {
        for (int next = input.read(); next >= 0; next = input.read()) {
            if (!Character.isWhitespace(next)) {
                return true;
            }
        }
        return false;
    }

    /** The numbers after the first word hold bytes that no decimal number has. */
    private boolean isBinary() throws IOException {
        input.mark(AHEAD);
        byte[] ahead = input.readNBytes(Math.min(AHEAD - 1, LONGEST_WORD + Float.BYTES * dimensions));
        input.reset();
        int index = 0;
        while (index < ahead.length && ahead[index] != ' ' && ahead[index] != '\t') {
            index++;
        }
        int end = Math.min(ahead.length, index + 1 + Float.BYTES * dimensions);
        for (; index < end && ahead[index] != '\n'; index++) {
            if ("0123456789+-.eE \t\rnaifNtyI".indexOf(ahead[index]) < 0) {
                return true;
            }
        }
        return false;
    }

    private void binaryRow(int row, long count) throws IOException {
        ByteArrayOutputStream word = new ByteArrayOutputStream();
        for (int next = input.read(); next != ' '; next = input.read()) {
            if (next < 0 || word.size() > LONGEST_WORD) {
                throw wrong("line 1 announces " + count + " words of " + dimensions + " dimensions, "
                        + (next < 0 ? "the file ends after " + row : "no space ends word " + (row + 1)));
            }
            if (next != '\n' || word.size() > 0) {
                word.write(next);
            }
        }
        byte[] numbers = input.readNBytes(Float.BYTES * dimensions);
        if (numbers.length < Float.BYTES * dimensions) {
            throw wrong("the file ends within the vector of word " + (row + 1) + " of " + count);
        }
        float[] vector = new float[dimensions];
        ByteBuffer.wrap(numbers).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(vector);
        add(text(word.toByteArray(), "word " + (row + 1)), vector, count);
    }

    private void lines(int begin, int wanted) throws IOException {
        int most = Math.min(wanted, limit);
        for (int number = begin; words.size() < most; number++) {
            Line line = line();
            if (line.ended()) {
                return;
            }
            if (!line.text().isBlank()) {
                textRow(line.text().stripTrailing(), number, wanted);
            }
        }
    }

    /** The word is all that stands before the last numbers. */
    private void textRow(String line, int number, int wanted) {
        float[] vector = new float[dimensions];
        int end = line.length();
        for (int dimension = dimensions - 1; dimension >= 0; dimension--) {
            int space = Math.max(line.lastIndexOf(' ', end - 1), line.lastIndexOf('\t', end - 1));
            if (space <= 0) {
                throw wrong("line " + number + " has " + (line.strip().split("[ \\t]+").length - 1)
                        + " numbers after its word, expected " + dimensions);
            }
            String digits = line.substring(space + 1, end);
            try {
                vector[dimension] = Float.parseFloat(digits);
            } catch (NumberFormatException noNumber) {
                throw wrong("line " + number + " has '" + shortened(digits) + "' in place of a number; each line has "
                        + "a word and " + dimensions + " numbers");
            }
            end = space;
        }
        String word = line.substring(0, end);
        if (word.indexOf(' ') >= 0 && wanted != Integer.MAX_VALUE) {
            throw wrong("line " + number + " has more than the announced " + dimensions + " numbers after its word");
        }
        add(word, vector, wanted);
    }

    /** Grows with what was read, not with what a damaged first line announces. */
    private void add(String word, float[] vector, long count) {
        long needed = (long) (words.size() + 1) * dimensions;
        if (needed > values.length) {
            long grown = Math.min(Math.max(2L * values.length, 64L * dimensions), Math.min(count, limit) * dimensions);
            if (needed > Integer.MAX_VALUE - 8) {
                throw wrong("more than " + words.size() + " words of " + dimensions
                        + " dimensions do not fit in memory; read fewer words");
            }
            values = Arrays.copyOf(values, (int) Math.min(Math.max(needed, grown), Integer.MAX_VALUE - 8));
        }
        System.arraycopy(vector, 0, values, words.size() * dimensions, dimensions);
        words.add(word);
    }

    private Line line() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        int next = input.read();
        boolean ended = next < 0;
        for (; next >= 0 && next != '\n'; next = input.read()) {
            bytes.write(next);
            if (bytes.size() > LONGEST_LINE) {
                throw wrong("a line is longer than " + LONGEST_LINE + " bytes");
            }
        }
        return new Line(text(bytes.toByteArray(), "a line"), ended);
    }

    private String text(byte[] bytes, String where) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException notText) {
            throw wrong(where + " is not UTF-8");
        }
    }

    private static String shortened(String text) {
        return text.length() <= 40 ? text : text.substring(0, 40) + "…";
    }

    private VitrineException wrong(String found) {
        return VitrineException.failure(file + ": " + found + "; expected " + EXPECTED + ".");
    }

    private record Line(String text, boolean ended) {
        String orThrow(Supplier<VitrineException> problem) {
            if (ended) {
                throw problem.get();
            }
            return text;
        }
    }
}
