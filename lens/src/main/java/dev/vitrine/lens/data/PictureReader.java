package dev.vitrine.lens.data;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.data.tiff.TiffPage;
import java.awt.Rectangle;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.WritableRaster;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import javax.imageio.ImageIO;
import javax.imageio.ImageReadParam;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;

/**
 * Reads JPEG, PNG, GIF (first frame), BMP, TIFF (first page) and WebP as 8-bit sRGB, and NumPy arrays.
 *
 * <ul>
 *   <li>Transparent pictures are laid on white; what they are without that is in {@link Picture#bands()}. So are TIFF
 *       files of more or fewer channels than a color has, and arrays, which {@link NumpyPicture} describes. A further
 *       sample of a TIFF file is alpha where ExtraSamples says so (1 or 2), else a channel like the others.
 *   <li>Pictures are turned as their Exif orientation asks.
 *   <li>16-bit samples are rounded to 8 bits. Color profiles in JPEG and TIFF files are honoured, those in PNG files
 *       are not.
 *   <li>A picture of more than 24 million pixels is read at a whole fraction of its size (every 2nd, 3rd … pixel of
 *       every 2nd, 3rd … row) of at least 1024 pixels on the short side, so that reading stays within about 300 MB;
 *       but a WebP file, of at most 64 million pixels, is always decoded whole.
 * </ul>
 *
 * <p>Everything that keeps a picture from being read is a {@link VitrineException} of kind FAILURE with the file's name.
 */
public final class PictureReader {
    private static final long COMFORTABLE_PIXELS = 24_000_000;
    private static final long MOST_PIXELS = 48_000_000;
    private static final long MOST_ORIGINAL_PIXELS = Integer.MAX_VALUE;
    /** Its decoder holds all pixels twice. */
    private static final long MOST_WEBP_PIXELS = 64_000_000;

    private static final long HUGE_PIXELS = 200_000_000;
    /** Of a PNG file that is one color, 1032; of a photo, about 10. */
    private static final long MOST_PIXELS_OF_BYTE = 400;

    private static final int LEAST_SHORT_SIDE = 1024;
    private static final long IN_MEMORY_BYTES = 32 << 20;

    private PictureReader() {}

    /** Reads a picture file. */
    public static Picture read(Path file) {
        String name = file.toString();
        RegularFile.require(file, "a picture file (" + PictureKind.EXPECTED + ")");
        return OneFile.guarded(name, () -> {
            try {
                boolean small = Files.size(file) <= IN_MEMORY_BYTES;
                if (small || !file.getFileSystem().equals(FileSystems.getDefault())) {
                    return decode(name, new PictureFile.Content.InMemory(Files.readAllBytes(file)));
                }
                return decode(name, new PictureFile.Content.OnDisk(file));
            } catch (IOException failure) {
                throw VitrineException.failure(
                        file + ": cannot be read (" + RegularFile.reason(failure) + "); check its permissions",
                        failure);
            }
        });
    }

    /** Decodes a picture from the bytes of its file; {@code name} is what errors call it. */
    public static Picture read(String name, byte[] file) {
        return OneFile.guarded(name, () -> {
            try {
                return decode(name, new PictureFile.Content.InMemory(file));
            } catch (IOException failure) {
                throw VitrineException.failure(
                        name + ": cannot be read (" + RegularFile.reason(failure) + ")", failure);
            }
        });
    }

    /** Fails where a file that begins so is no picture; {@code name} is what errors call it. */
    static void requirePicture(String name, byte[] head) {
        if (!PictureKind.isArray(head)) {
            kind(name, head);
        }
    }

    private static Picture decode(String name, PictureFile.Content content) throws IOException {
        byte[] head;
        try (InputStream stream = content.open()) {
            head = stream.readNBytes(PictureKind.HEAD_BYTES);
        }
        if (PictureKind.isArray(head)) {
            Tensor array = content instanceof PictureFile.Content.OnDisk onDisk
                    ? Npy.read(onDisk.file(), NumpyPicture.MOST_NUMBERS)
                    : Npy.read(name, ((PictureFile.Content.InMemory) content).bytes());
            return NumpyPicture.of(name, array);
        }
        PictureKind kind = kind(name, head);
        try {
            PictureFile file = PictureFile.of(name, kind, content);
            try (ImageInputStream stream = file.content().images()) {
                return decode(name, kind, file, stream);
            }
        } catch (IOException failure) {
            throw undecodable(name, kind, failure);
        }
    }

