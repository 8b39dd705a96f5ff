package dev.vitrine.lens.stimulus;

import dev.vitrine.lens.corruption.distortion.Shares;
import dev.vitrine.lens.data.Picture;
import java.util.random.RandomGenerator;

/**
 * Gray pictures whose Fourier phases are each changed by a uniform random angle; amplitudes and the mean stay. Clipped to
 * 0..1.
 */
final class Phases {
    private Phases() {}

    static Picture scrambled(Picture gray, double degrees, RandomGenerator random) {
        int width = gray.width();
        int height = gray.height();
        double[] shares = Shares.of(gray);
        double[] real = new double[width * height];
        double[] imaginary = new double[width * height];
        for (int at = 0; at < real.length; at++) {
            real[at] = shares[3 * at];
        }
        transform(real, imaginary, width, height, -1);
        for (int v = 0; v < height; v++) {
            for (int u = 0; u < width; u++) {
                int at = v * width + u;
                int opposite = (height - v) % height * width + (width - u) % width;
                double angle = Math.toRadians(degrees) * (2 * random.nextDouble() - 1);
                // Opposite frequencies turn against each other, so that the picture stays real.
                if (at < opposite) {
                    turn(real, imaginary, at, angle);
                    turn(real, imaginary, opposite, -angle);
                }
            }
        }
        transform(real, imaginary, width, height, 1);
        double[] rgb = new double[shares.length];
        for (int index = 0; index < rgb.length; index++) {
            rgb[index] = real[index / 3] / (width * height);
        }
        return Stimuli.picture(gray, rgb);
    }

    private static void turn(double[] real, double[] imaginary, int at, double angle) {
        double cosine = Math.cos(angle);
        double sine = Math.sin(angle);
        double before = real[at];
        real[at] = cosine * before - sine * imaginary[at];
        imaginary[at] = sine * before + cosine * imaginary[at];
    }

    /** Discrete Fourier transform of rows, then of columns, not normalized. */
    private static void transform(double[] real, double[] imaginary, int width, int height, int sign) {
        for (int y = 0; y < height; y++) {
            line(real, imaginary, y * width, 1, width, sign);
        }
        for (int x = 0; x < width; x++) {
            line(real, imaginary, x, width, height, sign);
        }
    }

    private static void line(double[] real, double[] imaginary, int first, int step, int count, int sign) {
        double[] cosines = new double[count];
        double[] sines = new double[count];
        double[] fromReal = new double[count];
        double[] fromImaginary = new double[count];
        for (int index = 0; index < count; index++) {
            cosines[index] = Math.cos(2 * Math.PI * index / count);
            sines[index] = sign * Math.sin(2 * Math.PI * index / count);
            fromReal[index] = real[first + index * step];
            fromImaginary[index] = imaginary[first + index * step];
        }
        for (int to = 0; to < count; to++) {
            double sumReal = 0;
            double sumImaginary = 0;
            int turn = 0;
            for (int index = 0; index < count; index++) {
                sumReal += fromReal[index] * cosines[turn] - fromImaginary[index] * sines[turn];
                sumImaginary += fromReal[index] * sines[turn] + fromImaginary[index] * cosines[turn];
                turn = turn + to < count ? turn + to : turn + to - count;
            }
            real[first + to * step] = sumReal;
            imaginary[first + to * step] = sumImaginary;
        }
    }
}
