package dev.vitrine.lens.transformation;

import dev.vitrine.lens.data.Picture;

/** Pictures moved, enlarged and turned about their center: bilinear, gray where there is no picture. */
final class Placement {
    private static final int GRAY = 128;

    private Placement() {}

    /** A place of the source for a place of the result, both relative to the center. */
    private interface Source {
        double at(double x, double y);
    }

    /** Content moves right and down by pixels. */
    static Picture moved(Picture picture, double right, double down) {
        return placed(picture, (x, y) -> x - right, (x, y) -> y - down, Double.POSITIVE_INFINITY);
    }

    static Picture enlarged(Picture picture, double factor) {
        return placed(picture, (x, y) -> x / factor, (x, y) -> y / factor, Double.POSITIVE_INFINITY);
    }

    /** Turned counterclockwise, within the inscribed disc: corners would tell right angles from all others. */
    static Picture turned(Picture picture, double degrees) {
        double cosine = Math.cos(Math.toRadians(degrees));
        double sine = Math.sin(Math.toRadians(degrees));
        return placed(
                picture,
                (x, y) -> cosine * x - sine * y,
                (x, y) -> sine * x + cosine * y,
                Math.min(picture.width(), picture.height()) / 2.0);
    }

    private static Picture placed(Picture picture, Source across, Source down, double radius) {
        int width = picture.width();
        int height = picture.height();
        double centerX = (width - 1) / 2.0;
        double centerY = (height - 1) / 2.0;
        byte[] source = picture.sharedRgb();
        byte[] rgb = new byte[source.length];
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                double fromX = centerX + across.at(x - centerX, y - centerY);
                double fromY = centerY + down.at(x - centerX, y - centerY);
                boolean outside = Math.hypot(x - centerX, y - centerY) > radius;
                for (int channel = 0; channel < 3; channel++) {
                    rgb[3 * (y * width + x) + channel] =
                            outside ? (byte) GRAY : level(source, width, height, fromX, fromY, channel);
                }
            }
        }
        return Picture.wrap(width, height, rgb);
    }

    private static byte level(byte[] source, int width, int height, double x, double y, int channel) {
        // Sines of right angles are not exactly 0 and 1.
        double exactX = Math.rint(x * 1e9) / 1e9;
        double exactY = Math.rint(y * 1e9) / 1e9;
        int left = (int) Math.floor(exactX);
        int top = (int) Math.floor(exactY);
        double right = exactX - left;
        double below = exactY - top;
        double upper = (1 - right) * shade(source, width, height, left, top, channel)
                + right * shade(source, width, height, left + 1, top, channel);
        double lower = (1 - right) * shade(source, width, height, left, top + 1, channel)
                + right * shade(source, width, height, left + 1, top + 1, channel);
        return (byte) Math.round((1 - below) * upper + below * lower);
    }

    private static int shade(byte[] source, int width, int height, int x, int y, int channel) {
        return x < 0 || y < 0 || x >= width || y >= height ? GRAY : source[3 * (y * width + x) + channel] & 255;
    }
}
