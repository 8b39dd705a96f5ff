package dev.vitrine.study.unit.portrait;

/**
 * Counts of values in equal bins. The bin width is a power of two and the edges are multiples of it, so that counts
 * from two runs can be merged exactly.
 *
 * @param exponent the width is 2 to this power
 * @param first lower edge of the first bin, as a multiple of the width
 */
public record Histogram(int exponent, long first, long[] counts) {
    private static final int MOST_BINS = 48;

    /** The bin width is at least the largest magnitude divided by 2 to this power. */
    private static final int FINEST = 12;

    /** The histogram of zeros alone, which share one bin whatever its width. */
    private static final int NARROWEST = -200;

    /** The histogram of at least one value. */
    static Histogram of(float[] values) {
        float least = Float.POSITIVE_INFINITY;
        float most = Float.NEGATIVE_INFINITY;
        for (float value : values) {
            least = Math.min(least, finite(value));
            most = Math.max(most, finite(value));
        }
        int exponent = exponent(least, most);
        long first = bin(least, exponent);
        long[] counts = new long[(int) (bin(most, exponent) - first + 1)];
        for (float value : values) {
            counts[(int) (bin(finite(value), exponent) - first)]++;
        }
        return new Histogram(exponent, first, counts);
    }

    private static float finite(float value) {
        return Math.max(-Float.MAX_VALUE, Math.min(Float.MAX_VALUE, value));
    }

    /** The smallest width exponent with few enough bins. */
    private static int exponent(float least, float most) {
        float magnitude = Math.max(Math.abs(least), Math.abs(most));
        int exponent = magnitude == 0 ? NARROWEST : Math.getExponent((double) magnitude) - FINEST;
        while (bin(most, exponent) - bin(least, exponent) >= MOST_BINS) {
            exponent++;
        }
        return exponent;
    }

    private static long bin(double value, int exponent) {
        return (long) Math.floor(Math.scalb(value, -exponent));
    }

    /** The histogram of these values and others. */
    Histogram and(Histogram other) {
        int exponent = Math.max(this.exponent, other.exponent);
        while (Math.max(end(exponent), other.end(exponent)) - Math.min(begin(exponent), other.begin(exponent))
                > MOST_BINS) {
            exponent++;
        }
        long begin = Math.min(begin(exponent), other.begin(exponent));
        long[] sum = new long[(int) (Math.max(end(exponent), other.end(exponent)) - begin)];
        addTo(sum, begin, exponent);
        other.addTo(sum, begin, exponent);
        return new Histogram(exponent, begin, sum);
    }

    private void addTo(long[] sum, long begin, int coarser) {
        for (int bin = 0; bin < counts.length; bin++) {
            sum[(int) (shifted(first + bin, coarser) - begin)] += counts[bin];
        }
    }

    private long begin(int coarser) {
        return shifted(first, coarser);
    }

    private long end(int coarser) {
        return shifted(first + counts.length - 1, coarser) + 1;
    }

    private long shifted(long bin, int coarser) {
        return bin >> Math.min(63, coarser - exponent);
    }

    public int bins() {
        return counts.length;
    }

    public long count(int bin) {
        return counts[bin];
    }

    /** The lower edge of a bin; for the number of bins, the upper edge of the last. */
    public double edge(int bin) {
        return Math.scalb((double) (first + bin), exponent);
    }
}
