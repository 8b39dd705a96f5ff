package dev.vitrine.lens.embedding.umap;

/**
 * Similarity of points on a map: {@code 1 / (1 + a d^(2b))}, fitted by least squares to 1 up to the minimum distance
 * and {@code exp(-(d - least) / spread)} beyond.
 */
record Curve(double a, double b) {
    private static final int PLACES = 300;
    private static final int STEPS = 200;

    /** By the Gauss-Newton method with Levenberg's damping. */
    static Curve of(double least, double spread) {
        double a = 1;
        double b = 1;
        double damping = 1e-3;
        double error = error(a, b, least, spread);
        for (int step = 0; step < STEPS; step++) {
            double[] sums = new double[5];
            for (int place = 1; place < PLACES; place++) {
                double d = 3 * spread * place / (PLACES - 1);
                double power = Math.pow(d, 2 * b);
                double value = 1 / (1 + a * power);
                double byA = -value * value * power;
                double byB = -value * value * a * power * 2 * Math.log(d);
                double off = target(d, least, spread) - value;
                sums[0] += byA * byA;
                sums[1] += byA * byB;
                sums[2] += byB * byB;
                sums[3] += byA * off;
                sums[4] += byB * off;
            }
            double one = sums[0] * (1 + damping);
            double two = sums[2] * (1 + damping);
            double determinant = one * two - sums[1] * sums[1];
            double nextA = a + (two * sums[3] - sums[1] * sums[4]) / determinant;
            double nextB = b + (one * sums[4] - sums[1] * sums[3]) / determinant;
            double next = nextA > 0 && nextB > 0 ? error(nextA, nextB, least, spread) : Double.POSITIVE_INFINITY;
            if (next < error) {
                a = nextA;
                b = nextB;
                error = next;
                damping /= 3;
            } else {
                damping *= 4;
            }
        }
        return new Curve(a, b);
    }

    private static double target(double distance, double least, double spread) {
        return distance < least ? 1 : Math.exp(-(distance - least) / spread);
    }

    private static double error(double a, double b, double least, double spread) {
        double sum = 0;
        for (int place = 0; place < PLACES; place++) {
            double d = 3 * spread * place / (PLACES - 1);
            double off = target(d, least, spread) - 1 / (1 + a * Math.pow(d, 2 * b));
            sum += off * off;
        }
        return sum;
    }
}
