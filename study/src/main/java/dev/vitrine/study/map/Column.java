package dev.vitrine.study.map;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * A property of the points of a map: a number each, or a word each.
 *
 * @param id as people write it
 * @param meaning a phrase
 * @param words of the categories; empty for numbers
 * @param values the number, or the index of the word; NaN where there is none
 */
public record Column(String id, String meaning, List<String> words, double[] values) {
    public static Column numbers(String id, String meaning, double[] values) {
        return new Column(id, meaning, List.of(), values);
    }

    /** Of words, the most frequent first; an empty word is none. */
    public static Column words(String id, String meaning, List<String> words) {
        Map<String, Integer> counts = new LinkedHashMap<>();
        words.stream().filter(word -> !word.isEmpty()).forEach(word -> counts.merge(word, 1, Integer::sum));
        List<String> known = counts.entrySet().stream()
                .sorted(Map.Entry.<String, Integer>comparingByValue()
                        .reversed()
                        .thenComparing(Map.Entry.comparingByKey()))
                .map(Map.Entry::getKey)
                .toList();
        Map<String, Integer> places = new LinkedHashMap<>();
        known.forEach(word -> places.put(word, places.size()));
        return new Column(
                id,
                meaning,
                known,
                words.stream()
                        .mapToDouble(word -> word.isEmpty() ? Double.NaN : places.get(word))
                        .toArray());
    }

    /** Of texts: numbers if all that are not empty are. */
    static Column of(String id, String meaning, List<String> texts) {
        List<Optional<Double>> numbers = new ArrayList<>();
        for (String text : texts) {
            try {
                numbers.add(text.isBlank() ? Optional.empty() : Optional.of(Double.valueOf(text.strip())));
            } catch (NumberFormatException word) {
                return words(id, meaning, texts.stream().map(String::strip).toList());
            }
        }
        return numbers(
                id,
                meaning,
                numbers.stream()
                        .mapToDouble(number -> number.orElse(Double.NaN))
                        .toArray());
    }

    public boolean isOfWords() {
        return !words.isEmpty();
    }

    /** Whether it has at least two different values. */
    boolean varies() {
        double[] known = Arrays.stream(values)
                .filter(Double::isFinite)
                .distinct()
                .limit(2)
                .toArray();
        return known.length > 1;
    }

    /** A value for people. */
    String text(int point) {
        double value = values[point];
        if (!Double.isFinite(value)) {
            return "";
        }
        return isOfWords() ? words.get((int) value) : String.format(Locale.ROOT, "%.3g", value);
    }
}
