package dev.vitrine.lens.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vitrine.engine.VitrineException;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.DeflaterOutputStream;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.MemoryCacheImageOutputStream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Picture files that were made to take much more memory or time than their size suggests. */
class HostilePicturesTest {
    private static final Duration SHORT = Duration.ofSeconds(15);
    private static final int START_OF_SCAN = 0xDA;
    private static final int DATA = -7;

    @TempDir
    Path folder;

    private static void assertRefused(byte[] file, String message) {
        Assertions.assertTimeoutPreemptively(
                SHORT,
                () -> assertThatThrownBy(() -> PictureReader.read("hostile.any", file))
                        .isInstanceOf(VitrineException.class)
                        .hasMessageContaining("hostile.any")
                        .hasMessageContaining(message)
                        .satisfies(problem -> assertThat(problem.getMessage()).hasSizeLessThan(1000)));
    }

    private static Picture read(byte[] file) {
        return Assertions.assertTimeoutPreemptively(SHORT, () -> PictureReader.read("odd.any", file));
    }

    private static byte[] bytes(int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return bytes;
    }

    private static byte[] joined(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    private static byte[] encoded(String format, int width, int height) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            assertThat(ImageIO.write(new BufferedImage(width, height, BufferedImage.TYPE_3BYTE_BGR), format, bytes))
                    .isTrue();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        return bytes.toByteArray();
    }

