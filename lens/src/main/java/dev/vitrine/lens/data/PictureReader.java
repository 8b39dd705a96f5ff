package dev.vitrine.lens.data;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.lens.data.tiff.TiffPage;
import java.awt.Rectangle;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import javax.imageio.ImageIO;
import javax.imageio.ImageReadParam;
import javax.imageio.ImageReader;
import javax.imageio.metadata.IIOMetadata;
import javax.imageio.metadata.IIOMetadataNode;
import javax.imageio.stream.FileImageInputStream;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;

/**
 * Reads JPEG, PNG, GIF (first frame), BMP, TIFF (first page) and WebP as 8-bit sRGB, and NumPy arrays.
 *
 * <ul>
 *   <li>Transparent pictures are laid on white; what they are without that is in {@link Picture#bands()}. So are TIFF
 *       files of more or fewer channels than a color has, and arrays, which {@link NumpyPicture} describes. A further
 *       sample of a TIFF file is alpha where ExtraSamples says so (1 or 2), else a channel like the others.
 *   <li>Pictures are turned as their Exif orientation asks.
 *   <li>16-bit samples are rounded to 8 bits. Colour profiles in JPEG and TIFF files are honoured, those in PNG files
 *       are not.
 *   <li>A picture of more than 24 million pixels is read at a whole fraction of its size (every 2nd, 3rd … pixel of
 *       every 2nd, 3rd … row) of at least 1024 pixels on the short side, so that reading stays within about 300 MB;
 *       but a WebP file is always decoded whole.
 * </ul>
 *
 * <p>Everything that keeps a picture from being read is a {@link VitrineException} of kind FAILURE with the file's name.
 */
public final class PictureReader {
    private static final long COMFORTABLE_PIXELS = 24_000_000;
    private static final long MOST_PIXELS = 48_000_000;
    private static final long MOST_ORIGINAL_PIXELS = Integer.MAX_VALUE;
    private static final int LEAST_SHORT_SIDE = 1024;
    private static final long IN_MEMORY_BYTES = 32 << 20;

    private PictureReader() {}

    /** Reads a picture file. */
    public static Picture read(Path file) {
        if (!Files.exists(file)) {
            throw VitrineException.failure(file + ": no such file; expected a picture (" + PictureKind.EXPECTED + ")");
        }
        if (Files.isDirectory(file)) {
            throw VitrineException.failure(file + ": a folder; expected a picture file (" + PictureKind.EXPECTED + ")");
        }
        try {
            if (Files.size(file) <= IN_MEMORY_BYTES || !file.getFileSystem().equals(FileSystems.getDefault())) {
                return read(file.toString(), Files.readAllBytes(file));
            }
            byte[] head;
            try (InputStream stream = Files.newInputStream(file)) {
                head = stream.readNBytes(PictureKind.HEAD_BYTES);
            }
            if (PictureKind.isArray(head)) {
                return NumpyPicture.of(file.toString(), Npy.read(file));
            }
            PictureKind kind = kind(file.toString(), head);
            Turn turn;
            if (kind == PictureKind.TIFF) {
                turn = Turn.ofTiff(file);
            } else {
                try (InputStream stream = Files.newInputStream(file)) {
                    turn = Turn.of(kind, stream);
                }
            }
            try (ImageInputStream stream = new FileImageInputStream(file.toFile())) {
                return decode(file.toString(), kind, turn, stream);
            }
        } catch (IOException failure) {
            throw VitrineException.failure(
                    file + ": cannot be read (" + reason(failure) + "); check its permissions", failure);
        }
    }

