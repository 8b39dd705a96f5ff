package dev.vitrine.lens.perturbation;

/** Squares of one side on a picture, at rows and columns 0, stride, 2 stride … that fit. */
public record Windows(int height, int width, int side, int stride) {
    public int rows() {
        return (height - side) / stride + 1;
    }

    public int columns() {
        return (width - side) / stride + 1;
    }

    public int count() {
        return rows() * columns();
    }

    public int top(int place) {
        return place / columns() * stride;
    }

    public int left(int place) {
        return place % columns() * stride;
    }

    /** For each pixel the mean over the windows that contain it, or the nearest window's value if none does. */
    public float[] spread(float[] numbers) {
        float[] pixels = new float[height * width];
        for (int y = 0; y < height; y++) {
            Span down = holding(y, rows());
            for (int x = 0; x < width; x++) {
                Span across = holding(x, columns());
                double sum = 0;
                for (int row = down.first(); row <= down.last(); row++) {
                    for (int column = across.first(); column <= across.last(); column++) {
                        sum += numbers[row * columns() + column];
                    }
                }
                pixels[y * width + x] = (float) (sum / (down.length() * across.length()));
            }
        }
        return pixels;
    }

    /** For each pixel the index of the window with the nearest center, row by row. */
    public int[] nearest() {
        int[] places = new int[height * width];
        for (int pixel = 0; pixel < places.length; pixel++) {
            long row = Math.round(between(pixel / width, rows()));
            long column = Math.round(between(pixel % width, columns()));
            places[pixel] = Math.toIntExact(row * columns() + column);
        }
        return places;
    }

    /** Bilinear interpolation between window centers, for each pixel. */
    public float[] between(float[] numbers) {
        float[] pixels = new float[height * width];
        for (int pixel = 0; pixel < pixels.length; pixel++) {
            double down = between(pixel / width, rows());
            double across = between(pixel % width, columns());
            int row = (int) down;
            int column = (int) across;
            int below = Math.min(row + 1, rows() - 1);
            int beside = Math.min(column + 1, columns() - 1);
            double upper = mixed(numbers[row * columns() + column], numbers[row * columns() + beside], across - column);
            double lower =
                    mixed(numbers[below * columns() + column], numbers[below * columns() + beside], across - column);
            pixels[pixel] = (float) mixed(upper, lower, down - row);
        }
        return pixels;
    }

    /** The position of a pixel's center among the window centers along an axis. */
    private double between(int pixel, int count) {
        double at = (pixel + 0.5 - side / 2.0) / stride;
        return Math.max(0, Math.min(count - 1, at));
    }

    private static double mixed(double one, double other, double share) {
        return one + share * (other - one);
    }

    /** First and last window along an axis that contain a pixel; twice the nearest if none does. */
    private Span holding(int pixel, int count) {
        int latest = Math.min(count - 1, pixel / stride);
        int earliest = Math.max(0, Math.floorDiv(pixel - side, stride) + 1);
        if (earliest <= latest) {
            return new Span(earliest, latest);
        }
        boolean before = earliest == count || pixel - (latest * stride + side - 1) <= earliest * stride - pixel;
        int nearest = before ? latest : earliest;
        return new Span(nearest, nearest);
    }

    private record Span(int first, int last) {
        int length() {
            return last - first + 1;
        }
    }
}
