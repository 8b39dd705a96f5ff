package dev.vitrine.engine.incremental;

import java.util.Arrays;

/**
 * How far a change of one pixel reaches along an axis of a layer: for each pixel x of the input's axis, positions
 * first(x) … end(x) − 1. Both increase with x, so a run of pixels reaches from the first of its first pixel to the end
 * of its last.
 */
final class Line {
    private final int[] first;
    private final int[] end;
    private final int size;

    private Line(int[] first, int[] end, int size) {
        this.first = first;
        this.end = end;
        this.size = size;
    }

    /** The input's own axis. */
    static Line identity(int size) {
        int[] first = new int[size];
        int[] end = new int[size];
        for (int x = 0; x < size; x++) {
            first[x] = x;
            end[x] = x + 1;
        }
        return new Line(first, end, size);
    }

    /** After a sliding window: position o reads o·s − p … o·s − p + extent − 1. */
    Line through(Slide slide) {
        int[] newFirst = new int[first.length];
        int[] newEnd = new int[first.length];
        for (int x = 0; x < first.length; x++) {
            int earliest = -Math.floorDiv(-(first[x] + slide.pad() - slide.extent() + 1), slide.stride());
            int latest = Math.floorDiv(end[x] - 1 + slide.pad(), slide.stride());
            newFirst[x] = Math.min(Math.max(0, earliest), slide.out());
            newEnd[x] = Math.max(0, Math.min(slide.out(), latest + 1));
        }
        return new Line(newFirst, newEnd, slide.out());
    }

    /** The union of two lines where branches join. */
    Line union(Line other) {
        int[] newFirst = new int[first.length];
        int[] newEnd = new int[first.length];
        for (int x = 0; x < first.length; x++) {
            newFirst[x] = Math.min(first[x], other.first[x]);
            newEnd[x] = Math.max(end[x], other.end[x]);
        }
        return new Line(newFirst, newEnd, size);
    }

    int first(int pixel) {
        return first[pixel];
    }

    /**
     * Number of positions that pixels {@code pixel} … {@code pixel + length - 1} reach; at least 1, so that the region
     * is not empty.
     */
    int length(int pixel, int length) {
        return Math.max(1, end[pixel + length - 1] - first[pixel]);
    }

    /** The largest {@link #length(int, int)} over all pixels. */
    int longest(int length) {
        int longest = 1;
        for (int x = 0; x + length <= first.length; x++) {
            longest = Math.max(longest, length(x, length));
        }
        return longest;
    }

    int size() {
        return size;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Line line
                && size == line.size
                && Arrays.equals(first, line.first)
                && Arrays.equals(end, line.end);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(first) + Arrays.hashCode(end);
    }
}
