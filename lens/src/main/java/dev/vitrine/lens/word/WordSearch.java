package dev.vitrine.lens.word;

import dev.vitrine.engine.VitrineException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;

/** Nearest words and analogies by cosine among the first words of a vocabulary; ties go to the earlier word. */
public final class WordSearch {
    private final List<String> words;
    private final WordCase spelling;
    private final Map<String, Integer> rows = new HashMap<>();
    private final WordCosines cosines;
    /** The rows that may be found: one for each key. */
    private final int[] candidates;

    /** @param vocabulary largest number of words to search, from the first on */
    public WordSearch(WordVectors vectors, int vocabulary, WordCase spelling) {
        int searched = Math.min(vocabulary, vectors.words().size());
        if (searched < 1) {
            throw VitrineException.usage("found a vocabulary of " + vocabulary + " words, expected at least 1.");
        }
        this.words = vectors.words().subList(0, searched);
        this.spelling = spelling;
        this.cosines = new WordCosines(vectors, searched);
        this.candidates = IntStream.range(0, searched)
                .filter(row -> rows.putIfAbsent(spelling.key(words.get(row)), row) == null)
                .toArray();
    }

    /** Whether the searched vocabulary has a word. */
    public boolean has(String word) {
        return rows.containsKey(spelling.key(word));
    }

    /**
     * The words with the largest cosine to a word, itself excluded.
     *
     * @throws VitrineException of kind USAGE for an unknown word
     */
    public List<ScoredWord> nearest(String word, int count) {
        int row = row(word);
        float[] similarity = cosines.of(row);
        return best(count, Set.of(row), other -> similarity[other]);
    }

    /**
     * Answers to "first is to second as third is to", these three words excluded.
     *
     * @throws VitrineException of kind USAGE for an unknown word
     */
    public List<ScoredWord> analogy(String first, String second, String third, AnalogyObjective objective, int count) {
        int[] given = {row(first), row(second), row(third)};
        float[] toFirst = cosines.of(given[0]);
        float[] toSecond = cosines.of(given[1]);
        float[] toThird = cosines.of(given[2]);
        Set<Integer> excluded = new HashSet<>();
        Arrays.stream(given).forEach(excluded::add);
        return best(count, excluded, other -> objective.score(toFirst[other], toSecond[other], toThird[other]));
    }

    /** Whether two words are the same. */
    boolean same(String left, String right) {
        return spelling.key(left).equals(spelling.key(right));
    }

    private int row(String word) {
        Integer row = rows.get(spelling.key(word));
        if (row == null) {
            throw VitrineException.usage("found '" + word + "', expected a word among the " + words.size()
                    + " that are searched, such as '" + words.get(0) + "'. Check its spelling and case.");
        }
        return row;
    }

    private List<ScoredWord> best(int count, Set<Integer> excluded, IntToDoubleFunction score) {
        List<ScoredWord> found = new ArrayList<>();
        for (int row : candidates) {
            if (excluded.contains(row)) {
                continue;
            }
            double own = score.applyAsDouble(row);
            if (found.size() < count || own > found.get(count - 1).score()) {
                int place = found.size();
                while (place > 0 && found.get(place - 1).score() < own) {
                    place--;
                }
                found.add(place, new ScoredWord(words.get(row), own));
                if (found.size() > count) {
                    found.remove(count);
                }
            }
        }
        return List.copyOf(found);
    }
}
