package dev.vitrine.lens.data;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * A decoded sRGB picture: {@code u8[height,width,3]}, red first, rows from the top; immutable.
 *
 * <p>A very large file is read at a whole fraction of its size; {@link #originalWidth()} and {@link #originalHeight()}
 * then still tell the size of the file's picture.
 *
 * <p>A file with other channels than these, or with finer numbers, has {@link #bands()} too; red, green and blue are then
 * what a person sees of them.
 */
public final class Picture {
    private final int width;
    private final int height;
    private final int originalWidth;
    private final int originalHeight;
    private final byte[] rgb;
    private final Optional<Bands> bands;
    private final String name;
    private final Optional<Supplier<Picture>> otherReading;

    private Picture(
            int width,
            int height,
            int originalWidth,
            int originalHeight,
            byte[] rgb,
            Optional<Bands> bands,
            String name) {
        this(width, height, originalWidth, originalHeight, rgb, bands, name, Optional.empty());
    }

    private Picture(
            int width,
            int height,
            int originalWidth,
            int originalHeight,
            byte[] rgb,
            Optional<Bands> bands,
            String name,
            Optional<Supplier<Picture>> otherReading) {
        if (width < 1 || height < 1) {
            throw new IllegalArgumentException("picture of " + width + "x" + height + ": expected at least 1x1");
        }
        if (rgb.length != bytes(width, height)) {
            throw new IllegalArgumentException("picture of " + width + "x" + height + ": expected "
                    + bytes(width, height) + " bytes, found " + rgb.length);
        }
        this.width = width;
        this.height = height;
        this.originalWidth = originalWidth;
        this.originalHeight = originalHeight;
        this.rgb = rgb;
        this.bands = bands;
        this.name = name;
        this.otherReading = otherReading;
    }

    /** A picture with a copy of these pixels. */
    public static Picture of(int width, int height, byte[] rgb) {
        return wrap(width, height, rgb.clone());
    }

    /** Shares {@code rgb}, which the caller must not write to afterwards. */
    public static Picture wrap(int width, int height, byte[] rgb) {
        return new Picture(width, height, width, height, rgb, Optional.empty(), "The picture");
    }

    /** A picture of one color, {@code 0xRRGGBB}. */
    public static Picture filled(int width, int height, int color) {
        byte[] rgb = new byte[bytes(width, height)];
        for (int i = 0; i < rgb.length; i += 3) {
            rgb[i] = (byte) (color >> 16);
            rgb[i + 1] = (byte) (color >> 8);
            rgb[i + 2] = (byte) color;
        }
        return wrap(width, height, rgb);
    }

    private static int bytes(int width, int height) {
        return Math.multiplyExact(3, Math.multiplyExact(width, height));
    }

    /** The same pixels, said to come from a picture of another size. */
    Picture withOriginalSize(int newOriginalWidth, int newOriginalHeight) {
        return new Picture(width, height, newOriginalWidth, newOriginalHeight, rgb, bands, name);
    }

    /** With the channels that the file has. */
    public Picture withBands(Bands newBands) {
        return new Picture(width, height, originalWidth, originalHeight, rgb, Optional.of(newBands), name);
    }

    /** What a person sees alone. */
    public Picture withoutBands() {
        return bands.isEmpty()
                ? this
                : new Picture(width, height, originalWidth, originalHeight, rgb, Optional.empty(), name);
    }

    /** With what its file is where the channels lie on another axis. */
    Picture withOtherReading(Supplier<Picture> other) {
        return new Picture(width, height, originalWidth, originalHeight, rgb, bands, name, Optional.of(other));
    }

    /**
     * The picture of so many channels where its file, an array, may be read in two ways and this one has another number
     * of them; else this one.
     */
    public Picture ofChannels(int count) {
        boolean fits = bands.map(Bands::count).orElse(3) == count;
        if (fits || otherReading.isEmpty()) {
            return this;
        }
        Picture other = otherReading.get().get();
        return other.bands.map(Bands::count).orElse(3) == count ? other : this;
    }

    /** What errors call it. */
    Picture withName(String newName) {
        return new Picture(width, height, originalWidth, originalHeight, rgb, bands, newName);
    }

    /** The channels of the file, where they are more or finer than red, green and blue of 8 bits. */
    public Optional<Bands> bands() {
        return bands;
    }

    /** What errors call it: the path of its file, where it has one. */
    public String name() {
        return name;
    }

    public int width() {
        return width;
    }

    public int height() {
        return height;
    }

    /** Width of the picture in the file, turned as it is to be shown. */
    public int originalWidth() {
        return originalWidth;
    }

    /** Height of the picture in the file, turned as it is to be shown. */
    public int originalHeight() {
        return originalHeight;
    }

    /** Color of a pixel as {@code 0xRRGGBB}. */
    public int color(int x, int y) {
        int i = 3 * (y * width + x);
        return ((rgb[i] & 255) << 16) | ((rgb[i + 1] & 255) << 8) | (rgb[i + 2] & 255);
    }

    /** A read-only view of the pixels. */
    public ByteBuffer rgb() {
        return ByteBuffer.wrap(rgb).asReadOnlyBuffer();
    }

    /** The shared pixels themselves, for loops that have to be fast. Nobody may write to them. */
    public byte[] sharedRgb() {
        return rgb;
    }

    /** A copy of a part of the picture. */
    public Picture crop(Region region) {
        region.requireWithin(width, height);
        byte[] part = new byte[bytes(region.width(), region.height())];
        for (int y = 0; y < region.height(); y++) {
            System.arraycopy(
                    rgb, 3 * ((region.y() + y) * width + region.x()), part, 3 * y * region.width(), 3 * region.width());
        }
        Picture cropped = wrap(region.width(), region.height(), part).withName(name);
        return bands.map(all -> cropped.withBands(all.resized(width, height, Resampling.NEAREST, region)))
                .orElse(cropped);
    }

    /** Luminance in each channel: {@code (19595 R + 38470 G + 7471 B + 32768) / 65536}, ITU-R BT.601. */
    public Picture gray() {
        byte[] gray = new byte[rgb.length];
        for (int i = 0; i < rgb.length; i += 3) {
            byte luminance = (byte) luminance(rgb[i] & 255, rgb[i + 1] & 255, rgb[i + 2] & 255);
            gray[i] = luminance;
            gray[i + 1] = luminance;
            gray[i + 2] = luminance;
        }
        return new Picture(width, height, originalWidth, originalHeight, gray, bands, name);
    }

    /** Luminance 0..255 of a color given as {@code 0xRRGGBB}, ITU-R BT.601. */
    public static int luminance(int color) {
        return luminance(color >> 16 & 255, color >> 8 & 255, color & 255);
    }

    private static int luminance(int red, int green, int blue) {
        return (19595 * red + 38470 * green + 7471 * blue + 32768) >> 16;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Picture picture
                && width == picture.width
                && height == picture.height
                && originalWidth == picture.originalWidth
                && originalHeight == picture.originalHeight
                && Arrays.equals(rgb, picture.rgb)
                && bands.equals(picture.bands);
    }

    @Override
    public int hashCode() {
        return 31 * (31 * width + height) + Arrays.hashCode(rgb);
    }

    /** The size, such as {@code Picture[640x427]}. */
    @Override
    public String toString() {
        return "Picture[" + width + "x" + height + "]";
    }
}
