package dev.vitrine.lens.embedding.tsne;

import java.util.stream.IntStream;

/** All pairs, in any number of dimensions. */
record ExactRepulsion(int dimensions) implements Repulsion {
    @Override
    public double of(double[] points, double[] forces) {
        int count = points.length / dimensions;
        double[] sums = new double[count];
        IntStream.range(0, count).parallel().forEach(point -> {
            double[] force = new double[dimensions];
            double[] apart = new double[dimensions];
            double sum = 0;
            for (int other = 0; other < count; other++) {
                double square = 0;
                for (int axis = 0; axis < dimensions; axis++) {
                    apart[axis] = points[point * dimensions + axis] - points[other * dimensions + axis];
                    square += apart[axis] * apart[axis];
                }
                double q = 1 / (1 + square);
                sum += q;
                for (int axis = 0; axis < dimensions; axis++) {
                    force[axis] += q * q * apart[axis];
                }
            }
            sums[point] = sum - 1;
            System.arraycopy(force, 0, forces, point * dimensions, dimensions);
        });
        double total = 0;
        for (double sum : sums) {
            total += sum;
        }
        return total;
    }
}
