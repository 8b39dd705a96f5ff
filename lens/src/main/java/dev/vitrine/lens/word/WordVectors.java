package dev.vitrine.lens.word;

import dev.vitrine.engine.VitrineException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/** A vector for each word, most frequent word first where the file was sorted so. Words are distinct, numbers finite. */
public final class WordVectors {
    private final List<String> words;
    private final float[] values;
    private final int dimensions;
    private final Map<String, Integer> rows = new HashMap<>();

    /**
     * @param values {@code f32[words, dimensions]}
     * @throws VitrineException of kind FAILURE for a duplicate word, or a number that is not finite
     */
    public WordVectors(List<String> words, float[] values, int dimensions) {
        if (dimensions < 1 || values.length != Math.multiplyExact(words.size(), dimensions)) {
            throw new IllegalArgumentException(
                    words.size() + " words of " + dimensions + " dimensions with " + values.length + " numbers");
        }
        this.words = List.copyOf(words);
        this.values = values;
        this.dimensions = dimensions;
        for (int row = 0; row < words.size(); row++) {
            Integer first = rows.putIfAbsent(words.get(row), row);
            if (first != null) {
                throw VitrineException.failure("word '" + words.get(row) + "' occurs twice, as number " + (first + 1)
                        + " and " + (row + 1) + "; expected distinct words. Remove one of them.");
            }
        }
        for (int index = 0; index < values.length; index++) {
            if (!Float.isFinite(values[index])) {
                throw VitrineException.failure("word '" + words.get(index / dimensions) + "' (number "
                        + (index / dimensions + 1) + "), dimension " + index % dimensions + ": found " + values[index]
                        + ", expected a finite number. Remove the word, or find out what made it.");
            }
        }
    }

    public List<String> words() {
        return words;
    }

    public int dimensions() {
        return dimensions;
    }

    public float value(int row, int dimension) {
        return values[row * dimensions + dimension];
    }

    /** Row of a word, exactly as it is spelled. */
    public OptionalInt find(String word) {
        Integer row = rows.get(word);
        return row == null ? OptionalInt.empty() : OptionalInt.of(row);
    }

    /** The vectors over their Euclidean norms, {@code f32[words, dimensions]}; a zero vector stays zero. */
    float[] unit() {
        float[] unit = new float[values.length];
        for (int row = 0; row < words.size(); row++) {
            double squares = 0;
            for (int index = row * dimensions; index < (row + 1) * dimensions; index++) {
                squares += (double) values[index] * values[index];
            }
            if (squares > 0) {
                double norm = Math.sqrt(squares);
                for (int index = row * dimensions; index < (row + 1) * dimensions; index++) {
                    unit[index] = (float) (values[index] / norm);
                }
            }
        }
        return unit;
    }
}
