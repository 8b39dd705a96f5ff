package dev.vitrine.lens.data;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.tensor.ElementType;
import dev.vitrine.engine.tensor.Numbers;
import dev.vitrine.engine.tensor.Tensor;

/**
 * Arrays as pictures: {@code [H,W]}, {@code [H,W,C]} or {@code [C,H,W]}, also with a batch axis of 1. The shorter of the
 * first and the last axis is that of the channels, the last where both are equal, unless only the other one is as long as
 * the model has channels ({@link Picture#ofChannels}). uint8 and bool are samples; other
 * types are numbers in the units that the model's card calls {@code range}.
 */
final class NumpyPicture {
    private static final int[] RGB = {0, 1, 2};
    private static final int[] GRAY = {0, 0, 0};
    private static final long MOST_PIXELS = 48_000_000;
    /** Of all channels together. */
    static final long MOST_NUMBERS = 200_000_000;

    private static final int NUMBERS_AT_ONCE = 1 << 20;
    /** An axis longer than this is never that of the channels where the other one is shorter. */
    private static final int MOST_CHANNELS = 1024;

    private NumpyPicture() {}

    static Picture of(String name, Tensor array) {
        Tensor picture = array.rank() == 4 && array.dimension(0) == 1
                ? array.reshape(array.dimension(1), array.dimension(2), array.dimension(3))
                : array;
        if (picture.rank() == 2) {
            picture = picture.reshape(picture.dimension(0), picture.dimension(1), 1);
        }
        if (picture.rank() != 3 || picture.elements() == 0) {
            throw VitrineException.failure(name + ": an array " + array
                    + "; expected a picture [H, W], [H, W, C] or [C, H, W] of at least one pixel");
        }
        boolean last = picture.dimension(2) <= picture.dimension(0);
        Picture likely = read(name, array, picture, last);
        boolean ambiguous = picture.dimension(2) != picture.dimension(0)
                && Math.max(picture.dimension(2), picture.dimension(0)) <= MOST_CHANNELS;
        if (!ambiguous || array.rank() == 2) {
            return likely;
        }
        Tensor kept = picture;
        return likely.withOtherReading(() -> read(name, array, kept, !last));
    }

    private static Picture read(String name, Tensor array, Tensor picture, boolean last) {
        long rows = picture.dimension(last ? 0 : 1);
        long columns = picture.dimension(last ? 1 : 2);
        if (rows * columns > MOST_PIXELS) {
            throw VitrineException.failure(name + ": an array " + array + " of " + rows * columns + " pixels; at most "
                    + MOST_PIXELS + " are read. Shrink it first.");
        }
        int height = Math.toIntExact(rows);
        int width = Math.toIntExact(columns);
        int channels = Math.toIntExact(picture.dimension(last ? 2 : 0));
        int pixels = width * height;
        boolean samples = picture.elementType() == ElementType.BOOL || picture.elementType() == ElementType.UINT8;
        Planes planes = samples ? new Planes.Samples(channels, pixels) : new Planes.Fractions(channels, pixels);
        int line = Math.toIntExact(picture.dimension(2));
        long lines = picture.dimension(0) * picture.dimension(1);
        Tensor flat = picture.reshape(lines, line);
        double white = picture.elementType() == ElementType.BOOL ? 255 : 1;
        long linesAtOnce = Math.max(1, NUMBERS_AT_ONCE / line);
        int channel = 0;
        int pixel = 0;
        for (long from = 0; from < lines; from += linesAtOnce) {
            double[] values = Numbers.of(flat.rows(from, Math.min(lines, from + linesAtOnce)));
            for (double value : values) {
                if (!Float.isFinite((float) value)) {
                    throw VitrineException.failure(name + ": the array holds " + value + " at pixel " + pixel
                            + " of channel "
                            + channel + "; expected finite numbers that fit into float32. Replace it, such as with"
                            + " numpy.nan_to_num.");
                }
                planes.set(channel, pixel, value * white);
                if (last && ++channel == channels) {
                    channel = 0;
                    pixel++;
                } else if (!last && ++pixel == pixels) {
                    pixel = 0;
                    channel++;
                }
            }
        }
        Bands bands = planes.bands(width, height);
        return shown(width, height, bands).withName(name);
    }

    /** The first three channels as red, green and blue, or the first as gray. */
    static Picture shown(int width, int height, Bands bands) {
        Picture picture = Picture.wrap(width, height, bands.rgb(bands.count() < 3 ? GRAY : RGB));
        boolean plain = bands.scale() == Bands.Scale.SAMPLES && (bands.count() == 1 || bands.count() == 3);
        return plain ? picture : picture.withBands(bands);
    }

    /** Where the numbers of a picture go, channel by channel. */
    private sealed interface Planes {
        void set(int channel, int pixel, double value);

        Bands bands(int width, int height);

        record Samples(byte[][] planes) implements Planes {
            Samples(int channels, int pixels) {
                this(new byte[channels][pixels]);
            }

            @Override
            public void set(int channel, int pixel, double value) {
                planes[channel][pixel] = (byte) Math.min(255, (int) value);
            }

            @Override
            public Bands bands(int width, int height) {
                return Bands.samples(width, height, Bands.Last.BAND, planes);
            }
        }

        record Fractions(float[][] planes) implements Planes {
            Fractions(int channels, int pixels) {
                this(new float[channels][pixels]);
            }

            @Override
            public void set(int channel, int pixel, double value) {
                planes[channel][pixel] = (float) value;
            }

            @Override
            public Bands bands(int width, int height) {
                return Bands.numbers(width, height, Bands.Scale.NUMBERS, planes);
            }
        }
    }
}
