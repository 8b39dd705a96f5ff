package dev.vitrine.lens.attack;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.data.Picture;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.model.preprocessing.ChannelOrder;
import dev.vitrine.lens.model.preprocessing.Fit;
import dev.vitrine.lens.model.preprocessing.Layout;
import dev.vitrine.lens.model.preprocessing.Normalization;
import dev.vitrine.lens.model.preprocessing.Preprocessing;
import java.awt.image.BufferedImage;

/**
 * Pictures as attacks change them, {@code f32[C,H,W], 0..1}, at the size of a network's input and before normalization: red,
 * green and blue, luminance alone, or the channels of the input.
 */
public final class PictureValues {
    private static final double LEVELS = 255;

    /** A value this near to one of 8 bits is that one. */
    private static final double NEAR = 1e-3;

    private final Preprocessing seen;
    private final ChannelOrder channels;
    private final int pixels;

    public PictureValues(Model model) {
        Preprocessing given = model.preprocessing();
        seen = new Preprocessing(
                given.width(),
                given.height(),
                Fit.SQUASH,
                given.resampling(),
                given.channels(),
                given.layout(),
                given.normalization());
        channels = seen.channels();
        pixels = seen.width() * seen.height();
    }

    /** Whether a picture file holds all channels; otherwise an array does. */
    public boolean fitPictureFile() {
        return channels.isOfColors() || channels.kind() == ChannelOrder.Kind.RGBA;
    }

    private int source(int channel) {
        return channels.isOfColors() ? channels.color(channel) : channel;
    }

    /**
     * The values of a picture.
     *
     * @param view what the network sees of it
     * @throws VitrineException of kind FAILURE if its numbers are beyond what the model's card calls the range
     */
    public float[] of(Picture view) {
        float[] input = seen.apply(view).toFloats();
        float[] values = new float[input.length];
        for (int channel = 0; channel < channels.count(); channel++) {
            double black = seen.minimum(channel);
            double white = seen.maximum(channel);
            for (int pixel = 0; pixel < pixels; pixel++) {
                double value = (input[at(channel, pixel)] - black) / (white - black);
                double level = Math.rint(value * LEVELS);
                if (!(level >= 0 && level <= LEVELS)) {
                    throw VitrineException.failure(view.name() + ": found the value " + value
                            + " on a scale from 0 (black) to 1 (white); expected 0 to 1. Set the range of values in the"
                            + " model's card.");
                }
                boolean isWhole = Math.abs(value * LEVELS - level) < NEAR;
                values[source(channel) * pixels + pixel] =
                        isWhole ? (float) level / (float) LEVELS : (float) Math.max(0, Math.min(1, value));
            }
        }
        return values;
    }

    private int at(int channel, int pixel) {
        return seen.layout() == Layout.NCHW ? channel * pixels + pixel : pixel * channels.count() + channel;
    }

    /** What the network is given for a picture of these values, a batch of one. */
    public Tensor input(float[] values) {
        float[] input = new float[values.length];
        for (int channel = 0; channel < channels.count(); channel++) {
            for (int pixel = 0; pixel < pixels; pixel++) {
                double sample = values[source(channel) * pixels + pixel] * LEVELS;
                double level = Math.rint(sample);
                input[at(channel, pixel)] =
                        seen.normalization().value(channel, Math.abs(sample - level) < NEAR ? level : sample);
            }
        }
        return Tensor.floats(input, seen.layout().shape(1, channels.count(), seen.height(), seen.width()));
    }

    /** The nearest values of 8 bits, {@code [C,H,W]}. */
    public static byte[] samples(float[] values) {
        byte[] samples = new byte[values.length];
        for (int i = 0; i < samples.length; i++) {
            samples[i] = (byte) Math.round(values[i] * LEVELS);
        }
        return samples;
    }

    /** The values of 8 bits. */
    public static float[] values(byte[] samples) {
        float[] values = new float[samples.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = (samples[i] & 255) / (float) LEVELS;
        }
        return values;
    }

    /** The picture as its file holds it, with alpha if the network reads it; else what a person sees of its channels. */
    public BufferedImage image(byte[] samples) {
        boolean alpha = channels.kind() == ChannelOrder.Kind.RGBA;
        BufferedImage image = new BufferedImage(
                seen.width(), seen.height(), alpha ? BufferedImage.TYPE_INT_ARGB : BufferedImage.TYPE_INT_RGB);
        for (int pixel = 0; pixel < pixels; pixel++) {
            int color = alpha ? samples[3 * pixels + pixel] & 255 : 0;
            for (int shown = 0; shown < 3; shown++) {
                color = color << 8 | samples[plane(shown) * pixels + pixel] & 255;
            }
            image.setRGB(pixel % seen.width(), pixel / seen.width(), color);
        }
        return image;
    }

    private int plane(int shown) {
        return source(channels.shown(shown));
    }

    /** The array of a picture, {@code f32[H,W,C]} in the units of the range in the model's card. */
    public Tensor array(byte[] samples) {
        Normalization units = seen.normalization();
        float[] numbers = interleaved(values(samples));
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = (float) (units.low() + numbers[i] * (units.high() - units.low()));
        }
        return Tensor.floats(numbers, seen.height(), seen.width(), channels.count());
    }

    /** The values of a written picture, which has the size of the input. */
    public float[] written(Picture file) {
        return of(seen.view(file));
    }

    /** As {@link #image}, without alpha. */
    public BufferedImage opaque(byte[] samples) {
        BufferedImage image = image(samples);
        BufferedImage opaque = new BufferedImage(image.getWidth(), image.getHeight(), BufferedImage.TYPE_INT_RGB);
        for (int y = 0; y < image.getHeight(); y++) {
            for (int x = 0; x < image.getWidth(); x++) {
                opaque.setRGB(x, y, image.getRGB(x, y));
            }
        }
        return opaque;
    }

    /** {@code f32[H,W,C]} from {@code [C,H,W]}. */
    public float[] interleaved(float[] values) {
        float[] mixed = new float[values.length];
        for (int pixel = 0; pixel < pixels; pixel++) {
            for (int channel = 0; channel < channels.count(); channel++) {
                mixed[pixel * channels.count() + channel] = values[channel * pixels + pixel];
            }
        }
        return mixed;
    }
}
