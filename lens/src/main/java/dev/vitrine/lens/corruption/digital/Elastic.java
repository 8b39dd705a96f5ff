package dev.vitrine.lens.corruption.digital;

import dev.vitrine.lens.corruption.distortion.Distortion;
import dev.vitrine.lens.corruption.distortion.Edge;
import dev.vitrine.lens.corruption.distortion.GaussianFilter;
import dev.vitrine.lens.corruption.distortion.Shares;
import dev.vitrine.lens.data.Picture;
import java.util.random.RandomGenerator;

/**
 * An affine map that moves three points about the center by up to {@code shift} pixels, then a displacement {@code
 * strength·G_σ * U(−1, 1)} of each pixel. Simard, Steinkraus and Platt 2003, doi:10.1109/ICDAR.2003.1227801.
 */
public record Elastic(double strength, double sigma, double shift) implements Distortion {
    private static final double CUT = 3;

    @Override
    public Picture apply(Picture picture, RandomGenerator random) {
        int width = picture.width();
        int height = picture.height();
        float[] moved = affine(Shares.floats(picture), width, height, random);
        double[] across = displacement(width, height, random);
        double[] down = displacement(width, height, random);
        float[] values = new float[moved.length];
        for (int place = 0; place < across.length; place++) {
            double x = place % width + across[place];
            double y = place / width + down[place];
            sample(moved, width, height, x, y, Edge.MIRRORED, values, 3 * place);
        }
        return Shares.picture(picture, values);
    }

    private double[] displacement(int width, int height, RandomGenerator random) {
        double[] noise = new double[width * height];
        for (int i = 0; i < noise.length; i++) {
            noise[i] = 2 * random.nextDouble() - 1;
        }
        double[] smooth = new GaussianFilter(sigma, CUT, Edge.MIRRORED).apply(noise, width, height, 1);
        for (int i = 0; i < smooth.length; i++) {
            smooth[i] *= strength;
        }
        return smooth;
    }

    private float[] affine(float[] values, int width, int height, RandomGenerator random) {
        double centerX = width / 2;
        double centerY = height / 2;
        double arm = Math.min(width, height) / 3;
        double[] x = {centerX + arm, centerX + arm, centerX - arm};
        double[] y = {centerY + arm, centerY - arm, centerY - arm};
        double[] toX = new double[3];
        double[] toY = new double[3];
        for (int i = 0; i < 3; i++) {
            toX[i] = x[i] + shift * (2 * random.nextDouble() - 1);
            toY[i] = y[i] + shift * (2 * random.nextDouble() - 1);
        }
        // From a place in the new picture back to the old one, in the basis of the two arms.
        double ax = toX[0] - toX[1];
        double ay = toY[0] - toY[1];
        double bx = toX[1] - toX[2];
        double by = toY[1] - toY[2];
        double determinant = ax * by - ay * bx;
        float[] moved = new float[values.length];
        for (int py = 0; py < height; py++) {
            for (int px = 0; px < width; px++) {
                double dx = px - toX[2];
                double dy = py - toY[2];
                double alongA = (dx * by - dy * bx) / determinant;
                double alongB = (ax * dy - ay * dx) / determinant;
                double fromX = x[2] + alongA * (x[0] - x[1]) + alongB * (x[1] - x[2]);
                double fromY = y[2] + alongA * (y[0] - y[1]) + alongB * (y[1] - y[2]);
                sample(values, width, height, fromX, fromY, Edge.REFLECTED, moved, 3 * (py * width + px));
            }
        }
        return moved;
    }

    private static void sample(
            float[] values, int width, int height, double x, double y, Edge edge, float[] target, int at) {
        int left = (int) Math.floor(x);
        int top = (int) Math.floor(y);
        float right = (float) (x - left);
        float below = (float) (y - top);
        int x0 = edge.place(left, width);
        int x1 = edge.place(left + 1, width);
        int y0 = edge.place(top, height) * width;
        int y1 = edge.place(top + 1, height) * width;
        for (int c = 0; c < 3; c++) {
            float upper = values[3 * (y0 + x0) + c] * (1 - right) + values[3 * (y0 + x1) + c] * right;
            float lower = values[3 * (y1 + x0) + c] * (1 - right) + values[3 * (y1 + x1) + c] * right;
            target[at + c] = upper * (1 - below) + lower * below;
        }
    }
}
