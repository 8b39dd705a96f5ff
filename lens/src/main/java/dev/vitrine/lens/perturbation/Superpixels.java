package dev.vitrine.lens.perturbation;

import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.data.Picture;
import dev.vitrine.lens.session.AnswerKey;
import dev.vitrine.lens.session.ModelSession;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * SLIC: k-means of pixels by CIELAB color and position, each center limited to its surroundings; then disconnected or
 * too small pieces are merged into a neighbor. Achanta et al. 2012, doi:10.1109/TPAMI.2012.120.
 */
final class Superpixels {
    /** Meanings of settings shared by superpixel methods. */
    static final String COUNT = "superpixels that the picture is cut into, about";

    static final String COVER = "what stands where a superpixel is taken away";

    /** Color distance that counts as much as the distance between centers. */
    private static final double COMPACTNESS = 10;

    private static final int ROUNDS = 10;

    /** Share of the nominal size below which a piece is merged into a neighbor. */
    private static final int SMALLEST_SHARE = 4;

    private final int width;
    private final int height;
    private final int[] labels;
    private final int count;

    private Superpixels(int width, int height, int[] labels, int count) {
        this.width = width;
        this.height = height;
        this.labels = labels;
        this.count = count;
    }

    /** What a segmentation depends on; methods with equal settings share it. */
    private record Question(Tensor image, int wanted) implements AnswerKey<Superpixels> {}

    /** For a preprocessed image {@code f32[1,…]}, by its displayed colors. */
    static Superpixels of(ModelSession session, Tensor image, int wanted) {
        return session.latest(
                new Question(image, wanted),
                () -> of(session.model().preprocessing().picture(image, 0), wanted));
    }

    /** About {@code wanted} superpixels; never more than pixels. */
    static Superpixels of(Picture picture, int wanted) {
        return new Slic(picture, wanted).run();
    }

    int width() {
        return width;
    }

    int height() {
        return height;
    }

    int count() {
        return count;
    }

    /** The superpixel at a position, from 0. */
    int at(int x, int y) {
        return labels[y * width + x];
    }

    /** Number of pixels of each. */
    int[] sizes() {
        int[] sizes = new int[count];
        for (int label : labels) {
            sizes[label]++;
        }
        return sizes;
    }

    /** The bounding box of a superpixel. */
    record Bounds(int top, int left, int height, int width) {}

    List<Bounds> bounds() {
        int[] top = new int[count];
        int[] left = new int[count];
        int[] bottom = new int[count];
        int[] right = new int[count];
        Arrays.fill(top, height);
        Arrays.fill(left, width);
        for (int place = 0; place < labels.length; place++) {
            int label = labels[place];
            top[label] = Math.min(top[label], place / width);
            bottom[label] = Math.max(bottom[label], place / width);
            left[label] = Math.min(left[label], place % width);
            right[label] = Math.max(right[label], place % width);
        }
        List<Bounds> bounds = new ArrayList<>();
        for (int label = 0; label < count; label++) {
            bounds.add(new Bounds(
                    top[label], left[label], bottom[label] - top[label] + 1, right[label] - left[label] + 1));
        }
        return bounds;
    }

    /** Writes 1 at the pixels of kept superpixels, 0 elsewhere. */
    void write(boolean[] kept, float[] mask) {
        for (int place = 0; place < labels.length; place++) {
            mask[place] = kept[labels[place]] ? 1 : 0;
        }
    }

    /** One number per superpixel as {@code f32[1,1,H,W]}. */
    Tensor spread(double[] values) {
        float[] map = new float[labels.length];
        for (int place = 0; place < map.length; place++) {
            map[place] = (float) values[labels[place]];
        }
        return Tensor.floats(map, 1, 1, height, width);
    }

    private static final class Slic {
        private final int width;
        private final int height;
        private final double[][] lab;
        private final int columns;
        private final int rows;
        private final double step;

        Slic(Picture picture, int wanted) {
            width = picture.width();
            height = picture.height();
            lab = new double[3][width * height];
            for (int y = 0; y < height; y++) {
                for (int x = 0; x < width; x++) {
                    double[] color = lab(picture.color(x, y));
                    for (int channel = 0; channel < 3; channel++) {
                        lab[channel][y * width + x] = color[channel];
                    }
                }
            }
            double side = Math.sqrt((double) width * height / wanted);
            long across = clamped(width / side, width);
            rows = (int) clamped((double) wanted / across, height);
            columns = (int) clamped((double) wanted / rows, width);
            step = Math.sqrt((double) width * height / (columns * rows));
        }

        private static long clamped(double number, int most) {
            return Math.max(1, Math.min(most, Math.round(number)));
        }

        Superpixels run() {
            double[][] centers = centers();
            int[] labels = new int[width * height];
            for (int round = 0; round < ROUNDS; round++) {
                assign(centers, labels);
                move(centers, labels);
            }
            return connected(labels);
        }

        /** L, a, b, x, y at the lowest gradient in the 3×3 neighborhood of each grid point. */
        private double[][] centers() {
            double[][] centers = new double[columns * rows][];
            for (int row = 0; row < rows; row++) {
                for (int column = 0; column < columns; column++) {
                    int x = (int) ((column + 0.5) * width / columns);
                    int y = (int) ((row + 0.5) * height / rows);
                    centers[row * columns + column] = center(flattest(x, y));
                }
            }
            return centers;
        }

