package dev.vitrine.study.unit.portrait;

/** Counts of values in equal bins whose range doubles, neighbours put together, whenever a value falls outside. */
public final class Histogram {
    /** An even number. */
    static final int BINS = 48;

    private final long[] counts = new long[BINS];
    private double low;
    private double high;
    private boolean started;

    /** The first values choose the range. */
    void add(float[] values) {
        if (!started && values.length > 0) {
            double least = Double.POSITIVE_INFINITY;
            double most = Double.NEGATIVE_INFINITY;
            for (float value : values) {
                least = Math.min(least, value);
                most = Math.max(most, value);
            }
            low = least;
            high = most > least ? most : least + Math.max(1e-6, Math.abs(least) * 1e-3);
            started = true;
        }
        for (float value : values) {
            while (value < low) {
                double width = high - low;
                merge(BINS / 2);
                low -= width;
            }
            while (value > high) {
                double width = high - low;
                merge(0);
                high += width;
            }
            counts[(int) Math.min(BINS - 1, (value - low) / (high - low) * BINS)]++;
        }
    }

    /** Halves the resolution; the old range comes to lie at a bin. */
    private void merge(int at) {
        long[] merged = new long[BINS];
        for (int bin = 0; bin < BINS; bin++) {
            merged[at + bin / 2] += counts[bin];
        }
        System.arraycopy(merged, 0, counts, 0, BINS);
    }

    public int bins() {
        return BINS;
    }

    public long count(int bin) {
        return counts[bin];
    }

    /** Where a bin begins; of the number of bins, where the last ends. */
    public double edge(int bin) {
        return low + (high - low) * bin / BINS;
    }
}
