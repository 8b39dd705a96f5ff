package dev.vitrine.lens.data;

import java.util.Arrays;
import java.util.List;

/**
 * The channels of a picture as its file has them, where these are more or finer than red, green and blue of 8 bits:
 * planes {@code [height,width]}, one a channel.
 */
public final class Bands {
    /** What the numbers are. */
    public enum Scale {
        /** Whole numbers: 0 is black and 255 is white. */
        SAMPLES,
        /** The same with fractions, from a file of more than 8 bits a channel. */
        FINE_SAMPLES,
        /** The numbers of an array of floats: in the units that the model's card calls {@code range}. */
        NUMBERS
    }

    /** What the last channel is. */
    public enum Last {
        /** A channel like the others. */
        BAND,
        /** How opaque a pixel is. */
        ALPHA,
        /** A channel beside red, green and blue, which come first. */
        EXTRA
    }

    private final int width;
    private final int height;
    private final Scale scale;
    private final Last last;
    private final Plane[] planes;

    /** One channel, row by row. */
    private sealed interface Plane {
        float[] values();

        Plane resized(int width, int height, int newWidth, int newHeight, Resampling resampling, Region window);

        record Bytes(byte[] samples) implements Plane {
            @Override
            public float[] values() {
                float[] values = new float[samples.length];
                for (int i = 0; i < values.length; i++) {
                    values[i] = samples[i] & 255;
                }
                return values;
            }

            @Override
            public Plane resized(
                    int width, int height, int newWidth, int newHeight, Resampling resampling, Region window) {
                float[] values = Floats.resize(values(), width, height, newWidth, newHeight, resampling, window);
                byte[] rounded = new byte[values.length];
                for (int i = 0; i < rounded.length; i++) {
                    rounded[i] = (byte) Math.max(0, Math.min(255, Math.round(values[i])));
                }
                return new Bytes(rounded);
            }
        }

        record Floats(float[] values) implements Plane {
            @Override
            public Plane resized(
                    int width, int height, int newWidth, int newHeight, Resampling resampling, Region window) {
                return new Floats(resize(values, width, height, newWidth, newHeight, resampling, window));
            }

            static float[] resize(
                    float[] values,
                    int width,
                    int height,
                    int newWidth,
                    int newHeight,
                    Resampling resampling,
                    Region window) {
                boolean same = width == newWidth && height == newHeight;
                float[] whole =
                        same ? values : Resampler.resize(values, width, height, newWidth, newHeight, resampling);
                if (window.equals(Region.whole(newWidth, newHeight))) {
                    return whole;
                }
                float[] part = new float[window.width() * window.height()];
                for (int y = 0; y < window.height(); y++) {
                    System.arraycopy(
                            whole, (window.y() + y) * newWidth + window.x(), part, y * window.width(), window.width());
                }
                return part;
            }
        }
    }

    private Bands(int width, int height, Scale scale, Last last, Plane[] planes) {
        this.width = width;
        this.height = height;
        this.scale = scale;
        this.last = last;
        this.planes = planes;
    }

    /** Channels of 8 bits; shares the planes, one a channel. */
    static Bands samples(int width, int height, Last last, byte[][] planes) {
        return new Bands(
                width,
                height,
                Scale.SAMPLES,
                last,
                Arrays.stream(planes).map(Plane.Bytes::new).toArray(Plane[]::new));
    }

    /** Channels of any numbers; shares the planes, one a channel. */
    static Bands numbers(int width, int height, Scale scale, float[][] planes) {
        return new Bands(
                width,
                height,
                scale,
                Last.BAND,
                Arrays.stream(planes).map(Plane.Floats::new).toArray(Plane[]::new));
    }

    /** The channels of several, one after the other, which have one size. */
    static Bands joined(List<Bands> parts, Last last) {
        Plane[] planes =
                parts.stream().flatMap(part -> Arrays.stream(part.planes)).toArray(Plane[]::new);
        Bands first = parts.get(0);
        boolean fine = parts.stream().anyMatch(part -> part.scale == Scale.FINE_SAMPLES);
        return new Bands(first.width, first.height, fine ? Scale.FINE_SAMPLES : first.scale, last, planes);
    }

    int width() {
        return width;
    }

    int height() {
        return height;
    }

    /** Whether red, green and blue are the first of them, so that the picture shows what they are. */
    public boolean startsWithColors() {
        return last == Last.EXTRA;
    }

    public int count() {
        return planes.length;
    }

    public Scale scale() {
        return scale;
    }

    public boolean hasAlpha() {
        return last == Last.ALPHA;
    }

    /** A channel's numbers, row by row. */
    public float[] values(int channel) {
        return planes[channel].values();
    }