    private static PictureKind kind(String name, byte[] head) {
        if (head.length == 0) {
            throw VitrineException.failure(
                    name + ": the file is empty; expected a picture (" + PictureKind.EXPECTED + ")");
        }
        return PictureKind.of(head)
                .orElseThrow(() -> VitrineException.failure(name + ": " + PictureKind.describeStranger(head)
                        + "; expected a picture (" + PictureKind.EXPECTED + "). " + PictureKind.remedy(head)));
    }

    private static Picture decode(String name, PictureKind kind, PictureFile file, ImageInputStream stream) {
        ImageReader reader = reader(kind);
        boolean[] cutOff = new boolean[1];
        try {
            Optional<TiffPage> page = kind == PictureKind.TIFF ? TiffPage.of(stream) : Optional.empty();
            boolean data = page.isPresent() && page.get().hasData(stream);
            stream.seek(0);
            reader.addIIOReadWarningListener((source, warning) -> cutOff[0] |= tellsOfMissingData(warning));
            reader.setInput(stream, kind != PictureKind.GIF, kind != PictureKind.GIF);
            int width = reader.getWidth(0);
            int height = reader.getHeight(0);
            if (width < 1 || height < 1) {
                throw VitrineException.failure(name + ": a " + kind + " picture of " + width + "x" + height
                        + " pixels; expected at least 1x1");
            }
            long most = kind == PictureKind.WEBP ? MOST_WEBP_PIXELS : MOST_ORIGINAL_PIXELS;
            if ((long) width * height > most) {
                throw VitrineException.failure(name + ": a " + kind + " picture of " + width + "x" + height
                        + " pixels; at most " + most + " pixels are read. Shrink it first.");
            }
            requirePlausible(name, kind, width, height, file.content().size());
            int step = step(width, height);
            if (data) {
                requireFew(name, page.get().extent(stream), step);
            }
            ImageReadParam parameters = reader.getDefaultReadParam();
            if (step > 1 && kind != PictureKind.WEBP) {
                // TwelveMonkeys 3.14.0 mixes up the channels of a TIFF file when the first pixel read is not the first.
                int offset = kind == PictureKind.TIFF ? 0 : step / 2;
                parameters.setSourceSubsampling(step, step, Math.min(offset, width - 1), Math.min(offset, height - 1));
            }
            Picture picture = data
                    ? ofData(page.get(), stream, reader, parameters)
                    : placed(reader.read(0, parameters), kind, file, step);
            if (cutOff[0]) {
                throw VitrineException.failure(
                        name + ": the " + kind + " file is cut off: its end is missing. Copy or download it again.");
            }
            Turn turn = file.turn();
            Optional<Bands> bands = picture.bands().map(found -> turn == Turn.NONE ? found : found.turned(turn));
            byte[] rgb = turn.apply(picture.sharedRgb(), picture.width(), picture.height());
            int fullWidth = Math.max(width, picture.width());
            int fullHeight = Math.max(height, picture.height());
            Picture turned = (turn.swapsSides()
                            ? Picture.wrap(picture.height(), picture.width(), rgb)
                                    .withOriginalSize(fullHeight, fullWidth)
                            : Picture.wrap(picture.width(), picture.height(), rgb)
                                    .withOriginalSize(fullWidth, fullHeight))
                    .withName(name);
            return bands.map(turned::withBands).orElse(turned);
        } catch (VitrineException known) {
            throw known;
        } catch (IOException | RuntimeException failure) {
            throw undecodable(name, kind, failure);
        } catch (OutOfMemoryError claimed) {
            // libwebp answers so to damaged transparency; Java's own have a message.
            if (kind == PictureKind.WEBP && claimed.getMessage() == null) {
                throw undecodable(name, kind, new IOException("its transparency cannot be decoded"));
            }
            throw claimed;
        } finally {
            reader.dispose();
        }
    }

    /** A huge picture of next to no bytes is one color, or made to keep a decoder busy. */
    private static void requirePlausible(String name, PictureKind kind, int width, int height, long bytes) {
        long pixels = (long) width * height;
        if (pixels > HUGE_PIXELS && pixels > MOST_PIXELS_OF_BYTE * bytes) {
            throw VitrineException.failure(name + ": a " + kind + " picture of " + width + "x" + height + " pixels in "
                    + bytes + " bytes; expected at least " + pixels / MOST_PIXELS_OF_BYTE
                    + " of a picture of this size."
                    + " Shrink it first.");
        }
    }

    private static void requireFew(String name, TiffPage.Extent extent, int step) {
        long numbers = extent.numbers() / step / step;
        if (numbers > NumpyPicture.MOST_NUMBERS) {
            throw VitrineException.failure(
                    name + ": a TIFF picture of " + numbers + " numbers in all channels; at most "
                            + NumpyPicture.MOST_NUMBERS + " are read. Shrink it, or take fewer channels.");
        }
    }

