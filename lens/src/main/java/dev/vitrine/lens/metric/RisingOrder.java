package dev.vitrine.lens.metric;

/** The indices of values in ascending order of {@link Float#compare}, stable. */
final class RisingOrder {
    private static final int DIGIT_BITS = 11;
    private static final int DIGITS = 3;
    private static final int BUCKETS = 1 << DIGIT_BITS;

    private RisingOrder() {}

    // Three passes over the bits, the lowest first: several times as fast as sorting by comparison.
    static int[] of(float[] values) {
        int[] keys = new int[values.length];
        int[] order = new int[values.length];
        for (int index = 0; index < values.length; index++) {
            int bits = Float.floatToIntBits(values[index]);
            keys[index] = bits < 0 ? ~bits : bits ^ Integer.MIN_VALUE;
            order[index] = index;
        }
        int[] next = new int[values.length];
        for (int digit = 0; digit < DIGITS; digit++) {
            int shift = digit * DIGIT_BITS;
            int[] begins = new int[BUCKETS + 1];
            for (int key : keys) {
                begins[(key >>> shift & BUCKETS - 1) + 1]++;
            }
            for (int bucket = 0; bucket < BUCKETS; bucket++) {
                begins[bucket + 1] += begins[bucket];
            }
            for (int index : order) {
                next[begins[keys[index] >>> shift & BUCKETS - 1]++] = index;
            }
            int[] spent = order;
            order = next;
            next = spent;
        }
        return order;
    }
}
