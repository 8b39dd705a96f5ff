package dev.vitrine.lens.render.color;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ColorMapTest {
    // Machado, Oliveira and Fernandes 2009, severity 1, on linear sRGB. doi:10.1109/TVCG.2009.113
    private static final double[][] PROTANOPIA = {
        {0.152286, 1.052583, -0.204868}, {0.114503, 0.786281, 0.099216}, {-0.003882, -0.048116, 1.051998}
    };
    private static final double[][] DEUTERANOPIA = {
        {0.367322, 0.860646, -0.227968}, {0.280085, 0.672501, 0.047413}, {-0.011820, 0.042940, 0.968881}
    };
    private static final double[][] FULL_SIGHT = {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}};
    private static final List<double[][]> EYES = List.of(FULL_SIGHT, PROTANOPIA, DEUTERANOPIA);
    private static final int STEPS = 16;

    static Stream<ColorMap> sequential() {
        return ColorMap.ALL.stream().filter(map -> map.shape() == ColorMap.Shape.SEQUENTIAL);
    }

    static Stream<ColorMap> diverging() {
        return ColorMap.ALL.stream().filter(map -> map.shape() == ColorMap.Shape.DIVERGING);
    }

    @ParameterizedTest
    @MethodSource("sequential")
    void lightnessRisesInEvenSteps(ColorMap map) {
        double mean = (Lightness.of(map.rgb(1)) - Lightness.of(map.rgb(0))) / STEPS;
        // The published maps are even in CAM02-UCS, which departs from L* by up to a third, near black by a half.
        for (int step = 0; step < STEPS; step++) {
            double rise = Lightness.of(map.rgb((step + 1.0) / STEPS)) - Lightness.of(map.rgb((double) step / STEPS));
            assertThat(rise).as("step %d of %s", step, map).isCloseTo(mean, within((step == 0 ? 0.55 : 0.35) * mean));
        }
        assertThat(mean * STEPS).isGreaterThan(70);
    }

    @ParameterizedTest
    @MethodSource("diverging")
    void bothSidesAreEquallyLightAndEven(ColorMap map) {
        double middle = Lightness.of(map.rgb(0.5));
        double end = Lightness.of(map.rgb(1));
        for (int step = 0; step <= STEPS; step++) {
            double distance = (double) step / STEPS;
            double expected = middle + (end - middle) * distance;
            // Half a step of 8 bits in each channel is up to 0.4 of L* in the dark.
            assertThat(Lightness.of(map.rgb(0.5 + distance / 2)))
                    .as("red %s", distance)
                    .isCloseTo(expected, within(0.6));
            assertThat(Lightness.of(map.rgb(0.5 - distance / 2)))
                    .as("blue %s", distance)
                    .isCloseTo(expected, within(0.6));
        }
    }

    @ParameterizedTest
    @MethodSource("diverging")
    void theMiddleIsGrayAndTheEndsAreRedAndBlue(ColorMap map) {
        int middle = map.rgb(0.5);
        assertThat(red(middle)).isEqualTo(middle >> 8 & 0xff).isEqualTo(blue(middle));
        assertThat(red(map.rgb(1))).isGreaterThan(blue(map.rgb(1)) + 60);
        assertThat(blue(map.rgb(0))).isGreaterThan(red(map.rgb(0)) + 60);
    }

    @ParameterizedTest
    @MethodSource("diverging")
    void forAndAgainstStayApartForColorBlindEyes(ColorMap map) {
        for (double[][] eyes : EYES) {
            for (double distance : new double[] {0.25, 0.5, 0.75, 1}) {
                double[] against = lab(map.rgb(0.5 - distance / 2), eyes);
                double[] towards = lab(map.rgb(0.5 + distance / 2), eyes);
                double[] nothing = lab(map.rgb(0.5), eyes);
                assertThat(difference(against, towards))
                        .as("both sides at %s", distance)
                        .isGreaterThan(60 * distance);
                assertThat(difference(against, nothing))
                        .as("blue at %s", distance)
                        .isGreaterThan(20 * distance);
                assertThat(difference(towards, nothing))
                        .as("red at %s", distance)
                        .isGreaterThan(20 * distance);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("sequential")
    void lessAndMoreStayApartForColorBlindEyes(ColorMap map) {
        for (double[][] eyes : EYES) {
            double[] previous = lab(map.rgb(0), eyes);
            for (int step = 1; step <= STEPS; step++) {
                double[] next = lab(map.rgb((double) step / STEPS), eyes);
                assertThat(next[0]).as("L* at step %d", step).isGreaterThan(previous[0]);
                assertThat(difference(next, previous)).as("step %d", step).isGreaterThan(3);
                previous = next;
            }
        }
    }

    @Test
    void theSimulationConfusesRedAndGreen() {
        int olive = 0x8a7a2a;
        int red = 0xb05c2a;
        assertThat(difference(lab(olive, FULL_SIGHT), lab(red, FULL_SIGHT)))
                .isGreaterThan(2 * difference(lab(olive, DEUTERANOPIA), lab(red, DEUTERANOPIA)));
    }

    @Test
    void publishedEndsAreKept() {
        assertThat(ColorMap.VIRIDIS.rgb(0)).isEqualTo(0x440154);
        assertThat(ColorMap.VIRIDIS.rgb(1)).isEqualTo(0xfde725);
        assertThat(ColorMap.CIVIDIS.rgb(0)).isEqualTo(0x00224e);
        assertThat(ColorMap.INFERNO.rgb(1)).isEqualTo(0xfcffa4);
        // Color 128 of the published 256 is 0x21918c; every fifth is stored, the rest are off by one step of 8 bits.
        int middle = ColorMap.VIRIDIS.rgb(128 / 255.0);
        assertThat(red(middle)).isCloseTo(0x21, within(1));
        assertThat(middle >> 8 & 0xff).isCloseTo(0x91, within(1));
        assertThat(blue(middle)).isCloseTo(0x8c, within(1));
    }

    @Test
    void positionsOutsideAreClamped() {
        assertThat(ColorMap.GRAY.rgb(-3)).isZero();
        assertThat(ColorMap.GRAY.rgb(7)).isEqualTo(0xffffff);
    }

    @Test
    void lightnessAgreesWithKnownColors() {
        assertThat(Lightness.of(0xffffff)).isCloseTo(100, within(1e-6));
        assertThat(Lightness.of(0x777777)).isCloseTo(50.03, within(0.01));
        assertThat(Lightness.of(0xff0000)).isCloseTo(53.24, within(0.01));
        assertThat(Lightness.of(Lightness.color(40, 0.1, 1))).isCloseTo(40, within(0.3));
    }

    private static int red(int rgb) {
        return rgb >> 16 & 0xff;
    }

    private static int blue(int rgb) {
        return rgb & 0xff;
    }

    private static double difference(double[] left, double[] right) {
        return Math.sqrt(
                Math.pow(left[0] - right[0], 2) + Math.pow(left[1] - right[1], 2) + Math.pow(left[2] - right[2], 2));
    }

    /** CIELAB under D65 of a color as those eyes see it. */
    private static double[] lab(int rgb, double[][] eyes) {
        double[] linear = new double[3];
        for (int channel = 0; channel < 3; channel++) {
            double encoded = (rgb >> (16 - 8 * channel) & 0xff) / 255.0;
            linear[channel] = encoded <= 0.04045 ? encoded / 12.92 : Math.pow((encoded + 0.055) / 1.055, 2.4);
        }
        double[] seen = Arrays.stream(times(eyes, linear))
                .map(value -> Math.min(Math.max(value, 0), 1))
                .toArray();
        double[] xyz = times(
                new double[][] {
                    {0.4124564, 0.3575761, 0.1804375},
                    {0.2126729, 0.7151522, 0.0721750},
                    {0.0193339, 0.1191920, 0.9503041}
                },
                seen);
        double x = root(xyz[0] / 0.95047);
        double y = root(xyz[1]);
        double z = root(xyz[2] / 1.08883);
        return new double[] {116 * y - 16, 500 * (x - y), 200 * (y - z)};
    }

    private static double root(double value) {
        return value > 216.0 / 24389 ? Math.cbrt(value) : (24389.0 / 27 * value + 16) / 116;
    }

    private static double[] times(double[][] matrix, double[] vector) {
        return Arrays.stream(matrix)
                .mapToDouble(row -> row[0] * vector[0] + row[1] * vector[1] + row[2] * vector[2])
                .toArray();
    }
}
