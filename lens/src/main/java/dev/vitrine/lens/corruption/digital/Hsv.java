package dev.vitrine.lens.corruption.digital;

import dev.vitrine.lens.corruption.distortion.Shares;
import dev.vitrine.lens.data.Picture;

/** Hue, saturation and value of 0 to 1, and back. Smith 1978, doi:10.1145/965139.807361. */
final class Hsv {
    /** What becomes of saturation or value. */
    interface Change {
        double of(double share);
    }

    private Hsv() {}

    static Picture changed(Picture picture, Change saturation, Change value) {
        double[] rgb = Shares.of(picture);
        for (int i = 0; i < rgb.length; i += 3) {
            double most = Math.max(rgb[i], Math.max(rgb[i + 1], rgb[i + 2]));
            double range = most - Math.min(rgb[i], Math.min(rgb[i + 1], rgb[i + 2]));
            double hue = range == 0 ? 0 : hue(rgb[i], rgb[i + 1], rgb[i + 2], most, range);
            double s = clipped(saturation.of(range == 0 ? 0 : range / most));
            double v = clipped(value.of(most));
            int sector = (int) Math.floor(hue * 6);
            double part = hue * 6 - sector;
            double p = v * (1 - s);
            double q = v * (1 - part * s);
            double t = v * (1 - (1 - part) * s);
            switch (sector % 6) {
                case 0 -> set(rgb, i, v, t, p);
                case 1 -> set(rgb, i, q, v, p);
                case 2 -> set(rgb, i, p, v, t);
                case 3 -> set(rgb, i, p, q, v);
                case 4 -> set(rgb, i, t, p, v);
                default -> set(rgb, i, v, p, q);
            }
        }
        return Shares.picture(picture, rgb);
    }

    /** Where two channels are largest, blue comes before green and green before red. */
    private static double hue(double red, double green, double blue, double most, double range) {
        double sixths = blue == most
                ? 4 + (red - green) / range
                : green == most ? 2 + (blue - red) / range : (green - blue) / range;
        double hue = sixths / 6;
        return hue - Math.floor(hue);
    }

    private static void set(double[] rgb, int at, double red, double green, double blue) {
        rgb[at] = red;
        rgb[at + 1] = green;
        rgb[at + 2] = blue;
    }

    private static double clipped(double share) {
        return Math.min(1, Math.max(0, share));
    }
}
