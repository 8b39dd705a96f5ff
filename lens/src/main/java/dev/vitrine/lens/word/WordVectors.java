package dev.vitrine.lens.word;

import dev.vitrine.engine.VitrineException;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;

/** A vector for each word of a vocabulary, the most frequent first. */
public final class WordVectors {
    private final List<String> words;
    private final int size;
    private final float[] values;
    private final Map<String, Integer> indices = new HashMap<>();

    /**
     * @param size numbers of a vector
     * @param values {@code [words, size]}
     * @throws VitrineException of kind FAILURE if a word is there twice
     */
    public WordVectors(List<String> words, int size, float[] values) {
        if (values.length != Math.multiplyExact(words.size(), size)) {
            throw new IllegalArgumentException(
                    "expected " + words.size() + " vectors of " + size + " numbers, found " + values.length);
        }
        this.words = List.copyOf(words);
        this.size = size;
        this.values = values;
        for (int index = 0; index < words.size(); index++) {
            if (indices.put(words.get(index), index) != null) {
                throw VitrineException.failure(
                        "Found two vectors of the word '" + words.get(index) + "'; expected one for each word.");
            }
        }
    }

    public List<String> words() {
        return words;
    }

    public int count() {
        return words.size();
    }

    /** Numbers of a vector. */
    public int size() {
        return size;
    }

    /** {@code [words, size]}, shared. */
    float[] values() {
        return values;
    }

    /** The vector of a word. */
    public float[] vector(int word) {
        float[] vector = new float[size];
        System.arraycopy(values, word * size, vector, 0, size);
        return vector;
    }

    public boolean has(String word) {
        return indices.containsKey(word);
    }

    /** @throws VitrineException of kind USAGE if it is not in the vocabulary */
    public int index(String word) {
        Integer index = indices.get(word);
        if (index == null) {
            throw VitrineException.usage("Found no vector of the word '" + word + "' among " + words.size()
                    + (indices.containsKey(word.toLowerCase(Locale.ROOT))
                            ? "; the vocabulary has it in lower case."
                            : "; expected a word of the vocabulary."));
        }
        return index;
    }

    /** The most frequent words. */
    public WordVectors first(int most) {
        int kept = Math.min(most, words.size());
        float[] some = new float[kept * size];
        System.arraycopy(values, 0, some, 0, some.length);
        return new WordVectors(words.subList(0, kept), size, some);
    }

    /** The same directions, each vector of length 1; zeros stay. */
    public WordVectors normalized() {
        float[] unit = values.clone();
        for (int from = 0; from < unit.length; from += size) {
            double squares = 0;
            for (int column = 0; column < size; column++) {
                squares += (double) unit[from + column] * unit[from + column];
            }
            float scale = squares > 0 ? (float) (1 / Math.sqrt(squares)) : 0;
            for (int column = 0; column < size; column++) {
                unit[from + column] *= scale;
            }
        }
        return new WordVectors(words, size, unit);
    }

    /** A word near another. */
    public record Near(String word, double cosine) {}

    /**
     * The words of largest cosine similarity to a vector, nearest first; of equal ones the more frequent.
     *
     * @param without words that are left out
     */
    public List<Near> nearest(float[] vector, int count, Set<Integer> without) {
        double length = Math.sqrt(dot(vector, 0, vector, 0, size));
        Comparator<double[]> farther =
                Comparator.<double[]>comparingDouble(found -> found[1]).thenComparingDouble(found -> -found[0]);
        PriorityQueue<double[]> best = new PriorityQueue<>(farther);
        for (int word = 0; word < words.size(); word++) {
            if (!without.contains(word)) {
                double own = Math.sqrt(dot(values, word * size, values, word * size, size));
                double cosine = own > 0 && length > 0 ? dot(vector, 0, values, word * size, size) / own / length : 0;
                best.add(new double[] {word, cosine});
                if (best.size() > count) {
                    best.poll();
                }
            }
        }
        return best.stream()
                .sorted(farther.reversed())
                .map(found -> new Near(words.get((int) found[0]), found[1]))
                .toList();
    }

    /** Of {@code size} numbers from two places on, in four sums. */
    static float dot(float[] one, int at, float[] other, int from, int size) {
        float first = 0;
        float second = 0;
        float third = 0;
        float fourth = 0;
        int column = 0;
        for (; column + 3 < size; column += 4) {
            first += one[at + column] * other[from + column];
            second += one[at + column + 1] * other[from + column + 1];
            third += one[at + column + 2] * other[from + column + 2];
            fourth += one[at + column + 3] * other[from + column + 3];
        }
        for (; column < size; column++) {
            first += one[at + column] * other[from + column];
        }
        return first + second + (third + fourth);
    }
}
