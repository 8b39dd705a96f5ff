package dev.vitrine.lens.render.color;

/** Colors by perceived lightness, hue and chroma: OKLab (Ottosson 2020) for hue, CIE 1976 L* for lightness. */
final class Lightness {
    private static final double[] LUMINANCE = {0.2126, 0.7152, 0.0722};

    private Lightness() {}

    /** CIE L*, 0..100, of a packed sRGB color. */
    static double of(int rgb) {
        double luminance = 0;
        for (int channel = 0; channel < 3; channel++) {
            luminance += LUMINANCE[channel] * linear((rgb >> (16 - 8 * channel) & 0xff) / 255.0);
        }
        return lightness(luminance);
    }

    /**
     * The sRGB color of this L* and OKLab hue with the given OKLab chroma, or with the largest displayable one below.
     *
     * @param hue radians
     */
    static int color(double lightness, double chroma, double hue) {
        double displayable = chroma;
        double[] linear = linear(lightness, displayable, hue);
        while (!displayable(linear)) {
            displayable -= 0.001;
            linear = displayable <= 0 ? linear(lightness, 0, hue) : linear(lightness, displayable, hue);
            if (displayable <= 0) {
                break;
            }
        }
        int rgb = 0;
        for (double channel : linear) {
            double encoded = encoded(Math.min(Math.max(channel, 0), 1));
            rgb = rgb << 8 | (int) Math.round(encoded * 255);
        }
        return rgb;
    }

    private static boolean displayable(double[] linear) {
        for (double channel : linear) {
            if (channel < -1e-6 || channel > 1 + 1e-6) {
                return false;
            }
        }
        return true;
    }

    private static double[] linear(double lightness, double chroma, double hue) {
        double a = chroma * StrictMath.cos(hue);
        double b = chroma * StrictMath.sin(hue);
        double low = 0;
        double high = 1.2;
        for (int step = 0; step < 60; step++) {
            double middle = (low + high) / 2;
            if (lightness(luminance(oklabToLinear(middle, a, b))) < lightness) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return oklabToLinear(low, a, b);
    }

    private static double luminance(double[] linear) {
        return LUMINANCE[0] * linear[0] + LUMINANCE[1] * linear[1] + LUMINANCE[2] * linear[2];
    }

    private static double lightness(double luminance) {
        double cubeRoot =
                luminance > 216.0 / 24389 ? StrictMath.cbrt(luminance) : (24389.0 / 27 * luminance + 16) / 116;
        return 116 * cubeRoot - 16;
    }

    private static double[] oklabToLinear(double lightness, double a, double b) {
        double l = cube(lightness + 0.3963377774 * a + 0.2158037573 * b);
        double m = cube(lightness - 0.1055613458 * a - 0.0638541728 * b);
        double s = cube(lightness - 0.0894841775 * a - 1.2914855480 * b);
        return new double[] {
            4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
            -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
            -0.0041960863 * l - 0.7034186147 * m + 1.7076147010 * s
        };
    }

    private static double cube(double value) {
        return value * value * value;
    }

    private static double linear(double encoded) {
        return encoded <= 0.04045 ? encoded / 12.92 : StrictMath.pow((encoded + 0.055) / 1.055, 2.4);
    }

    private static double encoded(double linear) {
        return linear <= 0.0031308 ? linear * 12.92 : 1.055 * StrictMath.pow(linear, 1 / 2.4) - 0.055;
    }
}
