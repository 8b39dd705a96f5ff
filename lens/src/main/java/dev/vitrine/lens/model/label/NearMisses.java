package dev.vitrine.lens.model.label;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** Names that a person may have meant. */
public final class NearMisses {
    private record Candidate(String name, int distance) {}

    private NearMisses() {}

    /** At most {@code most} names, nearest first, that differ from {@code word} in no more than a third of its letters. */
    public static List<String> of(String word, Collection<String> names, int most) {
        String wanted = word.toLowerCase(Locale.ROOT);
        return names.stream()
                .map(name -> new Candidate(name, distance(wanted, name.toLowerCase(Locale.ROOT))))
                .filter(candidate -> candidate.distance <= Math.max(1, (wanted.length() + 1) / 3))
                .sorted(Comparator.comparingInt(Candidate::distance))
                .map(Candidate::name)
                .distinct()
                .limit(most)
                .toList();
    }

    /**
     * At most {@code most} names whose parts between slashes were meant: first those that hold the word, then those of
     * which as many parts in a row as it has are near, nearest first.
     */
    public static List<String> ofPaths(String word, Collection<String> paths, int most) {
        String wanted = word.toLowerCase(Locale.ROOT);
        int parts = parts(wanted).size();
        Set<String> close = new LinkedHashSet<>();
        paths.stream()
                .filter(path -> path.toLowerCase(Locale.ROOT).contains(wanted))
                .forEach(close::add);
        Map<String, List<String>> pathsOf = new LinkedHashMap<>();
        for (String path : paths) {
            List<String> all = parts(path);
            for (int from = 0; from + parts <= all.size(); from++) {
                pathsOf.computeIfAbsent(String.join("/", all.subList(from, from + parts)), part -> new ArrayList<>())
                        .add(path);
            }
        }
        of(String.join("/", parts(wanted)), pathsOf.keySet(), Integer.MAX_VALUE)
                .forEach(near -> close.addAll(pathsOf.get(near)));
        return close.stream().limit(most).toList();
    }

    private static List<String> parts(String path) {
        return Pattern.compile("/")
                .splitAsStream(path)
                .filter(part -> !part.isEmpty())
                .toList();
    }

    /** Insertions, deletions and substitutions from one word to the other. Levenshtein 1966. */
    static int distance(String from, String to) {
        int[] previous = new int[to.length() + 1];
        int[] current = new int[to.length() + 1];
        for (int j = 0; j <= to.length(); j++) {
            previous[j] = j;
        }
        for (int i = 1; i <= from.length(); i++) {
            current[0] = i;
            for (int j = 1; j <= to.length(); j++) {
                int substitution = previous[j - 1] + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
                current[j] = Math.min(substitution, 1 + Math.min(previous[j], current[j - 1]));
            }
            int[] swap = previous;
            previous = current;
            current = swap;
        }
        return previous[to.length()];
    }
}