    private static byte[] progressive(int width, int height) throws IOException {
        ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
        ImageWriteParam parameters = writer.getDefaultWriteParam();
        parameters.setProgressiveMode(ImageWriteParam.MODE_DEFAULT);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (MemoryCacheImageOutputStream out = new MemoryCacheImageOutputStream(bytes)) {
            writer.setOutput(out);
            BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_3BYTE_BGR);
            writer.write(null, new IIOImage(image, null, null), parameters);
        } finally {
            writer.dispose();
        }
        return bytes.toByteArray();
    }

    /** Where a marker stands first, or last. */
    private static int place(byte[] jpeg, int marker, int from, int step) {
        int at = from;
        while ((jpeg[at] & 255) != 0xFF || (jpeg[at + 1] & 255) != marker) {
            at += step;
        }
        return at;
    }

    private static byte[] resized(byte[] jpeg, int marker, int width, int height) {
        byte[] changed = jpeg.clone();
        int at = place(jpeg, marker, 2, 1);
        ByteBuffer.wrap(changed).putShort(at + 5, (short) height).putShort(at + 7, (short) width);
        return changed;
    }

    @ParameterizedTest
    @CsvSource({"46000, 46000", "65500, 4000", "8000, 8000", "2000, 2000"})
    void aJpegHeaderThatLiesAboutItsSize(int width, int height) throws IOException {
        assertRefused(resized(progressive(16, 16), 0xC2, width, height), "expected at least");
        assertRefused(resized(encoded("jpg", 16, 16), 0xC0, width, height), "expected at least");
    }

    @Test
    void aProgressiveJpegOfTooManyCoefficients() throws IOException {
        byte[] small = resized(progressive(16, 16), 0xC2, 20_000, 20_000);
        byte[] codes = new byte[1_300_000];
        Arrays.fill(codes, (byte) 0x55);
        int behind = place(small, START_OF_SCAN, 2, 1) + 14;
        assertRefused(
                joined(Arrays.copyOf(small, behind), codes, Arrays.copyOfRange(small, behind, small.length)),
                "MiB are read. Save it as a baseline");
    }

    @Test
    void aJpegOfManyEmptyScans() throws IOException {
        byte[] jpeg = progressive(8, 8);
        int last = place(jpeg, START_OF_SCAN, jpeg.length - 2, -1);
        byte[] scan = Arrays.copyOfRange(jpeg, last, jpeg.length - 2);
        ByteArrayOutputStream many = new ByteArrayOutputStream();
        many.write(jpeg, 0, jpeg.length - 2);
        for (int i = 0; i < 100_000; i++) {
            many.writeBytes(scan);
        }
        many.writeBytes(bytes(0xFF, 0xD9));
        assertRefused(many.toByteArray(), "scans, more than a picture of this size needs");

        byte[] large = progressive(1600, 1600);
        int lastOfLarge = place(large, START_OF_SCAN, large.length - 2, -1);
        ByteArrayOutputStream fewer = new ByteArrayOutputStream();
        fewer.write(large, 0, large.length - 2);
        for (int i = 0; i < 900; i++) {
            fewer.write(large, lastOfLarge, large.length - 2 - lastOfLarge);
        }
        fewer.writeBytes(bytes(0xFF, 0xD9));
        assertRefused(fewer.toByteArray(), "scans, more than a picture of this size needs");
        assertThat(read(large).toString()).isEqualTo("Picture[1600x1600]");
    }

    @Test
    void aFlatProgressiveJpegOfFullSizeIsRead() throws IOException {
        assertThat(read(progressive(3000, 2000)).toString()).isEqualTo("Picture[3000x2000]");
        assertThat(read(encoded("jpg", 3000, 2000)).toString()).isEqualTo("Picture[3000x2000]");
        assertThat(read(encoded("jpg", 1, 1)).toString()).isEqualTo("Picture[1x1]");
    }

    private static byte[] chunk(String type, byte[] data) {
        byte[] name = type.getBytes(StandardCharsets.US_ASCII);
        CRC32 checksum = new CRC32();
        checksum.update(name);
        checksum.update(data);
        return ByteBuffer.allocate(12 + data.length)
                .putInt(data.length)
                .put(name)
                .put(data)
                .putInt((int) checksum.getValue())
                .array();
    }

    private static byte[] deflated(byte[] unit, int times) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream out = new DeflaterOutputStream(bytes)) {
            for (int i = 0; i < times; i++) {
                out.write(unit);
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        return bytes.toByteArray();
    }

    /** 8x8 gray pixels, and chunks before them. */
    private static byte[] png(int width, int height, byte[] before) {
        byte[] header = ByteBuffer.allocate(13)
                .putInt(width)
                .putInt(height)
                .put(bytes(8, 0, 0, 0, 0))
                .array();
        byte[] row = new byte[9];
        Arrays.fill(row, 1, 9, (byte) 100);
        return joined(
                bytes(0x89, 'P', 'N', 'G', 13, 10, 26, 10),
                chunk("IHDR", header),
                before,
                chunk("IDAT", deflated(row, 8)),
                chunk("IEND", new byte[0]));
    }

    private static byte[] named(String keyword, byte[] value) {
        return joined(keyword.getBytes(StandardCharsets.ISO_8859_1), value);
    }

    @Test
    void textsAndProfilesOfPngAreNotUnpacked() {
        byte[] bomb = deflated(new byte[1 << 20], 300);
        String deep = "<x:xmpmeta xmlns:x=\"adobe:ns:meta/\">" + "<a>".repeat(100_000) + "</a>".repeat(100_000)
                + "</x:xmpmeta>";
        byte[] many = joined(Arrays.stream(new byte[2000][])
                .map(none -> chunk("tEXt", named("Comment\0", new byte[1000])))
                .toArray(byte[][]::new));
        for (byte[] before : List.of(
                chunk("zTXt", named("Comment\0\0", bomb)),
                chunk("iTXt", named("Comment\0\1\0\0\0", bomb)),
                chunk("iCCP", named("profile\0\0", bomb)),
                chunk("iTXt", named("XML:com.adobe.xmp\0\0\0\0\0", deep.getBytes(StandardCharsets.UTF_8))),
                many,
                chunk("eXIf", new byte[2_000_000]),
                chunk("eXIf", bytes('M', 'M', 0, 42, 0, 0, 0, 8, 255, 255)))) {
            Picture picture = read(png(8, 8, before));
            assertThat(picture.toString()).isEqualTo("Picture[8x8]");
            assertThat(picture.color(7, 7)).isEqualTo(0x646464);
        }
    }

    @ParameterizedTest
    @CsvSource({"46340, 46340", "2147483647, 2147483647", "2147483647, 1", "-1, 8", "0, 8", "100000, 8"})
    void aPngHeaderThatLiesAboutItsSize(int width, int height) {
        assertRefused(png(width, height, new byte[0]), "PNG");
    }

    @Test
    void aGifOfManyFramesAndLongComments() {
        byte[] gif = encoded("gif", 8, 8);
        byte[] comment = new byte[258];
        Arrays.fill(comment, (byte) 'x');
        comment[0] = 0x21;
        comment[1] = (byte) 0xFE;
        comment[2] = (byte) 255;
        ByteArrayOutputStream long1 = new ByteArrayOutputStream();
        int table = 13 + 3 * (2 << (gif[10] & 7));
        long1.write(gif, 0, table);
        long1.writeBytes(bytes(0x21, 0xFE));
        for (int i = 0; i < 100_000; i++) {
            long1.write(comment, 2, 256);
        }
        long1.write(0);
        long1.write(gif, table, gif.length - table);
        assertThat(read(long1.toByteArray())).isEqualTo(read(gif));

        ByteArrayOutputStream frames = new ByteArrayOutputStream();
        frames.write(gif, 0, gif.length - 1);
        for (int i = 0; i < 200_000; i++) {
            frames.write(gif, table, gif.length - 1 - table);
        }
        frames.write(0x3B);
        assertThat(read(frames.toByteArray())).isEqualTo(read(gif));
    }

    @Test
    void otherHeadersThatLieAboutTheirSize() {
        for (int side : new int[] {46_000, 0x7FFFFFFF, -1}) {
            ByteBuffer bmp = ByteBuffer.wrap(encoded("bmp", 8, 8)).order(ByteOrder.LITTLE_ENDIAN);
            assertRefused(bmp.putInt(18, side).putInt(22, side).array(), "BMP");
        }
        byte[] gif = encoded("gif", 8, 8);
        int image = 13 + 3 * (2 << (gif[10] & 7));
        while (gif[image] != 0x2C) {
            image += gif[image] == 0x21 ? 8 : 1;
        }
        ByteBuffer large = ByteBuffer.wrap(gif.clone()).order(ByteOrder.LITTLE_ENDIAN);
        byte[] lying = large.putShort(image + 5, (short) 46_000)
                .putShort(image + 7, (short) 46_000)
                .array();
        Assertions.assertTimeoutPreemptively(SHORT, () -> {
            try {
                assertThat(PictureReader.read("large.gif", lying).originalWidth())
                        .isEqualTo(46_000);
            } catch (VitrineException refused) {
                assertThat(refused).hasMessageContaining("large.gif");
            }
        });
    }

    /** A page of 16x16 pixels of 8 bits; each tag has one number, {@code data} where it is the place of the data. */
    private static byte[] tiff(byte[] data, int... tags) {
        int count = tags.length / 2;
        ByteBuffer file = ByteBuffer.allocate(14 + 12 * count + data.length).order(ByteOrder.LITTLE_ENDIAN);
        file.put(bytes('I', 'I', 42, 0)).putInt(8).putShort((short) count);
        for (int i = 0; i < count; i++) {
            int value = tags[2 * i + 1] == DATA ? 14 + 12 * count : tags[2 * i + 1];
            file.putShort((short) tags[2 * i]).putShort((short) 4).putInt(1).putInt(value);
        }
        return file.putInt(0).put(data).array();
    }

    private static byte[] strip(int width, int height, int compression, int photometric, int samples, byte[] data) {
        return tiff(
                data,
                256,
                width,
                257,
                height,
                258,
                8,
                259,
                compression,
                262,
                photometric,
                273,
                DATA,
                277,
                samples,
                278,
                height,
                279,
                data.length);
    }

    @Test
    void tiffPagesThatAskForTooMuch() throws IOException {
        assertThat(read(strip(16, 16, 1, 1, 1, new byte[256])).toString()).isEqualTo("Picture[16x16]");
        byte[] bomb = resized(progressive(16, 16), 0xC2, 46_000, 46_000);
        for (int compression : new int[] {6, 7}) {
            assertRefused(strip(16, 16, compression, 6, 3, bomb), "JPEG picture of 46000x46000");
        }
        byte[] tiled = tiff(
                bomb, 256, 16, 257, 16, 258, 8, 259, 7, 262, 6, 277, 3, 322, 16, 323, 16, 324, DATA, 325, bomb.length);
        assertRefused(tiled, "JPEG picture of 46000x46000");
        byte[] large = tiff(
                new byte[99],
                256,
                16,
                257,
                16,
                258,
                8,
                259,
                1,
                262,
                1,
                277,
                1,
                322,
                1 << 30,
                323,
                1 << 30,
                324,
                DATA,
                325,
                99);
        assertRefused(large, "MiB; at most 256 MiB are read. Save it in smaller tiles");
        assertRefused(strip(6000, 4000, 8, 1, 30, deflated(new byte[1 << 20], 10)), "numbers in all channels");
        assertRefused(strip(16, 16, 1, 1, 65_535, new byte[256]), "TIFF");
        assertRefused(strip(46_340, 46_340, 8, 1, 1, deflated(new byte[1 << 20], 10)), "bytes; expected at least");
        assertRefused(strip(46_340, 46_340, 4, 1, 1, new byte[16]), "bytes; expected at least");
    }

    @Test
    void aTiffPageWhoseDirectoriesGoInACircle() {
        byte[] page = strip(16, 16, 1, 1, 1, new byte[256]);
        ByteBuffer.wrap(page).order(ByteOrder.LITTLE_ENDIAN).putInt(10 + 12 * 9, 8);
        assertThat(read(page).toString()).isEqualTo("Picture[16x16]");
    }

    @Test
    void aBmpWhoseRowsAreMissing() {
        for (int type :
                new int[] {BufferedImage.TYPE_3BYTE_BGR, BufferedImage.TYPE_BYTE_GRAY, BufferedImage.TYPE_BYTE_BINARY
                }) {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            try {
                ImageIO.write(new BufferedImage(50, 40, type), "bmp", bytes);
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
            byte[] bmp = bytes.toByteArray();
            assertThat(read(bmp).toString()).isEqualTo("Picture[50x40]");
            assertRefused(Arrays.copyOf(bmp, bmp.length - 40), "the BMP file is cut off");
            ByteBuffer.wrap(bmp).order(ByteOrder.LITTLE_ENDIAN).putInt(22, 400_000);
            assertRefused(bmp, "the BMP file is cut off");
        }
    }

    @Test
    void aSparseArrayOfTwoGigabytes() throws IOException {
        byte[] header = npy("'descr': '|u1', 'fortran_order': False, 'shape': (46340, 46340)", new byte[0]);
        Path file = Files.write(folder.resolve("sparse.npy"), header);
        try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
            sparse.setLength(header.length + 46_340L * 46_340);
        }
        assertThatThrownBy(() -> PictureReader.read(file))
                .isInstanceOf(VitrineException.class)
                .hasMessageContaining("sparse.npy")
                .hasMessageContaining("holds more than the 200000000 numbers that are read of a picture");
    }

    @Test
    void aBmpWithAnotherFileInside() {
        byte[] inside = encoded("jpg", 8, 8);
        ByteBuffer bmp = ByteBuffer.allocate(54 + inside.length).order(ByteOrder.LITTLE_ENDIAN);
        bmp.put(bytes('B', 'M')).putInt(bmp.capacity()).putInt(0).putInt(54).putInt(40);
        bmp.putInt(8)
                .putInt(8)
                .putShort((short) 1)
                .putShort((short) 0)
                .putInt(4)
                .putInt(inside.length);
        bmp.position(54);
        assertRefused(bmp.put(inside).array(), "JPEG or PNG file inside");
    }

    @Test
    void arraysOfManyAxesAndLyingSizes() {
        for (String shape : List.of(
                "1, ".repeat(20_000),
                "1, ".repeat(65),
                "-1, 8",
                "4611686018427387904, 4, 0",
                "9223372036854775807",
                "99999999999999999999",
                "8, 8, 8, 8, 8",
                "65536, 65536",
                ",,,",
                "8 8",
                "0, 8",
                "")) {
            assertRefused(npy("'descr': '<f4', 'fortran_order': False, 'shape': (" + shape + ")"), "");
        }
        for (String header : List.of(
                "'descr': '|O', 'fortran_order': False, 'shape': (8, 8)",
                "'descr': [('r', '<f4')], 'fortran_order': False, 'shape': (8, 8)",
                "'descr': '<f4', 'fortran_order': Maybe, 'shape': (8, 8)",
                "'descr': '<c8', 'fortran_order': False, 'shape': (8, 4)",
                "'descr': '<U1', 'fortran_order': False, 'shape': (8, 8)",
                "'shape': (".repeat(2000),
                "(".repeat(60_000))) {
            assertRefused(npy(header), "is not a NumPy array file that can be read");
        }
        byte[] lying = npy("'descr': '<f4', 'fortran_order': False, 'shape': (8, 8)");
        assertRefused(
                ByteBuffer.wrap(lying).put(8, (byte) 255).put(9, (byte) 255).array(), "ends inside the header");
        Picture turned = read(npy("'descr': '<f4', 'fortran_order': True, 'shape': (8, 8)"));
        assertThat(turned.toString()).isEqualTo("Picture[8x8]");
    }

    @ParameterizedTest
    @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, 1e300})
    void arraysThatAreNoFiniteFloats(double value) {
        ByteBuffer data = ByteBuffer.allocate(8 * 64).order(ByteOrder.LITTLE_ENDIAN);
        data.putDouble(8 * 9, value);
        assertRefused(
                npy("'descr': '<f8', 'fortran_order': False, 'shape': (8, 8)", data.array()),
                "holds " + value + " at pixel 9 of channel 0");
    }

    private static byte[] npy(String header) {
        return npy(header, new byte[256]);
    }

    private static byte[] npy(String header, byte[] data) {
        byte[] text = ("{" + header + ", }").getBytes(StandardCharsets.ISO_8859_1);
        ByteBuffer start = ByteBuffer.allocate(10 + text.length).order(ByteOrder.LITTLE_ENDIAN);
        start.put(bytes(0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0)).putShort((short) Math.min(text.length, 65_535));
        return joined(start.put(text).array(), data);
    }

    @Test
    void devicesPipesAndFoldersAreNoPictures() throws Exception {
        Assumptions.assumeTrue(Files.exists(Path.of("/dev/zero")), "no /dev/zero on this platform");
        Path pipe = folder.resolve("pipe.png");
        Assumptions.assumeTrue(
                new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor() == 0, "no mkfifo on this platform");
        Path link = Files.createSymbolicLink(folder.resolve("link.png"), Path.of("/dev/zero"));
        for (Path odd : List.of(Path.of("/dev/zero"), pipe, link)) {
            Assertions.assertTimeoutPreemptively(
                    SHORT,
                    () -> assertThatThrownBy(() -> PictureReader.read(odd))
                            .isInstanceOf(VitrineException.class)
                            .hasMessageContaining(odd + ": a device, a pipe or a socket"));
        }
        Files.createSymbolicLink(folder.resolve("lost.png"), folder.resolve("nowhere.png"));
        Files.write(folder.resolve("good.png"), encoded("png", 8, 8));
        try (PictureSource source = PictureSource.open(folder)) {
            assertThat(source.size()).isEqualTo(1);
            assertThat(source.notes())
                    .contains(
                            "left out pipe.png, a device, a pipe or a socket.",
                            "left out link.png, a device, a pipe or a socket.",
                            "left out lost.png, a link to nothing.");
        }
        assertThatThrownBy(() -> PictureSource.open(pipe)).hasMessageContaining("pipe.png: a device, a pipe");
    }

    @Test
    void aFileThatEndsTheStackIsNamed() {
        assertThatThrownBy(() -> OneFile.guarded("deep.any", () -> deep(0)))
                .isInstanceOf(VitrineException.class)
                .hasMessageContaining("deep.any: its parts are nested too deep");
        assertThatThrownBy(() -> OneFile.guarded("large.any", () -> new long[Integer.MAX_VALUE]))
                .isInstanceOf(VitrineException.class)
                .hasMessageContaining("large.any: reading it needs more memory");
    }

    private static int deep(int level) {
        return level < 0 ? level : 1 + deep(level + 1);
    }
}