        private int flattest(int x, int y) {
            int best = y * width + x;
            double least = slope(x, y);
            // On a dense grid, centers would coincide.
            int reach = step >= 3 ? 1 : 0;
            for (int j = y - reach; j <= y + reach; j++) {
                for (int i = x - reach; i <= x + reach; i++) {
                    if (i >= 0 && i < width && j >= 0 && j < height && slope(i, j) < least) {
                        least = slope(i, j);
                        best = j * width + i;
                    }
                }
            }
            return best;
        }

        private double slope(int x, int y) {
            int left = y * width + Math.max(0, x - 1);
            int right = y * width + Math.min(width - 1, x + 1);
            int above = Math.max(0, y - 1) * width + x;
            int below = Math.min(height - 1, y + 1) * width + x;
            return colorDistance(left, right) + colorDistance(above, below);
        }

        private double colorDistance(int one, int other) {
            double sum = 0;
            for (double[] channel : lab) {
                sum += (channel[one] - channel[other]) * (channel[one] - channel[other]);
            }
            return sum;
        }

        private double[] center(int place) {
            return new double[] {lab[0][place], lab[1][place], lab[2][place], place % width, place / width};
        }

        private void assign(double[][] centers, int[] labels) {
            double[] nearest = new double[labels.length];
            Arrays.fill(nearest, Double.POSITIVE_INFINITY);
            double spatial = COMPACTNESS * COMPACTNESS / (step * step);
            for (int label = 0; label < centers.length; label++) {
                double[] center = centers[label];
                int top = (int) Math.max(0, Math.floor(center[4] - step));
                int bottom = (int) Math.min(height - 1, Math.ceil(center[4] + step));
                int left = (int) Math.max(0, Math.floor(center[3] - step));
                int right = (int) Math.min(width - 1, Math.ceil(center[3] + step));
                for (int y = top; y <= bottom; y++) {
                    for (int x = left; x <= right; x++) {
                        int place = y * width + x;
                        double lightness = lab[0][place] - center[0];
                        double a = lab[1][place] - center[1];
                        double b = lab[2][place] - center[2];
                        double aside = x - center[3];
                        double down = y - center[4];
                        double distance =
                                lightness * lightness + a * a + b * b + spatial * (aside * aside + down * down);
                        if (distance < nearest[place]) {
                            nearest[place] = distance;
                            labels[place] = label;
                        }
                    }
                }
            }
        }

        private void move(double[][] centers, int[] labels) {
            double[][] sums = new double[centers.length][5];
            int[] sizes = new int[centers.length];
            for (int place = 0; place < labels.length; place++) {
                double[] sum = sums[labels[place]];
                for (int channel = 0; channel < 3; channel++) {
                    sum[channel] += lab[channel][place];
                }
                sum[3] += place % width;
                sum[4] += place / width;
                sizes[labels[place]]++;
            }
            for (int label = 0; label < centers.length; label++) {
                for (int i = 0; i < 5 && sizes[label] > 0; i++) {
                    centers[label][i] = sums[label][i] / sizes[label];
                }
            }
        }

        /** Labels connected components from 0 in raster order; a small one takes an earlier neighbor's label. */
        private Superpixels connected(int[] labels) {
            int[] pieces = new int[labels.length];
            Arrays.fill(pieces, -1);
            int[] queue = new int[labels.length];
            int smallest = (int) (step * step / SMALLEST_SHARE);
            int count = 0;
            for (int start = 0; start < labels.length; start++) {
                if (pieces[start] >= 0) {
                    continue;
                }
                int size = 0;
                int neighbor = -1;
                queue[size++] = start;
                pieces[start] = count;
                for (int next = 0; next < size; next++) {
                    int place = queue[next];
                    for (int other : around(place)) {
                        if (pieces[other] < 0 && labels[other] == labels[start]) {
                            pieces[other] = count;
                            queue[size++] = other;
                        } else if (neighbor < 0 && pieces[other] >= 0 && pieces[other] != count) {
                            neighbor = pieces[other];
                        }
                    }
                }
                if (size < smallest && neighbor >= 0) {
                    for (int i = 0; i < size; i++) {
                        pieces[queue[i]] = neighbor;
                    }
                } else {
                    count++;
                }
            }
            return new Superpixels(width, height, pieces, count);
        }

        private int[] around(int place) {
            int x = place % width;
            int y = place / width;
            int[] around = new int[4];
            int size = 0;
            if (x > 0) {
                around[size++] = place - 1;
            }
            if (x < width - 1) {
                around[size++] = place + 1;
            }
            if (y > 0) {
                around[size++] = place - width;
            }
            if (y < height - 1) {
                around[size++] = place + width;
            }
            return Arrays.copyOf(around, size);
        }

        /** CIELAB of an sRGB color, white D65. */
        private static double[] lab(int rgb) {
            double red = linear(rgb >> 16 & 255);
            double green = linear(rgb >> 8 & 255);
            double blue = linear(rgb & 255);
            double x = root((0.4124564 * red + 0.3575761 * green + 0.1804375 * blue) / 0.950456);
            double y = root(0.2126729 * red + 0.7151522 * green + 0.0721750 * blue);
            double z = root((0.0193339 * red + 0.1191920 * green + 0.9503041 * blue) / 1.088754);
            return new double[] {116 * y - 16, 500 * (x - y), 200 * (y - z)};
        }

        private static double linear(int sample) {
            double value = sample / 255.0;
            return value <= 0.04045 ? value / 12.92 : Math.pow((value + 0.055) / 1.055, 2.4);
        }

        private static double root(double value) {
            return value > 216.0 / 24389 ? Math.cbrt(value) : (24389.0 / 27 * value + 16) / 116;
        }
    }
}
