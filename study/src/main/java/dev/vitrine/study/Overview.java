package dev.vitrine.study;

import java.util.ArrayList;
import java.util.List;

/**
 * A summary of a result as text.
 *
 * @param before sentences above the table
 * @param table rows of equal length, headings first; empty for no table
 * @param after sentences below it
 */
public record Overview(List<String> before, List<List<String>> table, List<String> after) {
    public Overview {
        before = List.copyOf(before);
        table = List.copyOf(table);
        after = List.copyOf(after);
    }

    /** Starts a table. */
    public static Overview of(String... headings) {
        return new Overview(List.of(), List.of(List.of(headings)), List.of());
    }

    /** Text without a table. */
    public static Overview text(List<String> sentences) {
        return new Overview(sentences, List.of(), List.of());
    }

    public Overview row(String... cells) {
        return row(List.of(cells));
    }

    public Overview row(List<String> cells) {
        return new Overview(before, with(table, cells), after);
    }

    public Overview below(String sentence) {
        return new Overview(before, table, with(after, sentence));
    }

    public Overview above(String sentence) {
        return new Overview(with(before, sentence), table, after);
    }

    private static <T> List<T> with(List<T> some, T more) {
        List<T> all = new ArrayList<>(some);
        all.add(more);
        return all;
    }
}
