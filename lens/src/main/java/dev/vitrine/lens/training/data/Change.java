package dev.vitrine.lens.training.data;

import dev.vitrine.lens.data.Picture;
import java.awt.Rectangle;
import java.util.Optional;

/**
 * The augmentation of one picture by {@link Augmentation}, at any size.
 *
 * @param width of the picture in which the erased rectangle is given
 * @param height the same
 * @param across width of the crop, as a share of the source's width
 * @param down height of the crop, as a share of the source's height
 * @param centerX of the part, as a share of the source's width
 * @param centerY the same of its height
 * @param angle of rotation, in radians
 * @param direction −1 if flipped horizontally, else 1
 * @param covered the rectangle that is erased
 */
record Change(
        int width,
        int height,
        double across,
        double down,
        double centerX,
        double centerY,
        double angle,
        double direction,
        Optional<Colors> colors,
        Optional<Rectangle> covered) {
    /** Factors of color jitter. */
    record Colors(float brightness, float contrast, float saturation) {}

    /**
     * The augmented picture at a given size.
     *
     * @param cover color of the erased rectangle, {@code 0xRRGGBB}
     */
    Picture apply(Picture picture, int newWidth, int newHeight, int cover) {
        byte[] rgb = part(picture, newWidth, newHeight);
        colors.ifPresent(factors -> recolor(rgb, factors));
        covered.ifPresent(rectangle -> erase(rgb, newWidth, newHeight, rectangle, cover));
        return Picture.wrap(newWidth, newHeight, rgb);
    }

    private byte[] part(Picture picture, int newWidth, int newHeight) {
        double stepX = direction * across * picture.width() / newWidth;
        double stepY = down * picture.height() / newHeight;
        double cos = Math.cos(angle);
        double sin = Math.sin(angle);
        byte[] target = new byte[3 * newWidth * newHeight];
        int at = 0;
        for (int y = 0; y < newHeight; y++) {
            double v = (y + 0.5 - newHeight / 2.0) * stepY;
            for (int x = 0; x < newWidth; x++) {
                double u = (x + 0.5 - newWidth / 2.0) * stepX;
                double sourceX = centerX * picture.width() + cos * u - sin * v - 0.5;
                double sourceY = centerY * picture.height() + sin * u + cos * v - 0.5;
                interpolate(picture, sourceX, sourceY, target, at);
                at += 3;
            }
        }
        return target;
    }

    /** Bilinear interpolation; outside the picture, its border. */
    private static void interpolate(Picture picture, double x, double y, byte[] target, int at) {
        byte[] source = picture.sharedRgb();
        double inX = Math.max(0, Math.min(picture.width() - 1.0, x));
        double inY = Math.max(0, Math.min(picture.height() - 1.0, y));
        int left = (int) inX;
        int top = (int) inY;
        float right = (float) (inX - left);
        float bottom = (float) (inY - top);
        int first = 3 * (top * picture.width() + left);
        int beside = left + 1 < picture.width() ? 3 : 0;
        int below = top + 1 < picture.height() ? 3 * picture.width() : 0;
        for (int channel = 0; channel < 3; channel++) {
            int i = first + channel;
            float upper = (source[i] & 255) * (1 - right) + (source[i + beside] & 255) * right;
            float lower = (source[i + below] & 255) * (1 - right) + (source[i + below + beside] & 255) * right;
            target[at + channel] = (byte) (int) (upper * (1 - bottom) + lower * bottom + 0.5f);
        }
    }

    private static void recolor(byte[] rgb, Colors factors) {
        for (int i = 0; i < rgb.length; i += 3) {
            int red = rgb[i] & 255;
            int green = rgb[i + 1] & 255;
            int blue = rgb[i + 2] & 255;
            float gray = 0.299f * red + 0.587f * green + 0.114f * blue;
            for (int channel = 0; channel < 3; channel++) {
                float saturated = gray + factors.saturation() * ((rgb[i + channel] & 255) - gray);
                float changed = factors.brightness() * (128 + factors.contrast() * (saturated - 128));
                rgb[i + channel] = (byte) (int) Math.max(0, Math.min(255, changed + 0.5f));
            }
        }
    }

    private void erase(byte[] rgb, int newWidth, int newHeight, Rectangle rectangle, int cover) {
        int bottom = (rectangle.y + rectangle.height) * newHeight / height;
        int right = (rectangle.x + rectangle.width) * newWidth / width;
        for (int y = rectangle.y * newHeight / height; y < bottom; y++) {
            for (int x = rectangle.x * newWidth / width; x < right; x++) {
                int i = 3 * (y * newWidth + x);
                rgb[i] = (byte) (cover >> 16);
                rgb[i + 1] = (byte) (cover >> 8);
                rgb[i + 2] = (byte) cover;
            }
        }
    }
}
