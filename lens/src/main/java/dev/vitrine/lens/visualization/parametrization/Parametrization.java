package dev.vitrine.lens.visualization.parametrization;

import dev.vitrine.engine.graph.GraphBuilder;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.tensor.Tensor;
import java.util.random.RandomGenerator;

/**
 * picture = bounds(colors · basis(parameters)): the quantity optimized in place of the pixels. Olah, Mordvintsev and
 * Schubert 2017, doi:10.23915/distill.00007.
 */
public record Parametrization(Basis basis, Colors colors, Bounds bounds) {
    /** The meaning of a parameter. */
    public enum Basis {
        /** A pixel. */
        PIXELS,
        /** A coefficient of the real Fourier basis, scaled by 1/f for frequency f. */
        FOURIER
    }

    /** The color space of the parameters. */
    public enum Colors {
        /** Red, green and blue. */
        PLAIN,
        /** Decorrelated color directions of photos. */
        DECORRELATED
    }

    /** How values are bounded by black and white. */
    public enum Bounds {
        /** Clipped after each step. */
        CLIPPED,
        /** By a sigmoid. */
        SIGMOID
    }

    /** The picture itself, 0..1. */
    public static final Parametrization PIXELS = new Parametrization(Basis.PIXELS, Colors.PLAIN, Bounds.CLIPPED);

    /** The spectrum of decorrelated colors. */
    public static final Parametrization FOURIER =
            new Parametrization(Basis.FOURIER, Colors.DECORRELATED, Bounds.SIGMOID);

    /** Initial standard deviation of the coefficients. */
    private static final double SPECTRUM_NOISE = 0.01;

    /** Initial standard deviation of pixels, 0..1. */
    private static final double PIXEL_NOISE = 0.05;

    /** Minimum distance from black and white, for a finite inverse of the sigmoid. */
    private static final double EDGE = 0.01;

    /**
     * Square root of the covariance of the colors of ImageNet's pictures, over its largest column; one row per color.
     */
    private static final double[][] PHOTO_COLORS = {{0.26, 0.09, 0.02}, {0.27, 0, -0.05}, {0.27, -0.09, 0.03}};

    /** For options and provenance. */
    public String label() {
        return basis == Basis.PIXELS ? "pixels" : "fourier";
    }

    /** Emits the pictures {@code f32[N,C,H,W], 0..1} that parameters of the same shape represent. */
    public Value emit(GraphBuilder builder, Value parameters, int channels, int height, int width) {
        Value value = parameters;
        if (basis == Basis.FOURIER) {
            Value scale = builder.constant("scale", Tensor.floats(scale(height, width), height, width));
            Value down = builder.constant("down", Tensor.floats(Hartley.matrix(height), height, height));
            Value across = builder.constant("across", Tensor.floats(Hartley.matrix(width), width, width));
            Value scaled = builder.node("Mul", value, scale);
            value = builder.node("MatMul", down, builder.node("MatMul", scaled, across));
        }
        if (isDecorrelated(channels)) {
            value = builder.node(
                    "Conv", value, builder.constant("colors", Tensor.floats(flat(colorMatrix()), 3, 3, 1, 1)));
        }
        return bounds == Bounds.SIGMOID ? builder.node("Sigmoid", value) : value;
    }

    /** Parameters of noise: gray of all frequencies alike. */
    public float[] noise(RandomGenerator random, int count) {
        float[] noise = new float[count];
        double deviation = basis == Basis.FOURIER ? SPECTRUM_NOISE : PIXEL_NOISE;
        double slope = bounds == Bounds.SIGMOID && basis == Basis.PIXELS ? 4 : 1;
        double middle = bounds == Bounds.SIGMOID ? 0 : 0.5;
        for (int i = 0; i < count; i++) {
            noise[i] = (float) (middle + slope * deviation * random.nextGaussian());
        }
        return noise;
    }

    /** The parameters of a picture {@code [C,H,W], 0..1}. */
    public float[] of(float[] picture, int channels, int height, int width) {
        float[] result = picture.clone();
        if (bounds == Bounds.SIGMOID) {
            for (int i = 0; i < result.length; i++) {
                double inside = Math.max(EDGE, Math.min(1 - EDGE, result[i]));
                result[i] = (float) Math.log(inside / (1 - inside));
            }
        }
        int places = height * width;
        if (isDecorrelated(channels)) {
            double[][] inverse = inverse(colorMatrix());
            for (int i = 0; i < places; i++) {
                double red = result[i];
                double green = result[places + i];
                double blue = result[2 * places + i];
                for (int channel = 0; channel < 3; channel++) {
                    double[] row = inverse[channel];
                    result[channel * places + i] = (float) (row[0] * red + row[1] * green + row[2] * blue);
                }
            }
        }
        if (basis == Basis.FOURIER) {
            float[] scale = scale(height, width);
            for (int channel = 0; channel < channels; channel++) {
                float[] plane = java.util.Arrays.copyOfRange(result, channel * places, (channel + 1) * places);
                float[] spectrum = Hartley.apply(plane, height, width);
                for (int i = 0; i < places; i++) {
                    result[channel * places + i] = spectrum[i] / scale[i];
                }
            }
        }
        return result;
    }

    /** Projects parameters onto valid pictures. */
    public void confine(float[] parameters) {
        if (bounds == Bounds.CLIPPED) {
            for (int i = 0; i < parameters.length; i++) {
                parameters[i] = Math.max(0, Math.min(1, parameters[i]));
            }
        }
    }

    private boolean isDecorrelated(int channels) {
        return colors == Colors.DECORRELATED && channels == 3;
    }

    /**
     * √2 / (4 max(f, 1/max(w,h))), equal to the factor √(wh)/max(f, 1/max(w,h))/4 for the discrete Fourier transform,
     * for a basis of unit length.
     */
    private static float[] scale(int height, int width) {
        float[] scale = new float[height * width];
        double least = 1.0 / Math.max(width, height);
        for (int i = 0; i < scale.length; i++) {
            double frequency = Hartley.frequency(i / width, i % width, height, width);
            scale[i] = (float) (Math.sqrt(2) / 4 / Math.max(frequency, least));
        }
        return scale;
    }

    private static double[][] colorMatrix() {
        double largest = 0;
        for (int column = 0; column < 3; column++) {
            largest = Math.max(
                    largest,
                    Math.hypot(Math.hypot(PHOTO_COLORS[0][column], PHOTO_COLORS[1][column]), PHOTO_COLORS[2][column]));
        }
        double[][] scaled = new double[3][3];
        for (int i = 0; i < 9; i++) {
            scaled[i / 3][i % 3] = PHOTO_COLORS[i / 3][i % 3] / largest;
        }
        return scaled;
    }

    private static float[] flat(double[][] matrix) {
        float[] flat = new float[9];
        for (int i = 0; i < 9; i++) {
            flat[i] = (float) matrix[i / 3][i % 3];
        }
        return flat;
    }

    /** Cramer's rule. */
    private static double[][] inverse(double[][] m) {
        double[][] inverse = new double[3][3];
        double determinant = 0;
        for (int i = 0; i < 3; i++) {
            determinant += m[0][i] * cofactor(m, 0, i);
        }
        for (int i = 0; i < 9; i++) {
            inverse[i % 3][i / 3] = cofactor(m, i / 3, i % 3) / determinant;
        }
        return inverse;
    }

    private static double cofactor(double[][] m, int row, int column) {
        int a = (row + 1) % 3;
        int b = (row + 2) % 3;
        int c = (column + 1) % 3;
        int d = (column + 2) % 3;
        return m[a][c] * m[b][d] - m[a][d] * m[b][c];
    }
}
