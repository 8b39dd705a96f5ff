package dev.vitrine.lens.corruption.distortion;

import java.util.Arrays;

/**
 * {@code w_j = exp(−j²/2σ²), |j| ≤ ⌊cut·σ + ½⌋}, normalized; columns first, then rows; kernels shorter than the axis in the order of summation of SciPy's
 * {@code gaussian_filter}.
 */
public record GaussianFilter(double sigma, double cut, Edge edge) {
    /** Cut at 4σ, the edge repeated: scikit-image's {@code gaussian}. */
    public static GaussianFilter of(double sigma) {
        return new GaussianFilter(sigma, 4, Edge.NEAREST);
    }

    /** Values {@code f64[height,width,channels]}, filtered along height and width. */
    public double[] apply(double[] values, int width, int height, int channels) {
        double[] half = halfKernel();
        if (half.length == 1) {
            return values.clone();
        }
        double[] smooth = half.length > height
                ? foldedRows(values, width * channels, height, half)
                : rows(values, width * channels, height, half);
        return half.length > width
                ? foldedColumns(smooth, width, height, channels, half)
                : columns(smooth, width, height, channels, half);
    }

    private double[] rows(double[] values, int row, int height, double[] half) {
        double[] smooth = new double[values.length];
        double[] sum = new double[row];
        for (int y = 0; y < height; y++) {
            scale(values, y * row, half[0], sum);
            for (int j = half.length - 1; j > 0; j--) {
                add(values, edge.place(y - j, height) * row, edge.place(y + j, height) * row, half[j], sum);
            }
            System.arraycopy(sum, 0, smooth, y * row, row);
        }
        return smooth;
    }

    private double[] columns(double[] values, int width, int height, int channels, double[] half) {
        int row = width * channels;
        int reach = half.length - 1;
        double[] smooth = new double[values.length];
        double[] sum = new double[row];
        double[] line = new double[(width + 2 * reach) * channels];
        int[] places = new int[width + 2 * reach];
        for (int x = 0; x < places.length; x++) {
            places[x] = edge.place(x - reach, width) * channels;
        }
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < places.length; x++) {
                for (int c = 0; c < channels; c++) {
                    line[x * channels + c] = values[y * row + places[x] + c];
                }
            }
            scale(line, reach * channels, half[0], sum);
            for (int j = reach; j > 0; j--) {
                add(line, (reach - j) * channels, (reach + j) * channels, half[j], sum);
            }
            System.arraycopy(sum, 0, smooth, y * row, row);
        }
        return smooth;
    }

    /** A kernel longer than the axis meets the same values several times: their weights are added up first. */
    private double[] foldedRows(double[] values, int row, int height, double[] half) {
        double[] smooth = new double[values.length];
        double[] sum = new double[row];
        for (int y = 0; y < height; y++) {
            double[] weights = folded(y, height, half);
            Arrays.fill(sum, 0);
            for (int from = 0; from < height; from++) {
                addScaled(values, from * row, weights[from], sum);
            }
            System.arraycopy(sum, 0, smooth, y * row, row);
        }
        return smooth;
    }

    private double[] foldedColumns(double[] values, int width, int height, int channels, double[] half) {
        double[][] weights = new double[width][];
        for (int x = 0; x < width; x++) {
            weights[x] = folded(x, width, half);
        }
        double[] transposed = new double[width * width];
        for (int to = 0; to < width; to++) {
            for (int from = 0; from < width; from++) {
                transposed[from * width + to] = weights[to][from];
            }
        }
        double[] smooth = new double[values.length];
        double[] sum = new double[width];
        for (int y = 0; y < height; y++) {
            for (int c = 0; c < channels; c++) {
                Arrays.fill(sum, 0);
                for (int from = 0; from < width; from++) {
                    addScaled(transposed, from * width, values[(y * width + from) * channels + c], sum);
                }
                for (int to = 0; to < width; to++) {
                    smooth[(y * width + to) * channels + c] = sum[to];
                }
            }
        }
        return smooth;
    }

    private double[] folded(int at, int n, double[] half) {
        double[] weights = new double[n];
        for (int j = 1 - half.length; j < half.length; j++) {
            weights[edge.place(at + j, n)] += half[Math.abs(j)];
        }
        return weights;
    }

    private static void addScaled(double[] values, int from, double weight, double[] sum) {
        for (int i = 0; i < sum.length; i++) {
            sum[i] += weight * values[from + i];
        }
    }

    private static void scale(double[] values, int from, double weight, double[] sum) {
        for (int i = 0; i < sum.length; i++) {
            sum[i] = values[from + i] * weight;
        }
    }

    private static void add(double[] values, int left, int right, double weight, double[] sum) {
        for (int i = 0; i < sum.length; i++) {
            sum[i] += (values[left + i] + values[right + i]) * weight;
        }
    }

    private double[] halfKernel() {
        int reach = (int) (cut * sigma + 0.5);
        double[] half = new double[reach + 1];
        half[0] = 1;
        double total = 1;
        for (int j = 1; j <= reach; j++) {
            half[j] = Math.exp(-0.5 / (sigma * sigma) * j * j);
            total += 2 * half[j];
        }
        for (int j = 0; j <= reach; j++) {
            half[j] /= total;
        }
        return half;
    }
}
