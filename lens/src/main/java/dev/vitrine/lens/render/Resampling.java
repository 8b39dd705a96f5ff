package dev.vitrine.lens.render;

/** How a map gets another size. */
public enum Resampling {
    /** The cell that a place lies in. */
    NEAREST,
    /** Between the four nearest cell centres, edges clamped: PyTorch's {@code interpolate(align_corners=False)}. */
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
        for (int y = 0; y < toHeight; y++) {
            for (int x = 0; x < toWidth; x++) {
                result[y * toWidth + x] = switch (this) {
                    case NEAREST -> values[cell(y, height, toHeight) * width + cell(x, width, toWidth)];
                    case BILINEAR ->
                        between(values, height, width, centre(y, height, toHeight), centre(x, width, toWidth));
                };
            }
        }
        return result;
    }

    private static int cell(int place, int from, int to) {
        return (int) ((long) place * from / to);
    }

    private static double centre(int place, int from, int to) {
        return Math.max((place + 0.5) * from / to - 0.5, 0);
    }

    private static float between(float[] values, int height, int width, double y, double x) {
        int top = Math.min((int) y, height - 1);
        int left = Math.min((int) x, width - 1);
        int bottom = Math.min(top + 1, height - 1);
        int right = Math.min(left + 1, width - 1);
        double down = y - top;
        double across = x - left;
        double above = values[top * width + left] * (1 - across) + values[top * width + right] * across;
        double below = values[bottom * width + left] * (1 - across) + values[bottom * width + right] * across;
        return (float) (above * (1 - down) + below * down);
    }
}
