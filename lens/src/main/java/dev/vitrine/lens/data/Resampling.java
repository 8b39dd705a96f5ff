package dev.vitrine.lens.data;

/**
 * How pixels are weighted when a picture changes size; all but {@link #NEAREST} widen their kernel by the factor of a
 * reduction, so that they do not alias.
 */
public enum Resampling {
    /** The pixel under the middle of the new one. */
    NEAREST(0),
    /** 1 for |x| ≤ 1/2. */
    BOX(0.5),
    /** {@code 1 − |x| for |x| < 1}. */
    BILINEAR(1),
    /** Keys 1981 with a = −1/2, doi:10.1109/TASSP.1981.1163711. */
    BICUBIC(2),
    /** {@code sinc(x) · sinc(x / 3) for |x| < 3}. */
    LANCZOS(3);

    private final double support;

    Resampling(double support) {
        this.support = support;
    }

    /** Half of the kernel's width, in source pixels when nothing shrinks. */
    double support() {
        return support;
    }

    double weight(double signedDistance) {
        double x = Math.abs(signedDistance);
        return switch (this) {
            case NEAREST -> throw new IllegalStateException("NEAREST picks pixels and weighs none");
            case BOX -> signedDistance > -0.5 && signedDistance <= 0.5 ? 1 : 0;
            case BILINEAR -> x < 1 ? 1 - x : 0;
            case BICUBIC -> x < 1 ? (1.5 * x - 2.5) * x * x + 1 : x < 2 ? -0.5 * (((x - 5) * x + 8) * x - 4) : 0;
            case LANCZOS -> x < 3 ? sinc(x) * sinc(x / 3) : 0;
        };
    }

    private static double sinc(double x) {
        return x == 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
    }
}
