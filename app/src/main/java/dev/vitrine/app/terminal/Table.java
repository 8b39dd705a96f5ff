package dev.vitrine.app.terminal;

import dev.vitrine.lens.render.text.VisibleText;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Rows under a heading, fitted to a width: values in columns that are too wide are shortened in the middle. */
public final class Table {
    private static final String GAP = "  ";

    private final List<List<String>> rows = new ArrayList<>();

    public Table(String... heading) {
        row(heading);
    }

    /** A table of rows of equal length, headings first; no lines if there are no rows. */
    public static Table of(List<List<String>> rows) {
        Table table = new Table();
        table.rows.clear();
        rows.forEach(row -> table.row(row.toArray(String[]::new)));
        return table;
    }

    public void row(String... cells) {
        rows.add(Stream.of(cells).map(VisibleText::line).toList());
    }

    /** The lines; the first wide column is shortened first. */
    public List<String> lines(int width) {
        if (rows.isEmpty()) {
            return List.of();
        }
        int[] widths = new int[rows.get(0).size()];
        for (List<String> row : rows) {
            for (int column = 0; column < widths.length; column++) {
                widths[column] = Math.max(widths[column], row.get(column).length());
            }
        }
        int total = GAP.length() * (widths.length - 1);
        for (int columnWidth : widths) {
            total += columnWidth;
        }
        while (total > width) {
            int widest = 0;
            for (int column = 1; column < widths.length; column++) {
                widest = widths[column] > widths[widest] ? column : widest;
            }
            if (widths[widest] <= 8) {
                break;
            }
            widths[widest]--;
            total--;
        }
        List<String> lines = new ArrayList<>();
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int column = 0; column < widths.length; column++) {
                line.append(column > 0 ? GAP : "")
                        .append(padded(fitted(row.get(column), widths[column]), widths[column]));
            }
            lines.add(line.toString().stripTrailing());
        }
        return lines;
    }

    public static String padded(String text, int width) {
        return text + " ".repeat(Math.max(0, width - text.length()));
    }

    private static String fitted(String text, int width) {
        if (text.length() <= width) {
            return text;
        }
        int head = (width - 1) / 2;
        return text.substring(0, head) + "…" + text.substring(text.length() - (width - 1 - head));
    }
}