    /** A page of which not all samples are colors or alpha. */
    private static Picture ofData(TiffPage page, ImageInputStream file, ImageReader reader, ImageReadParam parameters)
            throws IOException {
        boolean colors = page.startsWithColors(file);
        List<Bands> parts = new ArrayList<>();
        for (ImageInputStream view : page.asData(file)) {
            reader.setInput(view, true, true);
            parts.add(PixelConverter.data(reader.read(0, parameters)));
        }
        Bands bands = Bands.joined(parts, colors ? Bands.Last.EXTRA : Bands.Last.BAND);
        return NumpyPicture.shown(bands.width(), bands.height(), bands);
    }

    /** Every how many pixels one is read. */
    static int step(int width, int height) {
        int comfortable = leastStep(width, height, COMFORTABLE_PIXELS);
        int detailed = Math.max(1, Math.min(width, height) / LEAST_SHORT_SIDE);
        return Math.max(Math.min(comfortable, detailed), leastStep(width, height, MOST_PIXELS));
    }

    private static int leastStep(int width, int height, long mostPixels) {
        int step = 1;
        while (((width + step - 1L) / step) * ((height + step - 1L) / step) > mostPixels) {
            step++;
        }
        return step;
    }

    /** A first frame may be smaller than its screen: the rest of the screen is transparent, thus white. */
    private static Picture placed(BufferedImage decoded, PictureKind kind, PictureFile file, int step)
            throws IOException {
        BufferedImage image = kind == PictureKind.WEBP && step > 1 ? thinned(decoded, step) : decoded;
        Optional<Bands> bands = PixelConverter.bands(image);
        boolean many = bands.isPresent() && !bands.get().hasAlpha();
        Picture whole = many
                ? NumpyPicture.shown(image.getWidth(), image.getHeight(), bands.get())
                : Picture.wrap(image.getWidth(), image.getHeight(), PixelConverter.toRgb(image));
        Picture picture = bands.map(whole::withBands).orElse(whole);
        if (file.place().isEmpty() || step > 1) {
            return picture;
        }
        Rectangle screen = file.place().get().of(picture.width(), picture.height());
        boolean fills = screen.width == picture.width() && screen.height == picture.height();
        if (fills || (long) screen.width * screen.height > MOST_PIXELS) {
            return picture;
        }
        byte[] rgb = Picture.filled(screen.width, screen.height, 0xFFFFFF).sharedRgb();
        for (int y = 0; y < picture.height(); y++) {
            System.arraycopy(
                    picture.sharedRgb(),
                    3 * y * picture.width(),
                    rgb,
                    3 * ((y - screen.y) * screen.width - screen.x),
                    3 * picture.width());
        }
        return Picture.wrap(screen.width, screen.height, rgb);
    }

    /** Of each square of so many pixels the one in the middle. */
    private static BufferedImage thinned(BufferedImage image, int step) {
        int width = (image.getWidth() + step - 1) / step;
        int height = (image.getHeight() + step - 1) / step;
        ColorModel colors = image.getColorModel();
        WritableRaster thinned = colors.createCompatibleWritableRaster(width, height);
        double across = (double) image.getWidth() / width;
        double down = (double) image.getHeight() / height;
        Object pixel = null;
        for (int y = 0; y < height; y++) {
            int row = Math.min((int) (down * (y + 0.5)), image.getHeight() - 1);
            for (int x = 0; x < width; x++) {
                int column = Math.min((int) (across * (x + 0.5)), image.getWidth() - 1);
                pixel = image.getRaster().getDataElements(column, row, pixel);
                thinned.setDataElements(x, y, pixel);
            }
        }
        return new BufferedImage(colors, thinned, colors.isAlphaPremultiplied(), null);
    }

    private static ImageReader reader(PictureKind kind) {
        Iterator<ImageReader> readers = ImageIO.getImageReadersByFormatName(kind.formatName());
        ImageReader fallback = null;
        while (readers.hasNext()) {
            ImageReader reader = readers.next();
            if (reader.getClass().getName().startsWith("com.twelvemonkeys.")) {
                return reader;
            }
            fallback = reader;
        }
        if (fallback == null) {
            throw new IllegalStateException("no ImageIO reader for " + kind + " on the class path");
        }
        return fallback;
    }

    private static boolean tellsOfMissingData(String warning) {
        String lower = warning.toLowerCase(Locale.ROOT);
        return lower.contains("premature end") || lower.contains("truncated");
    }

    private static VitrineException undecodable(String name, PictureKind kind, Exception failure) {
        return VitrineException.failure(
                name + ": the " + kind + " file is damaged, cut off or of a kind not supported ("
                        + RegularFile.reason(failure) + "). Open it in a picture program and save it again.",
                failure);
    }
}
