package dev.vitrine.lens.metric;

/**
 * ρ = corr(rank a, rank b), equal values sharing their mean rank. Spearman 1904, doi:10.2307/1412159; as a sanity check
 * of maps with and without sign, Adebayo et al. 2018, arXiv:1810.03292.
 */
public enum Spearman {
    /** Ranks by signed value. */
    WITH_SIGN,
    /** Ranks by magnitude. */
    WITHOUT_SIGN;

    /** −1..1; 0 if either map is constant. */
    public double of(float[] one, float[] other) {
        if (one.length != other.length || one.length == 0) {
            throw new IllegalArgumentException(one.length + " and " + other.length + " values: expected as many");
        }
        return correlation(ranks(one), ranks(other));
    }

    private double[] ranks(float[] values) {
        float[] ranked = new float[values.length];
        for (int index = 0; index < values.length; index++) {
            ranked[index] = this == WITHOUT_SIGN ? Math.abs(values[index]) : values[index] + 0f;
        }
        int[] order = RisingOrder.of(ranked);
        double[] ranks = new double[values.length];
        int from = 0;
        while (from < order.length) {
            int to = from + 1;
            while (to < order.length && Float.compare(ranked[order[to]], ranked[order[from]]) == 0) {
                to++;
            }
            for (int index = from; index < to; index++) {
                ranks[order[index]] = (from + to - 1) / 2.0;
            }
            from = to;
        }
        return ranks;
    }

    private static double correlation(double[] one, double[] other) {
        double middle = (one.length - 1) / 2.0;
        double product = 0;
        double first = 0;
        double second = 0;
        for (int index = 0; index < one.length; index++) {
            double a = one[index] - middle;
            double b = other[index] - middle;
            product += a * b;
            first += a * a;
            second += b * b;
        }
        return first == 0 || second == 0 ? 0 : product / Math.sqrt(first * second);
    }
}
