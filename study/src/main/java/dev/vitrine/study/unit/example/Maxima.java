package dev.vitrine.study.unit.example;

/**
 * The maximum of a map and its position, from the maxima of its rows and columns: unambiguous if all positions that
 * attain it share a row or a column.
 */
record Maxima(float[] rows, float[] columns, int height, int width) {
    float value(int map) {
        float maximum = rows[map * height];
        for (int row = 1; row < height; row++) {
            maximum = Math.max(maximum, rows[map * height + row]);
        }
        return maximum;
    }

    /** Row-major index, or {@link Example#UNSETTLED}. */
    int place(int map) {
        float maximum = value(map);
        int row = first(rows, map * height, height, maximum);
        int column = first(columns, map * width, width, maximum);
        boolean sure = isLast(rows, map * height + row, (map + 1) * height, maximum)
                || isLast(columns, map * width + column, (map + 1) * width, maximum);
        return sure ? row * width + column : Example.UNSETTLED;
    }

    private static int first(float[] values, int from, int count, float wanted) {
        int index = 0;
        while (index < count - 1 && values[from + index] != wanted) {
            index++;
        }
        return index;
    }

    private static boolean isLast(float[] values, int at, int end, float wanted) {
        for (int index = at + 1; index < end; index++) {
            if (values[index] == wanted) {
                return false;
            }
        }
        return true;
    }
}
