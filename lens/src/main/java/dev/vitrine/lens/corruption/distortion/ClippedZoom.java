package dev.vitrine.lens.corruption.distortion;

/**
 * The middle {@code ⌈n/z⌉} of {@code n} values, enlarged z times by linear interpolation with end points on end points, and
 * trimmed to {@code n} about the center.
 */
public final class ClippedZoom {
    private final int[] lower;
    private final int[] upper;
    private final double[] share;

    private ClippedZoom(int[] lower, int[] upper, double[] share) {
        this.lower = lower;
        this.upper = upper;
        this.share = share;
    }

    /** Along one axis of {@code n} values. */
    public static ClippedZoom of(int n, double zoom) {
        int part = (int) Math.ceil(n / zoom);
        int first = (n - part) / 2;
        int enlarged = (int) Math.rint(part * zoom);
        int trim = (enlarged - n) / 2;
        double step = enlarged > 1 ? (part - 1) / (double) (enlarged - 1) : 1;
        int[] lower = new int[n];
        int[] upper = new int[n];
        double[] share = new double[n];
        for (int i = 0; i < n; i++) {
            double at = Math.min((trim + i) * step, part - 1.0);
            int floor = (int) at;
            lower[i] = first + floor;
            upper[i] = first + Math.min(floor + 1, part - 1);
            share[i] = at - floor;
        }
        return new ClippedZoom(lower, upper, share);
    }

    /** Adds the enlarged values {@code f32[H,W,channels]} to {@code sum}. */
    public static void add(float[] values, ClippedZoom rows, ClippedZoom columns, int channels, float[] sum) {
        int width = columns.lower.length;
        int row = width * channels;
        float[] line = new float[row];
        for (int y = 0; y < rows.lower.length; y++) {
            int top = rows.lower[y] * row;
            int bottom = rows.upper[y] * row;
            float share = (float) rows.share[y];
            for (int i = 0; i < row; i++) {
                line[i] = values[top + i] + share * (values[bottom + i] - values[top + i]);
            }
            int at = y * row;
            for (int x = 0; x < width; x++) {
                int left = columns.lower[x] * channels;
                int right = columns.upper[x] * channels;
                float part = (float) columns.share[x];
                for (int c = 0; c < channels; c++, at++) {
                    sum[at] += line[left + c] + part * (line[right + c] - line[left + c]);
                }
            }
        }
    }
}
