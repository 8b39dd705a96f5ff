package dev.vitrine.lens.property;

/** Properties of the luminance's slopes (gx, gy), central differences with the border repeated. */
final class Edges {
    private Edges() {}

    /** Sums over all places of a function of the slopes. */
    private interface Slope {
        double of(double across, double down);
    }

    private static double sum(Shades shades, Slope slope) {
        double sum = 0;
        for (int y = 0; y < shades.height(); y++) {
            for (int x = 0; x < shades.width(); x++) {
                sum += slope.of(
                        0.5 * (shades.luminance(x + 1, y) - shades.luminance(x - 1, y)),
                        0.5 * (shades.luminance(x, y + 1) - shades.luminance(x, y - 1)));
            }
        }
        return sum;
    }

    static double strength(Shades shades) {
        return sum(shades, Math::hypot) / (shades.width() * shades.height());
    }

    /** Σ(gx² − gy²) / Σ(gx² + gy²); an edge is vertical where the slope goes across. */
    static double verticality(Shades shades) {
        return share(shades, (across, down) -> across * across - down * down);
    }

    /** Σ 2·gx·gy / Σ(gx² + gy²), positive where edges rise to the right, y down. */
    static double rise(Shades shades) {
        return share(shades, (across, down) -> 2 * across * down);
    }

    private static double share(Shades shades, Slope slope) {
        double all = sum(shades, (across, down) -> across * across + down * down);
        return all > 0 ? sum(shades, slope) / all : 0;
    }
}
