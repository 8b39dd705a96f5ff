package dev.vitrine.lens.training.data;

import dev.vitrine.lens.data.Picture;
import java.util.random.RandomGenerator;

/**
 * Changes at random a picture that is to be learned from, so that no epoch shows the same twice: a part of it, turned,
 * mirrored, in other colours, with a rectangle covered.
 *
 * @param area least share of the picture that the part has, up to 1
 * @param aspect greatest factor by which its proportions change, from 1
 * @param shift how far the part may reach beyond the picture, as a share of its side; the rim goes on there
 * @param rotation greatest turn either way, in degrees
 * @param mirrored probability of left and right exchanged
 * @param colour greatest relative change of brightness, of contrast and of saturation
 * @param erased probability that a rectangle of 2 to 20 % of the area is covered. Zhong et al. 2017, arXiv:1708.04896
 */
public record Augmentation(
        double area, double aspect, double shift, double rotation, double mirrored, double colour, double erased) {
    /** Leaves pictures as they are. */
    public static final Augmentation NONE = new Augmentation(1, 1, 0, 0, 0, 0, 0);

    private static final double LEAST_ERASED = 0.02;
    private static final double MOST_ERASED = 0.2;

    public Augmentation {
        require("area", area, area > 0 && area <= 1, "above 0, at most 1");
        require("aspect", aspect, aspect >= 1 && aspect <= 10, "from 1 to 10");
        require("shift", shift, shift >= 0 && shift <= 1, "from 0 to 1");
        require("rotation", rotation, rotation >= 0 && rotation <= 180, "from 0 to 180 degrees");
        require("mirrored", mirrored, mirrored >= 0 && mirrored <= 1, "a probability from 0 to 1");
        require("colour", colour, colour >= 0 && colour <= 1, "from 0 to 1");
        require("erased", erased, erased >= 0 && erased <= 1, "a probability from 0 to 1");
    }

    @Override
    public String toString() {
        return equals(NONE)
                ? "none"
                : "area " + area + ", aspect " + aspect + ", shift " + shift + ", rotation " + rotation + "°, mirrored "
                        + mirrored + ", colour " + colour + ", erased " + erased;
    }

    private static void require(String name, double value, boolean holds, String expected) {
        if (!holds) {
            throw new IllegalArgumentException(name + " " + value + ": expected " + expected);
        }
    }

    /**
     * A picture of the given size.
     *
     * @param cover colour of what is covered, {@code 0xRRGGBB}
     */
    Picture apply(Picture picture, int width, int height, int cover, RandomGenerator random) {
        byte[] rgb = part(picture, width, height, random);
        if (colour > 0) {
            recolour(rgb, random);
        }
        if (erased > 0 && random.nextDouble() < erased) {
            erase(rgb, width, height, cover, random);
        }
        return Picture.wrap(width, height, rgb);
    }

    private byte[] part(Picture picture, int width, int height, RandomGenerator random) {
        double share = area + (1 - area) * random.nextDouble();
        double proportion = Math.exp((2 * random.nextDouble() - 1) * Math.log(aspect));
        double across = Math.min(1, Math.sqrt(share * proportion));
        double down = Math.min(1, Math.sqrt(share / proportion));
        double centreX = 0.5 + (random.nextDouble() - 0.5) * (1 - across + 2 * shift);
        double centreY = 0.5 + (random.nextDouble() - 0.5) * (1 - down + 2 * shift);
        double angle = Math.toRadians(rotation) * (2 * random.nextDouble() - 1);
        double direction = random.nextDouble() < mirrored ? -1 : 1;
        double stepX = direction * across * picture.width() / width;
        double stepY = down * picture.height() / height;
        double cos = Math.cos(angle);
        double sin = Math.sin(angle);
        byte[] target = new byte[3 * width * height];
        int at = 0;
        for (int y = 0; y < height; y++) {
            double v = (y + 0.5 - height / 2.0) * stepY;
            for (int x = 0; x < width; x++) {
                double u = (x + 0.5 - width / 2.0) * stepX;
                double sourceX = centreX * picture.width() + cos * u - sin * v - 0.5;
                double sourceY = centreY * picture.height() + sin * u + cos * v - 0.5;
                interpolate(picture, sourceX, sourceY, target, at);
                at += 3;
            }
        }
        return target;
    }

    /** Between the four pixels about a place; beyond the picture its rim. */
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

    private void recolour(byte[] rgb, RandomGenerator random) {
        float brightness = factor(random);
        float contrast = factor(random);
        float saturation = factor(random);
        for (int i = 0; i < rgb.length; i += 3) {
            int red = rgb[i] & 255;
            int green = rgb[i + 1] & 255;
            int blue = rgb[i + 2] & 255;
            float grey = 0.299f * red + 0.587f * green + 0.114f * blue;
            for (int channel = 0; channel < 3; channel++) {
                float saturated = grey + saturation * ((rgb[i + channel] & 255) - grey);
                float changed = brightness * (128 + contrast * (saturated - 128));
                rgb[i + channel] = (byte) (int) Math.max(0, Math.min(255, changed + 0.5f));
            }
        }
    }

    private float factor(RandomGenerator random) {
        return (float) (1 + colour * (2 * random.nextDouble() - 1));
    }

    private static void erase(byte[] rgb, int width, int height, int cover, RandomGenerator random) {
        double share = LEAST_ERASED + (MOST_ERASED - LEAST_ERASED) * random.nextDouble();
        double proportion = Math.exp((2 * random.nextDouble() - 1) * Math.log(2));
        int across = (int) Math.max(1, Math.min(width, width * Math.sqrt(share * proportion)));
        int down = (int) Math.max(1, Math.min(height, height * Math.sqrt(share / proportion)));
        int left = random.nextInt(width - across + 1);
        int top = random.nextInt(height - down + 1);
        for (int y = top; y < top + down; y++) {
            for (int x = left; x < left + across; x++) {
                int i = 3 * (y * width + x);
                rgb[i] = (byte) (cover >> 16);
                rgb[i + 1] = (byte) (cover >> 8);
                rgb[i + 2] = (byte) cover;
            }
        }
    }
}
