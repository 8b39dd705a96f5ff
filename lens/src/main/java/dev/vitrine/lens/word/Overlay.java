package dev.vitrine.lens.word;

import java.util.Arrays;

/** A table of rows that one thread changes while others read it: changed rows are copies, added to the table later. */
final class Overlay {
    private final float[] table;
    private final int size;
    private final int[] places;
    private int[] rows = new int[256];
    private float[] copies;
    private int count;

    Overlay(float[] table, int size) {
        this.table = table;
        this.size = size;
        this.places = new int[table.length / size];
        Arrays.fill(places, -1);
        this.copies = new float[rows.length * size];
    }

    /** Where in {@link #values} the own copy of a row begins. */
    int place(int row) {
        if (places[row] < 0) {
            if (count == rows.length) {
                rows = Arrays.copyOf(rows, 2 * count);
                copies = Arrays.copyOf(copies, 2 * count * size);
            }
            System.arraycopy(table, row * size, copies, count * size, size);
            rows[count] = row;
            places[row] = count++;
        }
        return places[row] * size;
    }

    float[] values() {
        return copies;
    }

    /** Turns the copies into differences from the table, which must not have changed. */
    void subtract() {
        for (int place = 0; place < count; place++) {
            for (int column = 0; column < size; column++) {
                copies[place * size + column] -= table[rows[place] * size + column];
            }
        }
    }

    /** Counts the overlays that changed each row. */
    void count(byte[] changes) {
        for (int place = 0; place < count; place++) {
            changes[rows[place]]++;
        }
    }

    /** Adds the differences to the table, each over the number of overlays that changed the row, and forgets the copies. */
    void add(byte[] changes) {
        for (int place = 0; place < count; place++) {
            float share = 1f / changes[rows[place]];
            for (int column = 0; column < size; column++) {
                table[rows[place] * size + column] += share * copies[place * size + column];
            }
            places[rows[place]] = -1;
        }
        count = 0;
    }
}
