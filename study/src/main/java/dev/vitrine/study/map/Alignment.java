package dev.vitrine.study.map;

/** Procrustes alignment of points in the plane: the turn, mirroring, scale and shift nearest to other points. */
final class Alignment {
    private Alignment() {}

    /** Centered, with a mean square distance of 1 from the center. */
    static double[] normalized(double[] points) {
        int count = points.length / 2;
        double[] center = new double[2];
        for (int i = 0; i < points.length; i++) {
            center[i % 2] += points[i] / count;
        }
        double[] normal = new double[points.length];
        double square = 0;
        for (int i = 0; i < points.length; i++) {
            normal[i] = points[i] - center[i % 2];
            square += normal[i] * normal[i] / count;
        }
        double scale = square > 0 ? 1 / Math.sqrt(square) : 1;
        for (int i = 0; i < points.length; i++) {
            normal[i] *= scale;
        }
        return normal;
    }

    /**
     * Normalized points turned, and mirrored if that is nearer: the orthogonal R that maximizes tr(RᵀM), M = Σ p qᵀ.
     *
     * @param towards normalized points of the same number
     */
    static double[] aligned(double[] points, double[] towards) {
        double[] normal = normalized(points);
        double a = 0;
        double b = 0;
        double c = 0;
        double d = 0;
        for (int i = 0; i < normal.length; i += 2) {
            a += towards[i] * normal[i];
            b += towards[i] * normal[i + 1];
            c += towards[i + 1] * normal[i];
            d += towards[i + 1] * normal[i + 1];
        }
        double turned = Math.hypot(a + d, c - b);
        double mirrored = Math.hypot(a - d, b + c);
        boolean flips = mirrored > turned;
        double cosine = flips ? a - d : a + d;
        double sine = flips ? b + c : c - b;
        double length = Math.hypot(cosine, sine);
        if (!(length > 0)) {
            return normal;
        }
        cosine /= length;
        sine /= length;
        double[] result = new double[normal.length];
        for (int i = 0; i < normal.length; i += 2) {
            double x = normal[i];
            double y = flips ? -normal[i + 1] : normal[i + 1];
            result[i] = cosine * x - sine * y;
            result[i + 1] = sine * x + cosine * y;
        }
        return result;
    }
}
