package dev.vitrine.lens.corruption.distortion;

import java.util.random.RandomGenerator;

/**
 * A height map by the diamond-square algorithm, {@code f64[side,side]} in 0..1, which wraps round. A step's noise is {@code
 * w·U(−w, w)} with w = 100 at first, divided by the decay at each level. Fournier, Fussell and Carpenter 1982,
 * doi:10.1145/358523.358553.
 */
public final class Plasma {
    private static final double FIRST_AMPLITUDE = 100;

    private Plasma() {}

    /** The side is the least power of two that holds {@code least} values. */
    public static int side(int least) {
        return least <= 1 ? 1 : Integer.highestOneBit(least - 1) << 1;
    }

    /** @param side a power of two */
    public static double[] of(int side, double decay, RandomGenerator random) {
        double[] map = new double[side * side];
        double amplitude = FIRST_AMPLITUDE;
        for (int step = side; step >= 2; step /= 2, amplitude /= decay) {
            int half = step / 2;
            for (int y = 0; y < side; y += step) {
                for (int x = 0; x < side; x += step) {
                    int below = (y + step) % side;
                    int right = (x + step) % side;
                    double corners = map[y * side + x]
                            + map[below * side + x]
                            + map[y * side + right]
                            + map[below * side + right];
                    map[(y + half) * side + x + half] = corners / 4 + noise(amplitude, random);
                }
            }
            for (int y = 0; y < side; y += step) {
                for (int x = 0; x < side; x += step) {
                    int right = (x + step) % side;
                    int above = (y + half - step + side) % side;
                    double about = map[(y + half) * side + x + half]
                            + map[above * side + x + half]
                            + map[y * side + x]
                            + map[y * side + right];
                    map[y * side + x + half] = about / 4 + noise(amplitude, random);
                }
            }
            for (int y = 0; y < side; y += step) {
                for (int x = 0; x < side; x += step) {
                    int below = (y + step) % side;
                    int left = (x + half - step + side) % side;
                    double about = map[(y + half) * side + x + half]
                            + map[(y + half) * side + left]
                            + map[y * side + x]
                            + map[below * side + x];
                    map[(y + half) * side + x] = about / 4 + noise(amplitude, random);
                }
            }
        }
        return scaled(map);
    }

    private static double noise(double amplitude, RandomGenerator random) {
        return amplitude * (2 * random.nextDouble() - 1) * amplitude;
    }

    private static double[] scaled(double[] map) {
        double least = Double.MAX_VALUE;
        double most = -Double.MAX_VALUE;
        for (double value : map) {
            least = Math.min(least, value);
            most = Math.max(most, value);
        }
        double range = most > least ? most - least : 1;
        for (int i = 0; i < map.length; i++) {
            map[i] = (map[i] - least) / range;
        }
        return map;
    }
}
