package dev.vitrine.lens.stimulus;

import dev.vitrine.lens.corruption.distortion.GaussianFilter;
import dev.vitrine.lens.corruption.distortion.Shares;
import dev.vitrine.lens.data.Picture;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;

/**
 * Black edges on white: local maxima of the smoothed luminance's gradient across the edge, above a high threshold or
 * connected to such by others above a low one. Canny 1986, doi:10.1109/TPAMI.1986.4767851. As in MATLAB, the high
 * threshold leaves 70 % of the places below it, the low one is .4 of it.
 */
final class Canny {
    private static final double NO_EDGES = 0.7;
    private static final double LOW = 0.4;

    private Canny() {}

    static Picture of(Picture picture, double deviation) {
        int width = picture.width();
        int height = picture.height();
        double[] gray = GaussianFilter.of(deviation).apply(Shares.of(picture.gray()), width, height, 3);
        double[] across = new double[width * height];
        double[] down = new double[width * height];
        double[] strength = new double[width * height];
        for (int y = 1; y < height - 1; y++) {
            for (int x = 1; x < width - 1; x++) {
                int at = y * width + x;
                across[at] = gray[3 * (at + 1)] - gray[3 * (at - 1)];
                down[at] = gray[3 * (at + width)] - gray[3 * (at - width)];
                strength[at] = Math.hypot(across[at], down[at]);
            }
        }
        double[] sorted = strength.clone();
        Arrays.sort(sorted);
        double high = Math.max(sorted[(int) (NO_EDGES * (sorted.length - 1))], 1.0 / 255);
        return linked(picture, thinned(strength, across, down, width, height), high);
    }

    /** Strengths that are the largest along the gradient, 0 elsewhere. */
    private static double[] thinned(double[] strength, double[] across, double[] down, int width, int height) {
        double[] thin = new double[strength.length];
        for (int y = 1; y < height - 1; y++) {
            for (int x = 1; x < width - 1; x++) {
                int at = y * width + x;
                double steepness = Math.abs(down[at]) - Math.abs(across[at]) * Math.tan(Math.PI / 8);
                double flatness = Math.abs(across[at]) - Math.abs(down[at]) * Math.tan(Math.PI / 8);
                int step = steepness < 0 ? 1 : flatness < 0 ? width : across[at] * down[at] > 0 ? width + 1 : width - 1;
                if (strength[at] > strength[at - step] && strength[at] >= strength[at + step]) {
                    thin[at] = strength[at];
                }
            }
        }
        return thin;
    }

    private static Picture linked(Picture picture, double[] thin, double high) {
        int width = picture.width();
        boolean[] edge = new boolean[thin.length];
        Deque<Integer> open = new ArrayDeque<>();
        for (int at = 0; at < thin.length; at++) {
            if (thin[at] > high) {
                edge[at] = true;
                open.add(at);
            }
        }
        while (!open.isEmpty()) {
            int at = open.remove();
            for (int step : new int[] {-width - 1, -width, -width + 1, -1, 1, width - 1, width, width + 1}) {
                int next = at + step;
                if (next >= 0 && next < thin.length && !edge[next] && thin[next] > LOW * high) {
                    edge[next] = true;
                    open.add(next);
                }
            }
        }
        byte[] rgb = new byte[3 * thin.length];
        for (int index = 0; index < rgb.length; index++) {
            rgb[index] = (byte) (edge[index / 3] ? 0 : 255);
        }
        return Picture.wrap(width, picture.height(), rgb);
    }
}
