package dev.vitrine.lens.corruption.distortion;

import dev.vitrine.lens.data.Picture;

/** Pictures as numbers 0..1, {@code f64[H,W,3]} or {@code f32[H,W,3]}, and back to 8 bits by truncation. */
public final class Shares {
    private static final double WHITE = 255;
    private static final double[] SHARES = new double[256];

    static {
        for (int level = 0; level < SHARES.length; level++) {
            SHARES[level] = level / WHITE;
        }
    }

    private Shares() {}

    public static double[] of(Picture picture) {
        byte[] rgb = picture.sharedRgb();
        double[] shares = new double[rgb.length];
        for (int i = 0; i < rgb.length; i++) {
            shares[i] = SHARES[rgb[i] & 255];
        }
        return shares;
    }

    public static float[] floats(Picture picture) {
        byte[] rgb = picture.sharedRgb();
        float[] shares = new float[rgb.length];
        for (int i = 0; i < rgb.length; i++) {
            shares[i] = (float) SHARES[rgb[i] & 255];
        }
        return shares;
    }

    /** One level as a share of white. */
    public static double share(byte level) {
        return SHARES[level & 255];
    }

    /** The level of a share, clipped to 0..1, by truncation. */
    public static byte level(double share) {
        return (byte) (int) (Math.min(Math.max(share, 0), 1) * WHITE);
    }

    public static byte level(float share) {
        return (byte) (int) (Math.min(Math.max(share, 0), 1) * (float) WHITE);
    }

    /** A picture of the size of {@code like}. */
    public static Picture picture(Picture like, double[] shares) {
        byte[] rgb = new byte[shares.length];
        for (int i = 0; i < rgb.length; i++) {
            rgb[i] = level(shares[i]);
        }
        return Picture.wrap(like.width(), like.height(), rgb);
    }

    public static Picture picture(Picture like, float[] shares) {
        byte[] rgb = new byte[shares.length];
        for (int i = 0; i < rgb.length; i++) {
            rgb[i] = level(shares[i]);
        }
        return Picture.wrap(like.width(), like.height(), rgb);
    }
}
