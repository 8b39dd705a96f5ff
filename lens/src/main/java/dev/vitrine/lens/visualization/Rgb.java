package dev.vitrine.lens.visualization;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.data.Picture;
import java.nio.FloatBuffer;

/** Pictures as numbers 0..1 in channel-first order: red, green and blue, or luminance alone. */
public final class Rgb {
    private Rgb() {}

    /** One of {@code f32[N,C,H,W], 0..1}, rounded. */
    public static Picture picture(Tensor pictures, int index) {
        int channels = (int) pictures.dimension(1);
        int height = (int) pictures.dimension(2);
        int width = (int) pictures.dimension(3);
        int places = height * width;
        FloatBuffer values = pictures.rows(index, index + 1L).floats();
        byte[] rgb = new byte[3 * places];
        for (int i = 0; i < rgb.length; i++) {
            float value = values.get(channels == 1 ? i / 3 : i % 3 * places + i / 3);
            rgb[i] = (byte) Math.max(0, Math.min(255, Math.round(255 * value)));
        }
        return Picture.of(width, height, rgb);
    }

    /** {@code [C,H,W], 0..1}. */
    public static float[] values(Picture picture, int channels) {
        requireColors(channels);
        Picture seen = channels == 1 ? picture.gray() : picture;
        byte[] rgb = seen.sharedRgb();
        int places = picture.width() * picture.height();
        float[] values = new float[channels * places];
        for (int i = 0; i < values.length; i++) {
            values[i] = (rgb[3 * (i % places) + i / places] & 255) / 255f;
        }
        return values;
    }

    private static void requireColors(int channels) {
        if (channels != 1 && channels != 3) {
            throw VitrineException.usage("The network takes " + channels
                    + " channels; expected 1 or 3, since pictures are made in gray or in color. 'vitrine explain' takes"
                    + " pictures of any number of channels.");
        }
    }
}
