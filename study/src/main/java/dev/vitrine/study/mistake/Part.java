package dev.vitrine.study.mistake;

import java.util.ArrayList;
import java.util.List;

/**
 * A part of a picture with a common name.
 *
 * @param left start, as a share of the width; the others likewise
 */
record Part(String name, double left, double top, double right, double bottom) {
    /** Ninths, quarters, thirds: lists of parts of one size, smallest first. */
    static final List<List<Part>> SIZES = List.of(grid(3), grid(2), thirds());

    private static List<Part> grid(int side) {
        List<String> rows = side == 2 ? List.of("top", "bottom") : List.of("top", "middle", "bottom");
        List<String> columns = side == 2 ? List.of("left", "right") : List.of("left", "center", "right");
        String kind = side == 2 ? " quarter" : " ninth";
        List<Part> parts = new ArrayList<>();
        for (int row = 0; row < side; row++) {
            for (int column = 0; column < side; column++) {
                String name = rows.get(row) + " " + columns.get(column) + kind;
                parts.add(new Part(
                        name, (double) column / side, (double) row / side, (column + 1.0) / side, (row + 1.0) / side));
            }
        }
        return parts;
    }

    private static List<Part> thirds() {
        return List.of(
                new Part("left third", 0, 0, 1 / 3.0, 1),
                new Part("middle third from left to right", 1 / 3.0, 0, 2 / 3.0, 1),
                new Part("right third", 2 / 3.0, 0, 1, 1),
                new Part("top third", 0, 0, 1, 1 / 3.0),
                new Part("middle third from top to bottom", 0, 1 / 3.0, 1, 2 / 3.0),
                new Part("bottom third", 0, 2 / 3.0, 1, 1));
    }

    /** Whether a position lies in it, as shares of the sides. */
    boolean holds(double x, double y) {
        return x >= left && x < right && y >= top && y < bottom;
    }
}
