package dev.vitrine.lens.render.file;

import java.nio.ByteBuffer;

/** Every row of a PNG file by the filter that leaves the smallest sum of magnitudes, the first of equals. */
final class RowFilters {
    private enum Filter {
        NONE,
        SUB,
        UP,
        AVERAGE,
        PAETH
    }

    private final int channels;
    private byte[] above;
    private byte[] row;
    private byte[] candidate;
    private byte[] best;

    RowFilters(int stride, int channels) {
        this.channels = channels;
        this.above = new byte[channels + stride];
        this.row = new byte[channels + stride];
        this.candidate = new byte[stride];
        this.best = new byte[stride];
    }

    /** The next row's bytes, to be filled in, behind one pixel of zeros, which stands to the left of the first. */
    byte[] row() {
        return row;
    }

    /** Puts the row that was filled in: its filter, and what that leaves. */
    void putFiltered(ByteBuffer target) {
        Filter chosen = Filter.NONE;
        int least = Integer.MAX_VALUE;
        for (Filter filter : Filter.values()) {
            int cost = filter(filter, row, above, channels, candidate);
            if (cost < least) {
                least = cost;
                chosen = filter;
                byte[] beaten = best;
                best = candidate;
                candidate = beaten;
            }
        }
        target.put((byte) chosen.ordinal()).put(best);
        byte[] read = row;
        row = above;
        above = read;
    }

    /**
     * Writes a filtered row and tells its sum of magnitudes.
     *
     * @param row of this line and, as {@code above}, of the one over it, both behind one pixel of zeros
     */
    private static int filter(Filter filter, byte[] row, byte[] above, int channels, byte[] result) {
        switch (filter) {
            case NONE -> System.arraycopy(row, channels, result, 0, result.length);
            case SUB -> {
                for (int i = 0; i < result.length; i++) {
                    result[i] = (byte) (row[i + channels] - row[i]);
                }
            }
            case UP -> {
                for (int i = 0; i < result.length; i++) {
                    result[i] = (byte) (row[i + channels] - above[i + channels]);
                }
            }
            case AVERAGE -> {
                for (int i = 0; i < result.length; i++) {
                    int average = ((row[i] & 0xff) + (above[i + channels] & 0xff)) >> 1;
                    result[i] = (byte) (row[i + channels] - average);
                }
            }
            case PAETH -> {
                for (int i = 0; i < result.length; i++) {
                    int predicted = paeth(row[i] & 0xff, above[i + channels] & 0xff, above[i] & 0xff);
                    result[i] = (byte) (row[i + channels] - predicted);
                }
            }
        }
        int sum = 0;
        for (byte value : result) {
            sum += Math.abs(value);
        }
        return sum;
    }

    /** Of left, up and their corner the one nearest to left + up − corner. */
    private static int paeth(int left, int up, int upLeft) {
        int toLeft = Math.abs(up - upLeft);
        int toUp = Math.abs(left - upLeft);
        int toUpLeft = Math.abs(left + up - 2 * upLeft);
        if (toLeft <= toUp && toLeft <= toUpLeft) {
            return left;
        }
        return toUp <= toUpLeft ? up : upLeft;
    }
}
