package dev.vitrine.lens.word;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.IntStream;

/** Cosines between one word and the first words of the vocabulary, kept for the words asked about last. */
final class WordCosines {
    private static final long MOST_KEPT = 1L << 26;

    private final float[] unit;
    private final int dimensions;
    private final int vocabulary;
    private final Map<Integer, float[]> kept;

    /** @param vocabulary number of words */
    WordCosines(WordVectors vectors, int vocabulary) {
        this.unit = vectors.unit();
        this.dimensions = vectors.dimensions();
        this.vocabulary = vocabulary;
        int most = (int) Math.max(3, MOST_KEPT / vocabulary);
        this.kept = new LinkedHashMap<>(16, 0.75f, true) {
            @Override
            protected boolean removeEldestEntry(Map.Entry<Integer, float[]> eldest) {
                return size() > most;
            }
        };
    }

    /** {@code f32[vocabulary], -1..1}. */
    float[] of(int row) {
        float[] known = kept.get(row);
        if (known == null) {
            known = computed(row);
            kept.put(row, known);
        }
        return known;
    }

    private float[] computed(int row) {
        float[] cosines = new float[vocabulary];
        IntStream.range(0, vocabulary).parallel().forEach(other -> cosines[other] = product(row, other));
        return cosines;
    }

    private float product(int left, int right) {
        float sum = 0;
        for (int dimension = 0; dimension < dimensions; dimension++) {
            sum += unit[left * dimensions + dimension] * unit[right * dimensions + dimension];
        }
        return sum;
    }
}
