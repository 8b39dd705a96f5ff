package dev.vitrine.lens.data;

/**
 * Which source positions each position of a resized line draws on, and with which weights (they sum to 1).
 *
 * <p>Position {@code i} draws on {@code counts[i]} source positions from {@code firsts[i]} on; their weights begin at
 * {@code i * stride}.
 */
record Taps(int[] firsts, int[] counts, double[] weights, int stride) {
    private static final int PRECISION_BITS = 22;

    /** Taps of the positions {@code from} to {@code from + count} of a line of {@code source} resized to {@code target}. */
    static Taps of(int source, int target, int from, int count, Resampling resampling) {
        // At an unchanged size every kernel is the identity, but for rounding.
        return resampling == Resampling.NEAREST || source == target
                ? nearest(source, target, from, count)
                : weighted(source, target, from, count, resampling);
    }

    private static Taps nearest(int source, int target, int from, int count) {
        int[] firsts = new int[count];
        int[] counts = new int[count];
        double[] weights = new double[count];
        double step = (double) source / target;
        // Adding up instead of multiplying gives the same rounding as Pillow where a middle falls between two pixels.
        double middle = step * 0.5;
        for (int i = 0; i < from + count; i++) {
            if (i >= from) {
                firsts[i - from] = Math.min((int) middle, source - 1);
                counts[i - from] = 1;
                weights[i - from] = 1;
            }
            middle += step;
        }
        return new Taps(firsts, counts, weights, 1);
    }

    private static Taps weighted(int source, int target, int from, int count, Resampling resampling) {
        double scale = (double) source / target;
        double widening = Math.max(scale, 1);
        double support = resampling.support() * widening;
        int stride = (int) Math.min((long) Math.ceil(support) * 2 + 1, source);
        int[] firsts = new int[count];
        int[] counts = new int[count];
        double[] weights = new double[Math.multiplyExact(count, stride)];
        for (int i = 0; i < count; i++) {
            double center = (from + i + 0.5) * scale;
            int first = Math.max(0, (int) (center - support + 0.5));
            int end = Math.min(source, (int) (center + support + 0.5));
            firsts[i] = first;
            counts[i] = end - first;
            double sum = 0;
            for (int k = 0; k < end - first; k++) {
                double weight = resampling.weight((k + first - center + 0.5) / widening);
                weights[i * stride + k] = weight;
                sum += weight;
            }
            for (int k = 0; k < end - first && sum != 0; k++) {
                weights[i * stride + k] /= sum;
            }
        }
        return new Taps(firsts, counts, weights, stride);
    }

    /** The weights times 2^22, rounded, the fixed point in which Pillow resizes pictures of 8 bits. */
    int[] fixedPoint() {
        int[] fixed = new int[weights.length];
        for (int i = 0; i < fixed.length; i++) {
            double scaled = weights[i] * (1 << PRECISION_BITS);
            fixed[i] = (int) (scaled < 0 ? scaled - 0.5 : scaled + 0.5);
        }
        return fixed;
    }

    /** One half in the fixed point: what a sum starts from, so that {@link #toByte} rounds. */
    static final int HALF = 1 << (PRECISION_BITS - 1);

    static byte toByte(int fixedSum) {
        int value = fixedSum >> PRECISION_BITS;
        return (byte) (value < 0 ? 0 : Math.min(value, 255));
    }

    int size() {
        return firsts.length;
    }

    /** The first source position that any position draws on. */
    int begin() {
        int begin = Integer.MAX_VALUE;
        for (int first : firsts) {
            begin = Math.min(begin, first);
        }
        return begin;
    }

    /** One past the last source position that any position draws on. */
    int end() {
        int end = 0;
        for (int i = 0; i < firsts.length; i++) {
            end = Math.max(end, firsts[i] + counts[i]);
        }
        return end;
    }
}
