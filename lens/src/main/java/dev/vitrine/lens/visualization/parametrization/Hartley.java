package dev.vitrine.lens.visualization.parametrization;

/** cas(2πnk/size)/√size with cas t = cos t + sin t: a real Fourier basis, orthonormal and its own inverse. */
final class Hartley {
    private Hartley() {}

    /** Row-major; symmetric. */
    static float[] matrix(int size) {
        float[] matrix = new float[size * size];
        double norm = 1 / Math.sqrt(size);
        for (int n = 0; n < size; n++) {
            for (int k = 0; k < size; k++) {
                double angle = 2 * Math.PI * ((long) n * k % size) / size;
                matrix[n * size + k] = (float) (norm * (Math.cos(angle) + Math.sin(angle)));
            }
        }
        return matrix;
    }

    /** Cycles per pixel of each basis function of a plane. */
    static double frequency(int row, int column, int height, int width) {
        double down = (double) Math.min(row, height - row) / height;
        double across = (double) Math.min(column, width - column) / width;
        return Math.hypot(down, across);
    }

    /** The transform of a plane {@code [height,width]}, which is also its inverse. */
    static float[] apply(float[] plane, int height, int width) {
        float[] across = matrix(width);
        float[] down = matrix(height);
        float[] half = new float[plane.length];
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                double sum = 0;
                for (int k = 0; k < width; k++) {
                    sum += (double) plane[y * width + k] * across[x * width + k];
                }
                half[y * width + x] = (float) sum;
            }
        }
        double[] sums = new double[width];
        float[] result = new float[plane.length];
        for (int y = 0; y < height; y++) {
            java.util.Arrays.fill(sums, 0);
            for (int k = 0; k < height; k++) {
                double weight = down[y * height + k];
                for (int x = 0; x < width; x++) {
                    sums[x] += weight * half[k * width + x];
                }
            }
            for (int x = 0; x < width; x++) {
                result[y * width + x] = (float) sums[x];
            }
        }
        return result;
    }
}
