package dev.vitrine.lens.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vitrine.engine.VitrineException;
import java.awt.Color;
import java.awt.Transparency;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.IndexColorModel;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PictureReaderTest {
    private static final int RED = 0xC8281E;
    private static final int BLUE = 0x143CD2;

    // Each of 16x8 pixels, the left half RED, the right half BLUE, written by Pillow 9.4.0.
    private static final String WEBP_LOSSY =
            "UklGRkQAAABXRUJQVlA4IDgAAADwAQCdASoQAAgAAMASJaACdLoB+AAEgwAA/vo6f/7rP//16P9tA"
                    + "/PR/+1LP/2pZ89H+1LPw8AAAA==";
    private static final String WEBP_LOSSLESS = "UklGRigAAABXRUJQVlA4TBwAAAAvD8ABAA9wHvZT0J5Jev6DB2LBZP7SnSlE9D9y";
    // The right half is transparent.
    private static final String WEBP_ALPHA = "UklGRigAAABXRUJQVlA4TBwAAAAvD8ABEA9wHvZT0J5Jev6DFmLBZP7SnSlE9D9y";
    private static final String JPEG_CMYK =
            "/9j/7gAOQWRvYmUAZAAAAAAA/9sAQwACAQEBAQECAQEBAgICAgIEAwICAgIFBAQDBAYFBgYGBQYGBgcJ"
                    + "CAYHCQcGBggLCAkKCgoKCgYICwwLCgwJCgoK/8AAFAgACAAQBEMRAE0RAFkRAEsRAP/EAB8AAAEFAQEBAQEBAAAAAAAAAAABAgMEBQYHCAkK"
                    + "C//EALUQAAIBAwMCBAMFBQQEAAABfQECAwAEEQUSITFBBhNRYQcicRQygZGhCCNCscEVUtHwJDNicoIJChYXGBkaJSYnKCkqNDU2Nzg5OkNE"
                    + "RUZHSElKU1RVVldYWVpjZGVmZ2hpanN0dXZ3eHl6g4SFhoeIiYqSk5SVlpeYmZqio6Slpqeoqaqys7S1tre4ubrCw8TFxsfIycrS09TV1tfY"
                    + "2drh4uPk5ebn6Onq8fLz9PX29/j5+v/aAA4EQwBNAFkASwAAPwD9IK/J+vx3r9/K/kvr1Cv60KK//9k=";

    // 2x2, 32-bit floating point.
    private static final String TIFF_FLOATS = "SUkqAAgAAAAKAAABBAABAAAAAgAAAAEBBAABAAAAAgAAAAIBAwABAAAAIAAAAAMBAwABAAAA"
            + "AQAAAAYBAwABAAAAAQAAABEBBAABAAAAhgAAABYBBAABAAAAAgAAABcBBAABAAAAEAAAABwBAwABAAAAAQAAAFMBAwABAAAAAwAAAAAA"
            + "AAAAAAAAAAAAAAAAAAAAAAAA";

    @TempDir
    Path folder;

    private static byte[] base64(String text) {
        return Base64.getDecoder().decode(text);
    }

    private static BufferedImage halves(int imageType) {
        BufferedImage image = new BufferedImage(16, 8, imageType);
        for (int y = 0; y < 8; y++) {
            for (int x = 0; x < 16; x++) {
                image.setRGB(x, y, 0xFF000000 | (x < 8 ? RED : BLUE));
            }
        }
        return image;
    }

    private static byte[] encode(BufferedImage image, String format) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            assertThat(ImageIO.write(image, format, bytes)).as(format).isTrue();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        return bytes.toByteArray();
    }

    private static byte[] file(String kind) {
        return switch (kind) {
            case "webp" -> base64(WEBP_LOSSY);
            case "webp lossless" -> base64(WEBP_LOSSLESS);
            default -> encode(halves(BufferedImage.TYPE_3BYTE_BGR), kind);
        };
    }

    private static void assertHalves(Picture picture, int left, int right, int tolerance) {
        assertThat(List.of(picture.width(), picture.height())).containsExactly(16, 8);
        assertColor(picture.color(3, 4), left, tolerance);
        assertColor(picture.color(12, 4), right, tolerance);
    }

    private static void assertColor(int actual, int expected, int tolerance) {
        for (int shift = 0; shift < 24; shift += 8) {
            assertThat(Math.abs((actual >> shift & 255) - (expected >> shift & 255)))
                    .as("%06X, expected %06X", actual, expected)
                    .isLessThanOrEqualTo(tolerance);
        }
    }

    @ParameterizedTest
    @CsvSource({"png, 0", "bmp, 0", "gif, 0", "tiff, 0", "jpg, 6", "webp, 12", "webp lossless, 0"})
    void everyKind(String kind, int tolerance) throws IOException {
        Path file = folder.resolve("picture.any");
        Files.write(file, file(kind));
        assertHalves(PictureReader.read(file), RED, BLUE, tolerance);
    }

    @ParameterizedTest
    @ValueSource(strings = {"png", "bmp", "gif", "tiff", "jpg"})
    void onePixel(String kind) {
        BufferedImage image = new BufferedImage(1, 1, BufferedImage.TYPE_3BYTE_BGR);
        image.setRGB(0, 0, RED);
        Picture picture = PictureReader.read("one", encode(image, kind));
        assertThat(picture.toString()).isEqualTo("Picture[1x1]");
        assertColor(picture.color(0, 0), RED, 4);
    }

    @ParameterizedTest
    @ValueSource(strings = {"png", "bmp", "gif", "tiff", "jpg", "webp", "webp lossless"})
    void filesThatAreCutOffAreRefused(String kind) {
        byte[] whole = file(kind);
        for (int length : new int[] {17, 30, whole.length / 2, whole.length * 3 / 4}) {
            assertThatThrownBy(() -> PictureReader.read("cut." + kind, Arrays.copyOf(whole, length)))
                    .as("%d of %d bytes", length, whole.length)
                    .isInstanceOfSatisfying(
                            VitrineException.class,
                            failure -> assertThat(failure.kind()).isEqualTo(VitrineException.Kind.FAILURE))
                    .hasMessageContaining("cut." + kind)
                    .hasMessageContaining("cut off");
        }
    }

    @Test
    void aLargerJpegThatIsCutOffIsRefused() {
        BufferedImage image = new BufferedImage(200, 200, BufferedImage.TYPE_3BYTE_BGR);
        for (int i = 0; i < 40_000; i++) {
            image.setRGB(i % 200, i / 200, i * 7919);
        }
        byte[] whole = encode(image, "jpg");
        assertThatThrownBy(() -> PictureReader.read("a", Arrays.copyOf(whole, whole.length - 500)))
                .hasMessageContaining("cut off");
    }

    @Test
    void grayKeepsItsSamples() {
        for (String kind : List.of("png", "bmp", "tiff", "jpg")) {
            BufferedImage image = new BufferedImage(8, 8, BufferedImage.TYPE_BYTE_GRAY);
            for (int i = 0; i < 64; i++) {
                image.getRaster().setSample(i % 8, i / 8, 0, 100);
            }
            assertThat(PictureReader.read("gray", encode(image, kind)))
                    .as(kind)
                    .isEqualTo(Picture.filled(8, 8, 0x646464));
        }
    }

    @Test
    void sixteenBitsAreRoundedToEight() {
        BufferedImage gray = new BufferedImage(1, 1, BufferedImage.TYPE_USHORT_GRAY);
        gray.getRaster().setSample(0, 0, 0, 200 * 257 + 128);
        assertThat(PictureReader.read("gray", encode(gray, "png")).color(0, 0)).isEqualTo(0xC8C8C8);
        ComponentColorModel model = new ComponentColorModel(
                ColorSpace.getInstance(ColorSpace.CS_sRGB),
                true,
                false,
                Transparency.TRANSLUCENT,
                DataBuffer.TYPE_USHORT);
        BufferedImage color = new BufferedImage(model, model.createCompatibleWritableRaster(1, 1), false, null);
        color.getRaster().setPixel(0, 0, new int[] {200 * 257 + 129, 40 * 257, 30 * 257, 65535});
        assertThat(PictureReader.read("color", encode(color, "png")).color(0, 0))
                .isEqualTo(0xC9281E);
    }

    @Test
    void palettesOfAnyDepth() {
        for (int bits : new int[] {1, 2, 4, 8}) {
            byte[] red = {(byte) 0xC8, 0x14};
            byte[] green = {0x28, 0x3C};
            byte[] blue = {0x1E, (byte) 0xD2};
            IndexColorModel palette = new IndexColorModel(bits, 2, red, green, blue);
            BufferedImage image =
                    new BufferedImage(palette, palette.createCompatibleWritableRaster(16, 8), false, null);
            for (int i = 0; i < 64; i++) {
                image.getRaster().setSample(8 + i % 8, i / 8, 0, 1);
            }
            assertHalves(PictureReader.read("palette", encode(image, "png")), RED, BLUE, 0);
        }
    }

    @Test
    void transparencyLiesOnWhite() {
        BufferedImage image = new BufferedImage(16, 8, BufferedImage.TYPE_4BYTE_ABGR);
        for (int i = 0; i < 128; i++) {
            image.setRGB(i % 16, i / 16, i % 16 < 8 ? 0x80FF0000 : 0x00123456);
        }
        assertHalves(PictureReader.read("png", encode(image, "png")), 0xFF7F7F, 0xFFFFFF, 0);
        assertHalves(PictureReader.read("tiff", encode(image, "tiff")), 0xFF7F7F, 0xFFFFFF, 0);
        assertHalves(PictureReader.read("webp", base64(WEBP_ALPHA)), RED, 0xFFFFFF, 0);
    }

    @Test
    void oneTransparentColorOfAPngLiesOnWhite() {
        byte[] pixels = {0, (byte) 0xC8, 0x28, 0x1E, 0x14, 0x3C, (byte) 0xD2};
        byte[] blueIsTransparent = {0, 0x14, 0, 0x3C, 0, (byte) 0xD2};
        Picture picture = PictureReader.read("tRNS", png(2, 1, 2, blueIsTransparent, pixels));
        assertThat(List.of(picture.color(0, 0), picture.color(1, 0))).containsExactly(RED, 0xFFFFFF);
    }

    @Test
    void aSmallerFirstFrameOfAGifLiesOnItsScreen() {
        byte[] gif = encode(halves(BufferedImage.TYPE_3BYTE_BGR), "gif");
        gif[6] = 20;
        gif[8] = 10;
        int descriptor = 0;
        while (gif[descriptor] != 0x2C
                || gif[descriptor + 5] != 16
                || gif[descriptor + 6] != 0
                || gif[descriptor + 7] != 8) {
            descriptor++;
        }
        gif[descriptor + 1] = 4;
        gif[descriptor + 3] = 1;
        Picture picture = PictureReader.read("gif", gif);
        assertThat(picture.toString()).isEqualTo("Picture[20x10]");
        assertThat(List.of(
                        picture.color(0, 0),
                        picture.color(3, 5),
                        picture.color(4, 1),
                        picture.color(12, 1),
                        picture.color(19, 8),
                        picture.color(19, 9)))
                .containsExactly(0xFFFFFF, 0xFFFFFF, RED, BLUE, BLUE, 0xFFFFFF);
    }

    @Test
    void cmykAndYcckJpegs() {
        byte[] cmyk = base64(JPEG_CMYK);
        assertHalves(PictureReader.read("cmyk", cmyk), RED, BLUE, 6);
        byte[] ycck = cmyk.clone();
        // The last byte of the Adobe segment: 0 says CMYK, 2 says YCCK.
        assertThat(ycck[17]).isZero();
        ycck[17] = 2;
        // Its stored samples, read as Y, Cb, Cr, K, give inverted inks; Pillow agrees: (192, 0, 211) on the left.
        Picture picture = PictureReader.read("ycck", ycck);
        assertColor(picture.color(3, 4), 0xC000D3, 6);
        assertColor(picture.color(12, 4), 0x78FFFF, 6);
    }

    /** A picture of 16x8 whose four quarters differ, with each orientation, upright by the definition of Exif. */
    @ParameterizedTest
    @CsvSource({"1, ABCD", "2, BADC", "3, DCBA", "4, CDAB", "5, ACBD", "6, CADB", "7, DBCA", "8, BDAC"})
    void exifOrientation(int orientation, String quarters) {
        int[] colors = {0xF01010, 0x10F010, 0x1010F0, 0xF0F0F0};
        BufferedImage image = new BufferedImage(32, 16, BufferedImage.TYPE_3BYTE_BGR);
        for (int i = 0; i < 512; i++) {
            image.setRGB(i % 32, i / 32, colors[i % 32 / 16 + i / 32 / 8 * 2]);
        }
        Picture picture = PictureReader.read("turned", withExif(encode(image, "jpg"), orientation));
        boolean upright = orientation > 4;
        assertThat(picture.width()).isEqualTo(upright ? 16 : 32);
        assertThat(picture.originalWidth()).isEqualTo(upright ? 16 : 32);
        assertThat(picture.originalHeight()).isEqualTo(upright ? 32 : 16);
        for (int quarter = 0; quarter < 4; quarter++) {
            int x = picture.width() / 4 + quarter % 2 * picture.width() / 2;
            int y = picture.height() / 4 + quarter / 2 * picture.height() / 2;
            assertColor(picture.color(x, y), colors[quarters.charAt(quarter) - 'A'], 60);
        }
    }

    /** Puts an Exif segment with nothing but an orientation behind the first two bytes of a JPEG. */
    private static byte[] withExif(byte[] jpeg, int orientation) {
        byte[] segment = {
            (byte) 0xFF,
            (byte) 0xE1,
            0,
            34,
            'E',
            'x',
            'i',
            'f',
            0,
            0,
            'M',
            'M',
            0,
            42,
            0,
            0,
            0,
            8,
            0,
            1,
            1,
            0x12,
            0,
            3,
            0,
            0,
            0,
            1,
            0,
            (byte) orientation,
            0,
            0,
            0,
            0,
            0,
            0
        };
        byte[] joined = new byte[jpeg.length + segment.length];
        System.arraycopy(jpeg, 0, joined, 0, 2);
        System.arraycopy(segment, 0, joined, 2, segment.length);
        System.arraycopy(jpeg, 2, joined, 2 + segment.length, jpeg.length - 2);
        return joined;
    }

    @Test
    void missingFilesFoldersAndEmptyFiles() throws IOException {
        assertFailure(folder.resolve("none.png"), "none.png: no such file");
        assertFailure(folder, "a folder; expected a picture file");
        Path empty = Files.createFile(folder.resolve("empty.png"));
        assertFailure(empty, "empty.png: the file is empty");
    }

    @Test
    void otherFilesAreNamed() throws IOException {
        assertFailure(write("%PDF-1.7"), "a PDF document; expected a picture (JPEG, PNG, GIF, BMP, TIFF, WebP or a");
        assertFailure(write("\0\0\0 ftypavif"), "an AVIF picture");
        for (String brand : List.of("heic", "heix", "hevc", "hevx", "heim", "heis", "hevm", "hevs")) {
            assertFailure(write("\0\0\0 ftyp" + brand), "a HEIC picture");
        }
        assertFailure(write("\0\0\0 ftypmif1"), "a HEIF picture");
        assertFailure(write("\0\0\0 ftypisom"), "an MP4 or QuickTime film");
        assertFailure(write("\0".repeat(128) + "DICM\2\0"), "a DICOM file");
        assertFailure(write("SIMPLE  =                    T"), "a FITS file");
        assertFailure(write("RIFF\0\0\0\0WAVEfmt "), "a sound (WAV)");
        assertFailure(write("\u00EF\u00BB\u00BF\n<!-- made by hand -->\n<svg xmlns='a'/>"), "an SVG drawing");
        assertFailure(write("  <html>"), "an XML, HTML or SVG document");
        assertFailure(write("{\"0\": \"cat\"}"), "a JSON document");
        assertFailure(write("[\"cat\"]"), "a JSON document");
        assertFailure(write("Rar!\32\7\0"), "a 7z, RAR, xz or bzip2 archive");
        assertFailure(write("Hello there"), "begins with 'Hello th'");
        assertFailure(write("\1\2\3"), "begins with the bytes 01 02 03");
    }

    @Test
    void noPixels() {
        byte[] noPixels = png(0, 4, 2, new byte[0], new byte[4]);
        assertThatThrownBy(() -> PictureReader.read("flat.png", noPixels))
                .isInstanceOf(VitrineException.class)
                .hasMessageContaining("flat.png")
                .hasMessageContaining("width");
    }

    @Test
    void floatingPointSamplesAreRefused() {
        assertThatThrownBy(() -> PictureReader.read("deep.tif", base64(TIFF_FLOATS)))
                .isInstanceOf(VitrineException.class)
                .hasMessageContaining("deep.tif")
                .hasMessageContaining("floating-point");
    }

    private Path write(String content) throws IOException {
        return Files.write(folder.resolve("file"), content.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static void assertFailure(Path file, String message) {
        assertThatThrownBy(() -> PictureReader.read(file))
                .isInstanceOfSatisfying(
                        VitrineException.class,
                        failure -> assertThat(failure.kind()).isEqualTo(VitrineException.Kind.FAILURE))
                .hasMessageContaining(file.toString())
                .hasMessageContaining(message);
    }

    @ParameterizedTest
    @CsvSource({
        "6000, 4000, 1",
        "6001, 4000, 2",
        "20000, 20000, 5",
        "1500, 16001, 1",
        "2100, 20000, 2",
        "1025, 400000, 3",
        "1, 100000000, 3"
    })
    void stepsBetweenPixelsThatAreRead(int width, int height, int step) {
        assertThat(PictureReader.step(width, height)).isEqualTo(step);
    }

    @Test
    void aVeryLongLineIsReadInSteps() {
        // Rows of 60,000,000 gray pixels and their filter byte.
        byte[] row = new byte[60_000_001];
        Arrays.fill(row, 1, row.length, (byte) 100);
        Picture line = PictureReader.read("line", png(60_000_000, 1, 0, new byte[0], row));
        assertThat(line.toString()).isEqualTo("Picture[30000000x1]");
        assertThat(line.originalHeight()).isEqualTo(1);
        assertThat(line.color(29_999_999, 0)).isEqualTo(0x646464);
    }

    @Test
    void aHugePictureIsReadWithinABoundedHeap() throws Exception {
        Path file = folder.resolve("huge.png");
        writeHugePng(file, 20_000);
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        Process process = new ProcessBuilder(
                        java.toString(),
                        "-Xmx200m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        HugePicture.class.getName(),
                        file.toString())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(output.strip()).isEqualTo("4000x4000 of 20000x20000, left 000000, right FFFFFF");
        assertThat(process.waitFor()).isZero();
    }

    static final class HugePicture {
        public static void main(String[] arguments) {
            Picture picture = PictureReader.read(Path.of(arguments[0]));
            System.out.printf(
                    "%dx%d of %dx%d, left %06X, right %06X%n",
                    picture.width(),
                    picture.height(),
                    picture.originalWidth(),
                    picture.originalHeight(),
                    picture.color(0, 0),
                    picture.color(picture.width() - 1, picture.height() - 1));
        }
    }

    /** Black on the left, white on the right, 8-bit gray. */
    private static void writeHugePng(Path file, int size) throws IOException {
        byte[] row = new byte[size + 1];
        Arrays.fill(row, 1 + size / 2, row.length, (byte) 255);
        ByteArrayOutputStream data = new ByteArrayOutputStream();
        try (OutputStream deflater = new DeflaterOutputStream(data, new Deflater(Deflater.BEST_SPEED))) {
            for (int y = 0; y < size; y++) {
                deflater.write(row);
            }
        }
        Files.write(file, pngOf(size, size, 0, new byte[0], data.toByteArray()));
    }

    private static byte[] png(int width, int height, int colorType, byte[] transparent, byte[] rows) {
        ByteArrayOutputStream data = new ByteArrayOutputStream();
        try (OutputStream deflater = new DeflaterOutputStream(data)) {
            deflater.write(rows);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        return pngOf(width, height, colorType, transparent, data.toByteArray());
    }

    private static byte[] pngOf(int width, int height, int colorType, byte[] transparent, byte[] data) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeLong(0x89504E470D0A1A0AL);
            ByteArrayOutputStream header = new ByteArrayOutputStream();
            DataOutputStream headerOut = new DataOutputStream(header);
            headerOut.writeInt(width);
            headerOut.writeInt(height);
            headerOut.write(new byte[] {8, (byte) colorType, 0, 0, 0});
            chunk(out, "IHDR", header.toByteArray());
            if (transparent.length > 0) {
                chunk(out, "tRNS", transparent);
            }
            chunk(out, "IDAT", data);
            chunk(out, "IEND", new byte[0]);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        return bytes.toByteArray();
    }

    private static void chunk(DataOutputStream out, String type, byte[] data) throws IOException {
        byte[] name = type.getBytes(StandardCharsets.US_ASCII);
        CRC32 crc = new CRC32();
        crc.update(name);
        crc.update(data);
        out.writeInt(data.length);
        out.write(name);
        out.write(data);
        out.writeInt((int) crc.getValue());
    }

    @Test
    void pictureIsImmutableAndComparable() {
        byte[] rgb = {1, 2, 3};
        Picture picture = Picture.of(1, 1, rgb);
        rgb[0] = 9;
        assertThat(picture).isEqualTo(Picture.filled(1, 1, 0x010203)).hasSameHashCodeAs(Picture.filled(1, 1, 0x010203));
        assertThat(picture.rgb().isReadOnly()).isTrue();
        assertThat(new Color(picture.color(0, 0))).isEqualTo(new Color(1, 2, 3));
        assertThatThrownBy(() -> Picture.wrap(2, 1, rgb)).hasMessageContaining("expected 6 bytes, found 3");
    }
}
