package dev.vitrine.study.where;

import java.util.Arrays;
import java.util.Random;

/** min Σ ‖x − c(x)‖² over so many centres, by Lloyd's rounds from several k-means++ starts. Arthur and Vassilvitskii 2007. */
record KMeans(int clusters, long seed) {
    private static final int STARTS = 10;
    private static final int ROUNDS = 100;

    /** The cluster of each point, 0.. . */
    int[] assign(double[][] points) {
        Random random = new Random(seed);
        int[] best = new int[points.length];
        double least = Double.POSITIVE_INFINITY;
        for (int start = 0; start < STARTS; start++) {
            double[][] centres = start(points, random);
            int[] assigned = new int[points.length];
            double cost = Double.POSITIVE_INFINITY;
            for (int round = 0; round < ROUNDS; round++) {
                double now = nearest(points, centres, assigned);
                if (now >= cost) {
                    break;
                }
                cost = now;
                move(points, assigned, centres);
            }
            if (cost < least) {
                least = cost;
                best = assigned.clone();
            }
        }
        return best;
    }

    private double[][] start(double[][] points, Random random) {
        double[][] centres = new double[clusters][];
        double[] nearest = new double[points.length];
        Arrays.fill(nearest, 1);
        for (int centre = 0; centre < clusters; centre++) {
            double left = random.nextDouble() * Arrays.stream(nearest).sum();
            int chosen = 0;
            while (chosen < points.length - 1 && (left -= nearest[chosen]) > 0) {
                chosen++;
            }
            centres[centre] = points[chosen].clone();
            for (int point = 0; point < points.length; point++) {
                double square = square(points[point], centres[centre]);
                nearest[point] = centre == 0 ? square : Math.min(nearest[point], square);
            }
        }
        return centres;
    }

    private static double nearest(double[][] points, double[][] centres, int[] assigned) {
        double cost = 0;
        for (int point = 0; point < points.length; point++) {
            double least = Double.POSITIVE_INFINITY;
            for (int centre = 0; centre < centres.length; centre++) {
                double square = square(points[point], centres[centre]);
                if (square < least) {
                    least = square;
                    assigned[point] = centre;
                }
            }
            cost += least;
        }
        return cost;
    }

    private static void move(double[][] points, int[] assigned, double[][] centres) {
        int[] counts = new int[centres.length];
        double[][] sums = new double[centres.length][points[0].length];
        for (int point = 0; point < points.length; point++) {
            counts[assigned[point]]++;
            for (int axis = 0; axis < points[point].length; axis++) {
                sums[assigned[point]][axis] += points[point][axis];
            }
        }
        for (int centre = 0; centre < centres.length; centre++) {
            for (int axis = 0; axis < sums[centre].length && counts[centre] > 0; axis++) {
                centres[centre][axis] = sums[centre][axis] / counts[centre];
            }
        }
    }

    private static double square(double[] one, double[] other) {
        double sum = 0;
        for (int axis = 0; axis < one.length; axis++) {
            sum += (one[axis] - other[axis]) * (one[axis] - other[axis]);
        }
        return sum;
    }
}
