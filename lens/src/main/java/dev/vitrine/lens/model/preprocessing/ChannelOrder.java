package dev.vitrine.lens.model.preprocessing;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.lens.data.Bands;
import dev.vitrine.lens.data.Picture;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What the channels of an input are, in order.
 *
 * @param count how many channels
 * @param shown which of the channels a person sees as red, green and blue, counted from 1; empty for the usual ones
 */
public record ChannelOrder(Kind kind, int count, List<Integer> shown) {
    /** How channels come from a picture's. */
    public enum Kind {
        RGB,
        BGR,
        /** Luminance, ITU-R BT.601. */
        GRAY,
        /** Red, green, blue and how opaque a pixel is; a picture without alpha is opaque. */
        RGBA,
        /** As the file has them. */
        BANDS
    }

    public static final ChannelOrder RGB = new ChannelOrder(Kind.RGB, 3, List.of());
    public static final ChannelOrder BGR = new ChannelOrder(Kind.BGR, 3, List.of());
    public static final ChannelOrder GRAY = new ChannelOrder(Kind.GRAY, 1, List.of());
    public static final ChannelOrder RGBA = new ChannelOrder(Kind.RGBA, 4, List.of());

    /** What {@link #find} takes, for errors. */
    public static final String EXPECTED = "rgb, bgr, gray, rgba or a number of channels";

    /** More would be a mistake, such as a size. */
    public static final int MOST = 4096;

    private static final Pattern NUMBER = Pattern.compile("\\d{1,4}");

    public ChannelOrder {
        shown = List.copyOf(shown);
        if (count < 1 || count > MOST) {
            throw new IllegalArgumentException(count + " channels: expected 1 to " + MOST);
        }
        boolean within = shown.stream().allMatch(channel -> channel >= 1 && channel <= count);
        if (!within || !shown.isEmpty() && shown.size() != 1 && shown.size() != 3) {
            throw new IllegalArgumentException("display " + shown
                    + ": expected one channel, or three for red, green and" + " blue, from 1 to " + count);
        }
    }

    /** Channels as the file has them. */
    public static ChannelOrder bands(int count) {
        return new ChannelOrder(Kind.BANDS, count, List.of());
    }

    /** What so many channels usually are: gray, RGB, RGB with alpha, or as the file has them. */
    public static ChannelOrder of(int count) {
        return switch (count) {
            case 1 -> GRAY;
            case 3 -> RGB;
            case 4 -> RGBA;
            default -> bands(count);
        };
    }

    /** From {@code rgb}, {@code bgr}, {@code gray}, {@code rgba} or a number. */
    public static Optional<ChannelOrder> find(String text) {
        String word = text.strip().toLowerCase(Locale.ROOT);
        if (NUMBER.matcher(word).matches()) {
            int count = Integer.parseInt(word);
            return count < 1 || count > MOST ? Optional.empty() : Optional.of(count == 1 ? GRAY : bands(count));
        }
        return switch (word) {
            case "rgb" -> Optional.of(RGB);
            case "bgr" -> Optional.of(BGR);
            case "gray", "grey" -> Optional.of(GRAY);
            case "rgba" -> Optional.of(RGBA);
            default -> Optional.empty();
        };
    }

    public ChannelOrder withShown(List<Integer> channels) {
        return new ChannelOrder(kind, count, channels);
    }

    /** Whether every channel is red, green, blue or luminance, so that any picture has it. */
    public boolean isOfColors() {
        return kind == Kind.RGB || kind == Kind.BGR || kind == Kind.GRAY;
    }

    /** Whether a channel tells how opaque a pixel is. */
    boolean isAlpha(int channel) {
        return kind == Kind.RGBA && channel == 3;
    }

    /** Which of red, green and blue (0 to 2) a channel of colors is. */
    public int color(int channel) {
        return kind == Kind.BGR ? 2 - channel : channel;
    }