    /** Colors count as much as they are opaque, as Pillow weights them. */
    Bands resized(int newWidth, int newHeight, Resampling resampling, Region window) {
        boolean weighted = hasAlpha() && resampling != Resampling.NEAREST;
        Plane[] source = weighted ? weighted(planes) : planes;
        Plane[] resized = Arrays.stream(source)
                .map(plane -> plane.resized(width, height, newWidth, newHeight, resampling, window))
                .toArray(Plane[]::new);
        return new Bands(window.width(), window.height(), scale, last, weighted ? unweighted(resized) : resized);
    }

    private static Plane[] weighted(Plane[] planes) {
        float[] alpha = planes[planes.length - 1].values();
        return colored(planes, (channel, at) -> Math.round(channel[at] * alpha[at] / 255));
    }

    private static Plane[] unweighted(Plane[] planes) {
        float[] alpha = planes[planes.length - 1].values();
        return colored(
                planes,
                (channel, at) -> alpha[at] == 0 ? channel[at] : (int) Math.min(255, 255 * channel[at] / alpha[at]));
    }

    private interface Coloring {
        float value(float[] channel, int at);
    }

    private static Plane[] colored(Plane[] planes, Coloring coloring) {
        Plane[] changed = planes.clone();
        for (int channel = 0; channel < planes.length - 1; channel++) {
            float[] values = planes[channel].values();
            byte[] bytes = new byte[values.length];
            for (int at = 0; at < bytes.length; at++) {
                bytes[at] = (byte) (int) coloring.value(values, at);
            }
            changed[channel] = new Plane.Bytes(bytes);
        }
        return changed;
    }

    /** Within a larger picture whose other pixels are {@code fill}, one number a channel. */
    public Bands placed(int newWidth, int newHeight, int left, int top, float[] fill) {
        Plane[] larger = new Plane[planes.length];
        for (int channel = 0; channel < larger.length; channel++) {
            float[] values = new float[newWidth * newHeight];
            Arrays.fill(values, fill[channel]);
            float[] inner = planes[channel].values();
            for (int y = 0; y < height; y++) {
                System.arraycopy(inner, y * width, values, (top + y) * newWidth + left, width);
            }
            larger[channel] = new Plane.Floats(values);
        }
        return new Bands(newWidth, newHeight, scale, last, larger);
    }

    /** Turned as a file's Exif data ask for. */
    Bands turned(Turn turn) {
        Plane[] turned = new Plane[planes.length];
        for (int channel = 0; channel < turned.length; channel++) {
            turned[channel] = new Plane.Floats(turn.apply(planes[channel].values(), width, height));
        }
        return turn.swapsSides()
                ? new Bands(height, width, scale, last, turned)
                : new Bands(width, height, scale, last, turned);
    }

    /**
     * Three channels, or one, as a person sees them, {@code u8[height,width,3]}: samples as they are; numbers from 0 to 1
     * as black to white, others stretched so that all but the outermost hundredths lie between black and white.
     *
     * @param shown channels for red, green and blue
     */
    public byte[] rgb(int[] shown) {
        float[][] colors = new float[3][];
        for (int color = 0; color < 3; color++) {
            colors[color] = color > 0 && shown[color] == shown[color - 1] ? colors[color - 1] : values(shown[color]);
        }
        float[] ends = scale == Scale.SAMPLES || startsWithColors() ? new float[] {0, 255} : ends(colors);
        byte[] rgb = new byte[3 * width * height];
        for (int i = 0; i < rgb.length; i++) {
            double value = 255.0 * (colors[i % 3][i / 3] - ends[0]) / (ends[1] - ends[0]);
            rgb[i] = (byte) Math.max(0, Math.min(255, Math.rint(value)));
        }
        return rgb;
    }

    private float[] ends(float[][] colors) {
        float[] all = new float[3 * width * height];
        for (int color = 0; color < 3; color++) {
            System.arraycopy(colors[color], 0, all, color * width * height, width * height);
        }
        Arrays.sort(all);
        float low = all[all.length / 100];
        float high = all[all.length - 1 - all.length / 100];
        if (scale == Scale.NUMBERS && all[0] >= 0 && all[all.length - 1] <= 1) {
            return new float[] {0, 1};
        }
        return low < high ? new float[] {low, high} : new float[] {low, low + 1};
    }

    @Override
    public boolean equals(Object other) {
        if (!(other instanceof Bands bands)
                || width != bands.width
                || height != bands.height
                || scale != bands.scale
                || last != bands.last
                || planes.length != bands.planes.length) {
            return false;
        }
        for (int channel = 0; channel < planes.length; channel++) {
            if (!Arrays.equals(values(channel), bands.values(channel))) {
                return false;
            }
        }
        return true;
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(values(0)) + planes.length;
    }
}
