package dev.vitrine.lens.property;

import dev.vitrine.lens.data.Picture;
import dev.vitrine.lens.data.Resampler;
import dev.vitrine.lens.data.Resampling;

/** A picture as luminance 0..1 and colors 0..1, with a longer side of at most 128 pixels. */
public final class Shades {
    private static final int LONGEST = 128;

    /** Ground and ink are told apart where the border is this even, and its mean this dark or bright. */
    private static final double EVEN = 0.1;

    private static final double DARK = 0.2;

    /** Ink is what is brighter than this share of the brightest. */
    private static final double INK = 0.5;

    private static final double LEAST_INK = 0.01;
    private static final double MOST_INK = 0.6;

    private final int width;
    private final int height;
    private final double[] luminance;
    private final double[][] colors;
    private final boolean strokes;
    private final boolean[] ink;

    private Shades(int width, int height, double[] luminance, double[][] colors) {
        this.width = width;
        this.height = height;
        this.luminance = luminance;
        this.colors = colors;
        double[] drawn = drawn();
        this.ink = new boolean[luminance.length];
        double brightest = 0;
        for (double value : drawn) {
            brightest = Math.max(brightest, value);
        }
        int count = 0;
        for (int place = 0; place < ink.length; place++) {
            ink[place] = drawn[place] > INK * brightest;
            count += ink[place] ? 1 : 0;
        }
        double share = (double) count / ink.length;
        this.strokes = hasEvenBorder(drawn) && isGray() && share > LEAST_INK && share < MOST_INK;
    }

    public static Shades of(Picture given) {
        double scale = Math.min(1, (double) LONGEST / Math.max(given.width(), given.height()));
        int width = (int) Math.max(1, Math.round(given.width() * scale));
        int height = (int) Math.max(1, Math.round(given.height() * scale));
        Picture picture = scale < 1 ? Resampler.resize(given, width, height, Resampling.BOX) : given;
        byte[] rgb = picture.sharedRgb();
        double[][] colors = new double[3][width * height];
        double[] luminance = new double[width * height];
        for (int place = 0; place < luminance.length; place++) {
            for (int color = 0; color < 3; color++) {
                colors[color][place] = (rgb[3 * place + color] & 255) / 255.0;
            }
            luminance[place] = 0.299 * colors[0][place] + 0.587 * colors[1][place] + 0.114 * colors[2][place];
        }
        return new Shades(width, height, luminance, colors);
    }

    /** Luminance with bright ink on dark ground. */
    private double[] drawn() {
        double border = 0;
        int count = 0;
        for (int place = 0; place < luminance.length; place++) {
            if (isBorder(place)) {
                border += luminance[place];
                count++;
            }
        }
        if (border / count <= INK) {
            return luminance;
        }
        double[] turned = new double[luminance.length];
        for (int place = 0; place < turned.length; place++) {
            turned[place] = 1 - luminance[place];
        }
        return turned;
    }

    private boolean hasEvenBorder(double[] drawn) {
        double sum = 0;
        double squares = 0;
        int count = 0;
        for (int place = 0; place < drawn.length; place++) {
            if (isBorder(place)) {
                sum += drawn[place];
                squares += drawn[place] * drawn[place];
                count++;
            }
        }
        double mean = sum / count;
        return mean < DARK && Math.sqrt(Math.max(0, squares / count - mean * mean)) < EVEN;
    }

    private boolean isBorder(int place) {
        int x = place % width;
        int y = place / width;
        return x == 0 || y == 0 || x == width - 1 || y == height - 1;
    }

    private boolean isGray() {
        for (int place = 0; place < luminance.length; place++) {
            if (Math.abs(colors[0][place] - colors[1][place]) > DARK
                    || Math.abs(colors[1][place] - colors[2][place]) > DARK) {
                return false;
            }
        }
        return true;
    }

    public int width() {
        return width;
    }

    public int height() {
        return height;
    }

    /** Whether it shows strokes on an even ground. */
    public boolean hasStrokes() {
        return strokes;
    }

    double luminance(int x, int y) {
        return luminance[Math.max(0, Math.min(height - 1, y)) * width + Math.max(0, Math.min(width - 1, x))];
    }

    double color(int color, int place) {
        return colors[color][place];
    }

    /** Whether there is ink; none beyond the border. */
    boolean ink(int x, int y) {
        return x >= 0 && y >= 0 && x < width && y < height && ink[y * width + x];
    }
}
