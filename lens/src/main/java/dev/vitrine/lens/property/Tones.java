package dev.vitrine.lens.property;

/** Properties of brightness and color. */
final class Tones {
    private Tones() {}

    static double brightness(Shades shades) {
        double sum = 0;
        for (int place = 0; place < places(shades); place++) {
            sum += luminance(shades, place);
        }
        return sum / places(shades);
    }

    static double contrast(Shades shades) {
        double mean = brightness(shades);
        double sum = 0;
        for (int place = 0; place < places(shades); place++) {
            sum += (luminance(shades, place) - mean) * (luminance(shades, place) - mean);
        }
        return Math.sqrt(sum / places(shades));
    }

    /**
     * {@code √(σ²rg + σ²yb) + 0.3 √(μ²rg + μ²yb)} with rg = R − G and yb = (R + G)/2 − B, colors in 0..1. Hasler and Süsstrunk
     * 2003, doi:10.1117/12.477378.
     */
    static double colorfulness(Shades shades) {
        double[] sums = new double[4];
        for (int place = 0; place < places(shades); place++) {
            double across = shades.color(0, place) - shades.color(1, place);
            double down = 0.5 * (shades.color(0, place) + shades.color(1, place)) - shades.color(2, place);
            sums[0] += across;
            sums[1] += down;
            sums[2] += across * across;
            sums[3] += down * down;
        }
        double across = sums[0] / places(shades);
        double down = sums[1] / places(shades);
        double variance = sums[2] / places(shades) - across * across + sums[3] / places(shades) - down * down;
        return Math.sqrt(Math.max(0, variance)) + 0.3 * Math.hypot(across, down);
    }

    static double warmth(Shades shades) {
        double sum = 0;
        for (int place = 0; place < places(shades); place++) {
            sum += shades.color(0, place) - shades.color(2, place);
        }
        return sum / places(shades);
    }

    private static int places(Shades shades) {
        return shades.width() * shades.height();
    }

    private static double luminance(Shades shades, int place) {
        return shades.luminance(place % shades.width(), place / shades.width());
    }
}
