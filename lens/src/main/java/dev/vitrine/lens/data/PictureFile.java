package dev.vitrine.lens.data;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.lens.data.header.GifFrame;
import dev.vitrine.lens.data.header.JpegHeader;
import dev.vitrine.lens.data.header.PngChunks;
import dev.vitrine.lens.data.header.WebpFile;
import dev.vitrine.lens.data.tiff.TiffPage;
import java.awt.Rectangle;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import javax.imageio.stream.FileImageInputStream;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;

/**
 * A picture file looked through before it is decoded: refused where it would take its decoder too much memory or time;
 * of several frames the first; without texts and other data that are no pixels.
 *
 * @param content what is to be decoded
 * @param turn that its Exif data ask for
 * @param place of the frame on a larger screen
 */
record PictureFile(Content content, Turn turn, Optional<Place> place) {
    /** The screen on which a frame lies. */
    record Place(int left, int top, int screenWidth, int screenHeight) {
        /** The frame on its screen, which is as large as it needs to be. */
        Rectangle of(int width, int height) {
            return new Rectangle(
                    -left, -top, Math.max(screenWidth, left + width), Math.max(screenHeight, top + height));
        }
    }

    /** Bytes that can be read several times. */
    sealed interface Content {
        InputStream open() throws IOException;

        ImageInputStream images() throws IOException;

        long size() throws IOException;

        record InMemory(byte[] bytes) implements Content {
            @Override
            public InputStream open() {
                return new ByteArrayInputStream(bytes);
            }

            @Override
            public long size() {
                return bytes.length;
            }

            @Override
            public ImageInputStream images() {
                return new MemoryCacheImageInputStream(open());
            }
        }

        record OnDisk(Path file) implements Content {
            @Override
            public InputStream open() throws IOException {
                return new BufferedInputStream(Files.newInputStream(file), 1 << 16);
            }

            @Override
            public long size() throws IOException {
                return Files.size(file);
            }

            @Override
            public ImageInputStream images() throws IOException {
                return new FileImageInputStream(file.toFile());
            }
        }
    }

    /** Of a JPEG picture of 90 megapixels, or of 180 where color is halved in both directions. */
    private static final long MOST_COEFFICIENT_BYTES = 512L << 20;
    /** Twelve scans of the most coefficients: some seconds. */
    private static final long MOST_VISITS = 50_000_000;

    private static final int MOST_SCANS = 1000;

    private static final long MOST_TILE_BYTES = 256L << 20;
    /** How often the bytes of a file may be part of a picture. */
    private static final long MOST_OVERLAP = 4;

    private static final int BMP_COMPRESSION = 30;

    static PictureFile of(String name, PictureKind kind, Content content) throws IOException {
        try (InputStream stream = content.open()) {
            return switch (kind) {
                case JPEG -> {
                    JpegHeader header = JpegHeader.of(stream);
                    requireBounded(name, header);
                    yield new PictureFile(content, turn(header.exif()), Optional.empty());
                }
                case PNG -> new PictureFile(content, turn(PngChunks.exif(stream)), Optional.empty());
                case GIF -> gif(GifFrame.first(stream));
                case WEBP -> webp(WebpFile.of(stream), content);
                case BMP -> bmp(name, stream, content);
                case TIFF -> new PictureFile(content, tiff(name, content), Optional.empty());
            };
        }
    }

    private static void requireBounded(String name, JpegHeader header) {
        String size = name + ": a JPEG picture of " + header.width() + "x" + header.height() + " pixels";
        if (header.codedBytes() < header.fewestBytes()) {
            throw VitrineException.failure(size + " in " + header.codedBytes() + " bytes of data; expected at least "
                    + header.fewestBytes() + ". The file is cut off or damaged: copy or download it again.");
        }
        if (header.coefficientBytes() > MOST_COEFFICIENT_BYTES) {
            throw VitrineException.failure(
                    size + " in " + header.scans() + " scans, which a decoder holds all at once in "
                            + (header.coefficientBytes() >> 20) + " MiB; at most " + (MOST_COEFFICIENT_BYTES >> 20)
                            + " MiB are read. Save it as a baseline (not progressive) JPEG, or shrink it.");
        }
        if (header.visits() > MOST_VISITS || header.scans() > MOST_SCANS) {
            throw VitrineException.failure(size + " in " + header.scans() + " scans, more than a picture of this size"
                    + " needs; expected about ten. Open it in a picture program and save it again.");
        }
    }

