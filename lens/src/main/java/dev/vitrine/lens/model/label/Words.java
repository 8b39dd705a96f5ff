package dev.vitrine.lens.model.label;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * A name word by word, whatever stands between them.
 *
 * @param words in small letters
 */
record Words(List<String> words) {
    private static final Pattern BETWEEN = Pattern.compile("[^\\p{L}\\p{N}]+");

    static Words of(String name) {
        return new Words(BETWEEN.splitAsStream(name.toLowerCase(Locale.ROOT))
                .filter(word -> !word.isEmpty())
                .toList());
    }

    /** Whether they differ in no more than the number of words, such as wild cat and wild cats. */
    boolean mean(Words other) {
        return words.size() == other.words.size() && meansAt(0, other);
    }

    /** Whether the words of a part stand in a row here. */
    boolean contain(Words part) {
        return !part.words.isEmpty()
                && IntStream.rangeClosed(0, words.size() - part.words.size()).anyMatch(from -> meansAt(from, part));
    }

    private boolean meansAt(int from, Words part) {
        return IntStream.range(0, part.words.size())
                .allMatch(index -> same(words.get(from + index), part.words.get(index)));
    }

    private static boolean same(String one, String other) {
        return one.equals(other) || isPlural(one, other) || isPlural(other, one);
    }

    /** As English makes it with the letter s. */
    private static boolean isPlural(String word, String singular) {
        return word.equals(singular + "s")
                || word.equals(singular + "es")
                || (singular.endsWith("y") && word.equals(singular.substring(0, singular.length() - 1) + "ies"));
    }
}