    /**
     * A picture with bands where these channels are read from them, without where red, green and blue are enough.
     *
     * @throws VitrineException of kind FAILURE if the picture has other channels
     */
    Picture of(Picture given) {
        Picture picture = given.ofChannels(count);
        Picture seen = kind == Kind.GRAY ? picture.gray() : picture;
        Optional<Bands> bands = picture.bands();
        int found = bands.map(Bands::count).orElse(3);
        boolean alpha = bands.map(Bands::hasAlpha).orElse(false);
        boolean visible = alpha || bands.map(Bands::startsWithColors).orElse(false);
        boolean colors = found == 1 || found == 3;
        boolean fits = switch (kind) {
            case RGB, BGR, GRAY -> colors || visible;
            case RGBA -> colors || found == 4 || alpha;
            case BANDS -> found == count || count == 3 && (found == 1 || visible);
        };
        if (!fits) {
            throw VitrineException.failure(picture.name() + ": has " + found + (found == 1 ? " channel" : " channels")
                    + "; the network takes " + this + ". Give a picture of as many channels: "
                    + (count == 4 ? "a PNG or TIFF file with alpha, " : "")
                    + "a TIFF file with " + count + " samples a pixel, or an array [H, W, " + count + "] (.npy).");
        }
        boolean byColors = visible && (isOfColors() || kind == Kind.BANDS && found != count);
        return byColors ? seen.withoutBands() : seen;
    }

    /** Which band of a file a channel is; -1 where none is it alone. */
    int band(Bands bands, int channel) {
        int found = bands.count();
        if (kind == Kind.RGBA) {
            boolean color = channel < 3;
            boolean opaque = !color && found != 4 && found != 2;
            return opaque ? -1 : color && found < 3 ? 0 : color ? channel : found - 1;
        }
        if (found == 1) {
            return 0;
        }
        if (kind == Kind.GRAY) {
            return -1;
        }
        return color(channel);
    }

    /**
     * A channel's numbers from a file's bands.
     *
     * @param opaque what alpha is where the file has none
     */
    float[] values(Bands bands, int channel, int pixels, float opaque) {
        int band = band(bands, channel);
        if (band >= 0) {
            return bands.values(band);
        }
        float[] values = new float[pixels];
        if (kind == Kind.RGBA) {
            Arrays.fill(values, opaque);
            return values;
        }
        float[] red = bands.values(0);
        float[] green = bands.values(1);
        float[] blue = bands.values(2);
        for (int i = 0; i < pixels; i++) {
            values[i] = (float) (0.299 * red[i] + 0.587 * green[i] + 0.114 * blue[i]);
        }
        return values;
    }

    /** Which channel is seen as red, green or blue (0 to 2). */
    public int shown(int color) {
        if (!shown.isEmpty()) {
            return shown.get(shown.size() == 1 ? 0 : color) - 1;
        }
        return switch (kind) {
            case RGB, RGBA -> color;
            case BGR -> 2 - color;
            case GRAY -> 0;
            case BANDS -> count < 3 ? 0 : color;
        };
    }

    /** The sample 0..255 of a color {@code 0xRRGGBB} in a channel: bands that are no colors take its luminance. */
    int sample(int color, int channel, int luminance) {
        return switch (kind) {
            case RGB -> color >> 16 - 8 * channel & 255;
            case BGR -> color >> 8 * channel & 255;
            case GRAY -> luminance;
            case RGBA -> channel == 3 ? 255 : color >> 16 - 8 * channel & 255;
            case BANDS -> count == 3 ? color >> 16 - 8 * channel & 255 : luminance;
        };
    }

    /** As cards have it: {@code rgb}, or a number. */
    public String word() {
        return kind == Kind.BANDS ? Integer.toString(count) : kind.name().toLowerCase(Locale.ROOT);
    }

    @Override
    public String toString() {
        return kind == Kind.BANDS ? count + " channels" : kind.name();
    }
}
