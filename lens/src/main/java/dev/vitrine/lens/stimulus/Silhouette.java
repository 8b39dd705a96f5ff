package dev.vitrine.lens.stimulus;

import dev.vitrine.lens.data.Picture;

/**
 * Black where a picture differs from the mean color of its border, white elsewhere, by the threshold of Otsu 1979,
 * doi:10.1109/TSMC.1979.4310076. For objects on a plain background.
 */
final class Silhouette {
    private static final int LEVELS = 256;

    private Silhouette() {}

    static Picture of(Picture picture) {
        int[] distances = distances(picture);
        int threshold = threshold(distances);
        byte[] rgb = new byte[3 * distances.length];
        for (int index = 0; index < rgb.length; index++) {
            rgb[index] = (byte) (distances[index / 3] > threshold ? 0 : 255);
        }
        return Picture.wrap(picture.width(), picture.height(), rgb);
    }

    private static int[] distances(Picture picture) {
        byte[] rgb = picture.sharedRgb();
        int width = picture.width();
        int height = picture.height();
        double[] border = new double[3];
        int count = 0;
        for (int place = 0; place < width * height; place++) {
            int x = place % width;
            int y = place / width;
            if (x == 0 || y == 0 || x == width - 1 || y == height - 1) {
                count++;
                for (int channel = 0; channel < 3; channel++) {
                    border[channel] += rgb[3 * place + channel] & 255;
                }
            }
        }
        int[] distances = new int[width * height];
        for (int place = 0; place < distances.length; place++) {
            double squares = 0;
            for (int channel = 0; channel < 3; channel++) {
                double difference = (rgb[3 * place + channel] & 255) - border[channel] / count;
                squares += difference * difference;
            }
            distances[place] = (int) Math.round(Math.sqrt(squares / 3));
        }
        return distances;
    }

    /** Of greatest variance between the classes below and above. */
    private static int threshold(int[] values) {
        long[] histogram = new long[LEVELS];
        double total = 0;
        for (int value : values) {
            histogram[value]++;
            total += value;
        }
        double below = 0;
        long count = 0;
        double best = -1;
        int threshold = 0;
        for (int level = 0; level < LEVELS - 1; level++) {
            count += histogram[level];
            below += (double) level * histogram[level];
            if (count > 0 && count < values.length) {
                double difference = below / count - (total - below) / (values.length - count);
                double variance = (double) count * (values.length - count) * difference * difference;
                if (variance > best) {
                    best = variance;
                    threshold = level;
                }
            }
        }
        return threshold;
    }
}
