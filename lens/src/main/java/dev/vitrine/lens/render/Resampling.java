package dev.vitrine.lens.render;

/** How a map is resized. */
public enum Resampling {
    /** Nearest neighbor. */
    NEAREST,
    /** Bilinear between cell centers, edges clamped: PyTorch's {@code interpolate(align_corners=False)}. */
    BILINEAR;

    /** {@code f32[height,width]} as {@code f32[toHeight,toWidth]}, both row by row. */
    public float[] apply(float[] values, int height, int width, int toHeight, int toWidth) {
        if (values.length != height * width) {
            throw new IllegalArgumentException(values.length + " values for " + height + " x " + width);
        }
        if (height == toHeight && width == toWidth) {
            return values.clone();
        }
        float[] result = new float[Math.multiplyExact(toHeight, toWidth)];
        switch (this) {
            case NEAREST -> nearest(values, height, width, result, toHeight, toWidth);
            case BILINEAR -> bilinear(values, height, width, result, toHeight, toWidth);
        }
        return result;
    }

    private static void nearest(float[] values, int height, int width, float[] result, int toHeight, int toWidth) {
        for (int y = 0; y < toHeight; y++) {
            int row = cell(y, height, toHeight) * width;
            for (int x = 0; x < toWidth; x++) {
                result[y * toWidth + x] = values[row + cell(x, width, toWidth)];
            }
        }
    }

    private static int cell(int place, int from, int to) {
        return (int) ((long) place * from / to);
    }

    private static void bilinear(float[] values, int height, int width, float[] result, int toHeight, int toWidth) {
        int[] lefts = new int[toWidth];
        double[] acrosses = new double[toWidth];
        for (int x = 0; x < toWidth; x++) {
            double center = center(x, width, toWidth);
            lefts[x] = Math.min((int) center, width - 1);
            acrosses[x] = center - lefts[x];
        }
        for (int y = 0; y < toHeight; y++) {
            double center = center(y, height, toHeight);
            int top = Math.min((int) center, height - 1);
            double down = center - top;
            int upper = top * width;
            int lower = Math.min(top + 1, height - 1) * width;
            for (int x = 0; x < toWidth; x++) {
                int left = lefts[x];
                int right = Math.min(left + 1, width - 1);
                double across = acrosses[x];
                double above = values[upper + left] * (1 - across) + values[upper + right] * across;
                double below = values[lower + left] * (1 - across) + values[lower + right] * across;
                result[y * toWidth + x] = (float) (above * (1 - down) + below * down);
            }
        }
    }

    private static double center(int place, int from, int to) {
        return Math.max((place + 0.5) * from / to - 0.5, 0);
    }
}