    /** Decodes a picture from the bytes of its file; {@code name} is what errors call it. */
    public static Picture read(String name, byte[] file) {
        if (PictureKind.isArray(file)) {
            return NumpyPicture.of(name, Npy.read(name, file));
        }
        PictureKind kind = kind(name, Arrays.copyOf(file, Math.min(file.length, PictureKind.HEAD_BYTES)));
        try (ImageInputStream stream = new MemoryCacheImageInputStream(new ByteArrayInputStream(file))) {
            return decode(name, kind, Turn.of(kind, new ByteArrayInputStream(file)), stream);
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

    private static Picture decode(String name, PictureKind kind, Turn turn, ImageInputStream stream) {
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
            if ((long) width * height > MOST_ORIGINAL_PIXELS) {
                throw VitrineException.failure(name + ": a " + kind + " picture of " + width + "x" + height
                        + " pixels; at most " + MOST_ORIGINAL_PIXELS + " pixels are read. Shrink it first.");
            }
            int step = step(width, height);
            ImageReadParam parameters = reader.getDefaultReadParam();
            if (step > 1 && kind != PictureKind.WEBP) {
                // TwelveMonkeys 3.14.0 mixes up the channels of a TIFF file when the first pixel read is not the first.
                int offset = kind == PictureKind.TIFF ? 0 : step / 2;
                parameters.setSourceSubsampling(step, step, Math.min(offset, width - 1), Math.min(offset, height - 1));
            }
            Picture picture = data
                    ? ofData(page.get(), stream, reader, parameters)
                    : placed(reader.read(0, parameters), kind, reader, step);
            if (cutOff[0]) {
                throw VitrineException.failure(
                        name + ": the " + kind + " file is cut off: its end is missing. Copy or download it again.");
            }
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
        } catch (LinkageError missing) {
            throw VitrineException.failure(
                    name + ": a " + kind + " picture, for which there is no decoder on this machine ("
                            + System.getProperty("os.name") + " " + System.getProperty("os.arch")
                            + "). Convert it to PNG or JPEG.",
                    missing);
        } catch (OutOfMemoryError tooSmall) {
            throw VitrineException.failure(
                    name + ": decoding this " + kind + " picture needs more memory than the "
                            + (Runtime.getRuntime().maxMemory() >> 20)
                            + " MiB that Java may use. Shrink the picture, or give Java more with -Xmx.",
                    tooSmall);
        } finally {
            reader.dispose();
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

    /** The first frame of a GIF may be smaller than its screen: the rest of the screen is transparent, thus white. */
    private static Picture placed(BufferedImage image, PictureKind kind, ImageReader reader, int step)
            throws IOException {
        Optional<Bands> bands = PixelConverter.bands(image);
        boolean many = bands.isPresent() && !bands.get().hasAlpha();
        Picture whole = many
                ? NumpyPicture.shown(image.getWidth(), image.getHeight(), bands.get())
                : Picture.wrap(image.getWidth(), image.getHeight(), PixelConverter.toRgb(image));
        Picture picture = bands.map(whole::withBands).orElse(whole);
        if (kind == PictureKind.WEBP && step > 1) {
            return Resampler.resize(
                    picture,
                    (image.getWidth() + step - 1) / step,
                    (image.getHeight() + step - 1) / step,
                    Resampling.NEAREST);
        }
        if (kind != PictureKind.GIF || step > 1) {
            return picture;
        }
        Optional<IIOMetadataNode> screen = node(reader.getStreamMetadata(), "LogicalScreenDescriptor");
        Optional<IIOMetadataNode> frame = node(reader.getImageMetadata(0), "ImageDescriptor");
        if (screen.isEmpty() || frame.isEmpty()) {
            return picture;
        }
        Rectangle place = new Rectangle(
                number(frame.get(), "imageLeftPosition"),
                number(frame.get(), "imageTopPosition"),
                picture.width(),
                picture.height());
        int width = Math.max(number(screen.get(), "logicalScreenWidth"), place.x + place.width);
        int height = Math.max(number(screen.get(), "logicalScreenHeight"), place.y + place.height);
        if ((width == place.width && height == place.height) || (long) width * height > MOST_PIXELS) {
            return picture;
        }
        byte[] rgb = Picture.filled(width, height, 0xFFFFFF).sharedRgb();
        for (int y = 0; y < place.height; y++) {
            System.arraycopy(
                    picture.sharedRgb(),
                    3 * y * place.width,
                    rgb,
                    3 * ((place.y + y) * width + place.x),
                    3 * place.width);
        }
        return Picture.wrap(width, height, rgb);
    }

    private static Optional<IIOMetadataNode> node(IIOMetadata metadata, String name) {
        IIOMetadataNode root = (IIOMetadataNode) metadata.getAsTree(metadata.getNativeMetadataFormatName());
        return root.getElementsByTagName(name).item(0) instanceof IIOMetadataNode found
                ? Optional.of(found)
                : Optional.empty();
    }

    private static int number(IIOMetadataNode node, String attribute) {
        return Integer.parseInt(node.getAttribute(attribute));
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
                name + ": the " + kind + " file is damaged, cut off or of a kind not supported (" + reason(failure)
                        + "). Open it in a picture program and save it again.",
                failure);
    }

    private static String reason(Throwable failure) {
        Throwable deepest = failure;
        while (deepest.getCause() != null) {
            deepest = deepest.getCause();
        }
        String message = deepest.getMessage();
        return message == null || message.isBlank() ? deepest.getClass().getSimpleName() : message;
    }
}