    private static PictureFile gif(GifFrame frame) {
        Place place = new Place(frame.left(), frame.top(), frame.screenWidth(), frame.screenHeight());
        return new PictureFile(new Content.InMemory(frame.file()), Turn.NONE, Optional.of(place));
    }

    private static PictureFile webp(WebpFile file, Content content) {
        Turn turn = turn(file.exif());
        return file.frame()
                .map(frame -> new PictureFile(
                        new Content.InMemory(frame.file()),
                        turn,
                        Optional.of(new Place(frame.left(), frame.top(), frame.canvasWidth(), frame.canvasHeight()))))
                .orElse(new PictureFile(content, turn, Optional.empty()));
    }

    private static PictureFile bmp(String name, InputStream stream, Content content) throws IOException {
        ByteBuffer head = ByteBuffer.wrap(stream.readNBytes(BMP_COMPRESSION + Integer.BYTES))
                .order(ByteOrder.LITTLE_ENDIAN);
        boolean modern = head.limit() == BMP_COMPRESSION + Integer.BYTES && head.getInt(14) >= 40;
        int compression = modern ? head.getInt(BMP_COMPRESSION) : 0;
        if (compression == 4 || compression == 5) {
            throw new IOException("it holds a JPEG or PNG file inside");
        }
        if (modern && (compression == 0 || compression == 3)) {
            long bitsOfRow = Math.max(0L, head.getInt(18)) * head.getShort(28);
            long paddedRow = (bitsOfRow + 31) / 32 * 4;
            long rows = Math.abs((long) head.getInt(22));
            // The last row may lack its padding.
            double end = (head.getInt(10) & 0xFFFFFFFFL) + (double) paddedRow * (rows - 1) + (bitsOfRow + 7) / 8;
            if (rows > 0 && bitsOfRow > 0 && content.size() < end) {
                throw VitrineException.failure(
                        name + ": the BMP file is cut off: its end is missing. Copy or download it again.");
            }
        }
        return new PictureFile(content, Turn.NONE, Optional.empty());
    }

    private static Turn tiff(String name, Content content) throws IOException {
        try (ImageInputStream file = content.images()) {
            Optional<TiffPage> page = TiffPage.of(file);
            if (page.isPresent()) {
                TiffPage.Extent extent = page.get().extent(file);
                if (extent.tileBytes() > MOST_TILE_BYTES) {
                    throw VitrineException.failure(name + ": a TIFF picture in tiles of " + (extent.tileBytes() >> 20)
                            + " MiB; at most " + (MOST_TILE_BYTES >> 20) + " MiB are read. Save it in smaller tiles.");
                }
                jpegs(name, page.get().jpegs(file), content.size());
            }
            return Turn.of(TiffPage.orientation(file));
        }
    }

    /** Strips and tiles that are JPEG files: each is bounded, and all together. */
    private static void jpegs(String name, List<InputStream> parts, long bytes) throws IOException {
        long visits = 0;
        long coded = 0;
        for (InputStream part : parts) {
            JpegHeader header = JpegHeader.of(new BufferedInputStream(part));
            requireBounded(name, header);
            visits += header.visits();
            coded += header.codedBytes();
            if (visits > MOST_VISITS || coded > MOST_OVERLAP * bytes) {
                throw VitrineException.failure(
                        name + ": a TIFF picture of " + parts.size() + " JPEG parts that overlap,"
                                + " or that are larger than the picture. Open it in a picture program and save it again.");
            }
        }
    }

    private static Turn turn(Optional<byte[]> exif) {
        return Turn.of(exif.flatMap(block -> {
            try (ImageInputStream file = new MemoryCacheImageInputStream(new ByteArrayInputStream(block))) {
                return TiffPage.orientation(file);
            } catch (IOException damaged) {
                return Optional.empty();
            }
        }));
    }
}
