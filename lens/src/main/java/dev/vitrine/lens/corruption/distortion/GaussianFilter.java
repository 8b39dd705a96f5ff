package dev.vitrine.lens.corruption.distortion;

/**
 * {@code w_j = exp(−j²/2σ²), |j| ≤ ⌊cut·σ + ½⌋}, normalized; columns first, then rows, in the order of summation of SciPy's
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
        int row = width * channels;
        double[] smooth = new double[values.length];
        double[] sum = new double[row];
        for (int y = 0; y < height; y++) {
            scale(values, y * row, half[0], sum);
            for (int j = half.length - 1; j > 0; j--) {
                add(values, edge.place(y - j, height) * row, edge.place(y + j, height) * row, half[j], sum);
            }
            System.arraycopy(sum, 0, smooth, y * row, row);
        }
        int reach = half.length - 1;
        double[] line = new double[(width + 2 * reach) * channels];
        int[] places = new int[width + 2 * reach];
        for (int x = 0; x < places.length; x++) {
            places[x] = edge.place(x - reach, width) * channels;
        }
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < places.length; x++) {
                for (int c = 0; c < channels; c++) {
                    line[x * channels + c] = smooth[y * row + places[x] + c];
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
