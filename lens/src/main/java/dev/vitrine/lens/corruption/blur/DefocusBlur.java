package dev.vitrine.lens.corruption.blur;

import dev.vitrine.lens.corruption.distortion.Distortion;
import dev.vitrine.lens.corruption.distortion.Edge;
import dev.vitrine.lens.corruption.distortion.Shares;
import dev.vitrine.lens.data.Picture;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/**
 * A disk of {@code radius} pixels, softened by a Gaussian of {@code sigma}.
 *
 * <p>Up to radius 8 the disk stands on a grid of ±8 and the Gaussian has 3×3 taps, beyond it ±radius and 5×5. The Gaussian
 * reflects inside the kernel's window, and the kernel is not normalized again: at radius 8 it sums to 1.013.
 */
public record DefocusBlur(double radius, double sigma) implements Distortion {
    private static final int LEAST_REACH = 8;

    @Override
    public Picture apply(Picture picture, RandomGenerator random) {
        int width = picture.width();
        int height = picture.height();
        int reach = reach();
        int side = 2 * reach + 1;
        float[] kernel = kernel();
        double[] values = Shares.of(picture);
        int paddedRow = (width + 2 * reach) * 3;
        double[] padded = new double[paddedRow * height];
        for (int y = 0, at = 0; y < height; y++) {
            for (int x = -reach; x < width + reach; x++) {
                int from = 3 * (y * width + Edge.REFLECTED.place(x, width));
                for (int c = 0; c < 3; c++) {
                    padded[at++] = values[from + c];
                }
            }
        }
        double[] blurred = new double[values.length];
        double[] pair = new double[paddedRow];
        double[] sum = new double[3 * width];
        for (int y = 0; y < height; y++) {
            Arrays.fill(sum, 0);
            // The kernel is symmetric: rows as far above as below are added first, then columns.
            for (int down = 0; down <= reach; down++) {
                rows(
                        padded,
                        Edge.REFLECTED.place(y - down, height) * paddedRow,
                        Edge.REFLECTED.place(y + down, height) * paddedRow,
                        down == 0 ? 0.5 : 1,
                        pair);
                int row = (reach + down) * side + reach;
                for (int across = 0; across <= reach; across++) {
                    double weight = across == 0 ? kernel[row] / 2.0 : kernel[row + across];
                    if (weight != 0) {
                        add(pair, 3 * (reach - across), 3 * (reach + across), weight, sum);
                    }
                }
            }
            System.arraycopy(sum, 0, blurred, 3 * y * width, sum.length);
        }
        return Shares.picture(picture, blurred);
    }

    private static void rows(double[] values, int above, int below, double share, double[] pair) {
        for (int i = 0; i < pair.length; i++) {
            pair[i] = share * (values[above + i] + values[below + i]);
        }
    }

    private static void add(double[] values, int left, int right, double weight, double[] sum) {
        for (int i = 0; i < sum.length; i++) {
            sum[i] += (values[left + i] + values[right + i]) * weight;
        }
    }

    private int reach() {
        return radius <= LEAST_REACH ? LEAST_REACH : (int) radius;
    }

    /** {@code f32[2·reach+1, 2·reach+1]}. */
    float[] kernel() {
        int reach = reach();
        int side = 2 * reach + 1;
        int taps = radius <= LEAST_REACH ? 1 : 2;
        int inside = 0;
        float[] disk = new float[side * side];
        for (int y = -reach; y <= reach; y++) {
            for (int x = -reach; x <= reach; x++) {
                if (x * x + y * y <= radius * radius) {
                    disk[(y + reach) * side + x + reach] = 1;
                    inside++;
                }
            }
        }
        for (int i = 0; i < disk.length; i++) {
            disk[i] /= inside;
        }
        double[] weights = new double[2 * taps + 1];
        double total = 0;
        for (int i = 0; i < weights.length; i++) {
            weights[i] = Math.exp(-(i - taps) * (i - taps) / (2 * sigma * sigma));
            total += weights[i];
        }
        float[] rows = new float[disk.length];
        float[] soft = new float[disk.length];
        for (int y = 0; y < side; y++) {
            for (int x = 0; x < side; x++) {
                double sum = 0;
                for (int i = 0; i < weights.length; i++) {
                    sum += weights[i] / total * disk[y * side + Edge.REFLECTED.place(x + i - taps, side)];
                }
                rows[y * side + x] = (float) sum;
            }
        }
        for (int y = 0; y < side; y++) {
            for (int x = 0; x < side; x++) {
                double sum = 0;
                for (int i = 0; i < weights.length; i++) {
                    sum += weights[i] / total * rows[Edge.REFLECTED.place(y + i - taps, side) * side + x];
                }
                soft[y * side + x] = (float) sum;
            }
        }
        return soft;
    }
}
