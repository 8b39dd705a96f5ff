package dev.vitrine.lens.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.data.PictureSource.Entry;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PictureSourceTest {
    @TempDir
    Path folder;

    private static byte[] png(int color) throws IOException {
        BufferedImage image = new BufferedImage(2, 2, BufferedImage.TYPE_3BYTE_BGR);
        image.setRGB(0, 0, color);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ImageIO.write(image, "png", bytes);
        return bytes.toByteArray();
    }

    private Path source(String kind) throws IOException {
        Map<String, byte[]> files = new LinkedHashMap<>();
        files.put("dog/b.png", png(0x000002));
        files.put("cat/z.PNG", png(0x000001));
        files.put("dog/a.jpg", new byte[] {(byte) 0xFF, (byte) 0xD8, (byte) 0xFF, 0});
        files.put("top.png", png(0x000003));
        files.put("cat/notes.txt", new byte[1]);
        files.put("__MACOSX/cat/z.png", new byte[1]);
        files.put("cat/.hidden.png", new byte[1]);
        if (kind.equals("folder")) {
            for (Map.Entry<String, byte[]> file : files.entrySet()) {
                Path path = folder.resolve("pictures").resolve(file.getKey());
                Files.createDirectories(path.getParent());
                Files.write(path, file.getValue());
            }
            return folder.resolve("pictures");
        }
        Path zip = folder.resolve("pictures.zip");
        try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(zip))) {
            out.putNextEntry(new ZipEntry("cat/"));
            for (Map.Entry<String, byte[]> file : files.entrySet()) {
                out.putNextEntry(new ZipEntry(file.getKey()));
                out.write(file.getValue());
            }
        }
        return zip;
    }

    @ParameterizedTest
    @ValueSource(strings = {"folder", "zip"})
    void listsPicturesByNameAndDecodesThemWhenAsked(String kind) throws IOException {
        try (PictureSource source = PictureSource.open(source(kind))) {
            assertThat(source.entries())
                    .containsExactly(
                            new Entry("cat", "cat/z.PNG"),
                            new Entry("dog", "dog/a.jpg"),
                            new Entry("dog", "dog/b.png"),
                            new Entry("", "top.png"));
            assertThat(source.classNames()).containsExactly("", "cat", "dog");
            assertThat(source.read(0).color(0, 0)).isEqualTo(1);
            assertThat(source.read(3).color(0, 0)).isEqualTo(3);
            assertThat(source.read(2).color(0, 0)).isEqualTo(2);
            assertThatThrownBy(() -> source.read(1))
                    .isInstanceOf(VitrineException.class)
                    .hasMessageContaining("dog/a.jpg")
                    .hasMessageContaining("pictures");
        }
    }

    @Test
    void closesTheArchive() throws IOException {
        PictureSource source = PictureSource.open(source("zip"));
        source.close();
        assertThatThrownBy(() -> source.read(0)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void whatHoldsNoPicturesIsRefused() throws IOException {
        Path text = Files.writeString(folder.resolve("text.zip"), "no archive");
        Path empty = Files.createDirectory(folder.resolve("empty"));
        assertThatThrownBy(() -> PictureSource.open(text)).hasMessageContaining("text.zip: neither a folder nor");
        assertThatThrownBy(() -> PictureSource.open(empty)).hasMessageContaining("empty: holds no pictures");
        assertThatThrownBy(() -> PictureSource.open(folder.resolve("none")))
                .isInstanceOf(VitrineException.class)
                .hasMessageContaining("no such folder");
    }

    private Path folder(String... names) throws IOException {
        Path made = Files.createTempDirectory(folder, "mix");
        for (String name : names) {
            Path file = made.resolve(name);
            Files.createDirectories(file.getParent());
            Files.write(file, name.endsWith(".npy") ? Npy.bytes(Tensor.floats(new float[4], 2, 2)) : png(1));
        }
        return made;
    }

    @Test
    void aFolderIsOfPhotosOrOfArrays() throws IOException {
        try (PictureSource photos = PictureSource.open(folder("a/x.png", "a/x.npy", "a/y.npy", "a/z.npy"))) {
            assertThat(photos.entries()).containsExactly(new Entry("a", "a/x.png"));
            assertThat(photos.notes())
                    .containsExactly("took its 1 photo, left out 3 arrays (such as a/x.npy): arrays count as pictures"
                            + " where there are no photos. Put them in a folder of their own.");
            assertThat(photos.evenly(1).notes()).isEqualTo(photos.notes());
        }
        try (PictureSource arrays = PictureSource.open(folder("a/x.npy", "b/y.npy"))) {
            assertThat(arrays.entries()).containsExactly(new Entry("a", "a/x.npy"), new Entry("b", "b/y.npy"));
            assertThat(arrays.notes()).isEmpty();
            assertThat(arrays.read(0).toString()).isEqualTo("Picture[2x2]");
        }
    }

    @Test
    void whatIsNotReadIsNamed() throws IOException {
        Path mix =
                folder("a.png", "a.heic", "b.HEIC", "c.dcm", "d.zip", "e.svg", "f.txt", "g", "sub/h.avif", ".i.heic");
        try (PictureSource source = PictureSource.open(mix)) {
            assertThat(source.size()).isEqualTo(1);
            assertThat(source.notes())
                    .containsExactly(
                            "left out 1 AVIF file (sub/h.avif), of a kind that is not read. Convert them to PNG or JPEG.",
                            "left out 1 DICOM file (c.dcm), of a kind that is not read. Save their pixels as PNG, or as arrays"
                                    + " (.npy).",
                            "left out 2 HEIC or HEIF files (such as a.heic), of a kind that is not read. Convert them to PNG or"
                                    + " JPEG.",
                            "left out 1 SVG file (e.svg), of a kind that is not read. Convert them to PNG or JPEG.",
                            "left out 1 archive file (d.zip), of a kind that is not read. Unpack them, or name each of them"
                                    + " itself.");
        }
        assertThatThrownBy(() -> PictureSource.open(folder("a.heic")))
                .isInstanceOf(VitrineException.class)
                .hasMessageContaining("holds no pictures")
                .hasMessageContaining("It holds 1 HEIC or HEIF file (a.heic)");
    }

    /** Entries of zeros after the beginning of a picture, as many megabytes; deflated to a thousandth. */
    private Path bomb(int megabytes, byte... start) throws IOException {
        Path zip = folder.resolve("bomb.zip");
        try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(zip))) {
            out.putNextEntry(new ZipEntry("a/bomb.jpg"));
            out.write(start);
            for (int i = 0; i < megabytes; i++) {
                out.write(new byte[1 << 20]);
            }
            out.putNextEntry(new ZipEntry("a/good.png"));
            out.write(png(7));
            out.putNextEntry(new ZipEntry("a/../../good.png"));
            out.write(png(8));
        }
        return zip;
    }

    @Test
    void anArchiveBombIsNamedAndTheRestIsRead() throws IOException {
        for (byte[] start : new byte[][] {{}, {(byte) 0xFF, (byte) 0xD8, (byte) 0xFF, 0}}) {
            try (PictureSource source = PictureSource.open(bomb(260, start))) {
                assertThat(source.entries()).extracting(Entry::name).containsExactly("a/bomb.jpg", "a/good.png");
                assertThat(source.notes())
                        .containsExactly("left out 1 file (a/../../good.png), whose path leads out of the archive.");
                assertThat(source.read(1).color(0, 0)).isEqualTo(7);
                assertThatThrownBy(() -> source.read(0))
                        .isInstanceOf(VitrineException.class)
                        .hasMessageContaining("bomb.zip!a/bomb.jpg: ")
                        .hasMessageContaining(start.length == 0 ? "begins with the bytes 00" : "larger than 256 MiB");
            }
        }
    }

    @Test
    void namesThatStandTwiceAreTakenOnce() throws IOException {
        Path zip = bomb(0);
        byte[] bytes = Files.readAllBytes(zip);
        String text = new String(bytes, StandardCharsets.ISO_8859_1).replace("a/bomb.jpg", "a/good.png");
        Files.write(zip, text.getBytes(StandardCharsets.ISO_8859_1));
        try (PictureSource source = PictureSource.open(zip)) {
            assertThat(source.size()).isEqualTo(1);
            assertThat(source.notes())
                    .contains("holds 1 name more than once (a/good.png); one picture of each was taken.");
        }
    }

    @Test
    void sizesThatAnArchiveLiesAboutAreNotBelieved() throws IOException {
        Path zip = bomb(1);
        byte[] bytes = Files.readAllBytes(zip);
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        int central = text.indexOf("PK\1\2");
        for (int size : new int[] {0, 1, Integer.MAX_VALUE, -2}) {
            byte[] lying = bytes.clone();
            ByteBuffer.wrap(lying).order(ByteOrder.LITTLE_ENDIAN).putInt(central + 24, size);
            Files.write(zip, lying);
            try (PictureSource source = PictureSource.open(zip)) {
                assertThatThrownBy(() -> source.read(0))
                        .isInstanceOf(VitrineException.class)
                        .hasMessageContaining("bomb.zip");
                assertThat(source.read(1).color(0, 0)).isEqualTo(7);
            } catch (VitrineException refused) {
                assertThat(refused).hasMessageContaining("bomb.zip");
            }
        }
    }

    private static byte[] idx(int magic, byte[] content, int... sizes) {
        ByteBuffer bytes =
                ByteBuffer.allocate(4 + 4 * sizes.length + content.length).putInt(magic);
        for (int size : sizes) {
            bytes.putInt(size);
        }
        return bytes.put(content).array();
    }

    private static byte[] gzipped(byte[] content) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
            gzip.write(content);
        }
        return bytes.toByteArray();
    }

    private static Map<String, byte[]> digits() throws IOException {
        Map<String, byte[]> files = new LinkedHashMap<>();
        files.put("digits-images-idx3-ubyte.gz", gzipped(idx(0x803, new byte[] {0, 50, 100, -56, 9, 8}, 3, 1, 2)));
        files.put("digits-labels-idx1-ubyte", idx(0x801, new byte[] {3, 1, 3}, 3));
        files.put("README.txt", new byte[1]);
        return files;
    }

    @ParameterizedTest
    @ValueSource(strings = {"folder", "zip", "file"})
    void digitsOfIdxFilesLieInFoldersOfTheirClasses(String kind) throws IOException {
        Path path = folder.resolve(kind.equals("zip") ? "digits.zip" : "digits");
        if (kind.equals("zip")) {
            try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(path))) {
                for (Map.Entry<String, byte[]> file : digits().entrySet()) {
                    out.putNextEntry(new ZipEntry("sub/" + file.getKey()));
                    out.write(file.getValue());
                }
            }
        } else {
            Files.createDirectories(path);
            for (Map.Entry<String, byte[]> file : digits().entrySet()) {
                Files.write(path.resolve(file.getKey()), file.getValue());
            }
            path = kind.equals("file") ? path.resolve("digits-images-idx3-ubyte.gz") : path;
        }
        try (PictureSource source = PictureSource.open(path)) {
            assertThat(source.entries())
                    .containsExactly(new Entry("1", "1/00001"), new Entry("3", "3/00000"), new Entry("3", "3/00002"));
            assertThat(source.notes()).isEmpty();
            assertThat(source.className(0)).isEqualTo("1");
            assertThat(source.read(0).width()).isEqualTo(2);
            assertThat(source.read(0).color(0, 0)).isEqualTo(0x646464);
            assertThat(source.read(0).color(1, 0)).isEqualTo(0xc8c8c8);
            assertThat(source.read(2).color(0, 0)).isEqualTo(0x090909);
            assertThat(source.content(0)).isNotEqualTo(source.content(1));
        }
    }

    @Test
    void idxFilesWithoutLabelsOrOfAnotherLengthAreToldApart() throws IOException {
        Path alone = Files.write(folder.resolve("some.idx"), idx(0x803, new byte[] {7, 8}, 2, 1, 1));
        try (PictureSource source = PictureSource.open(alone)) {
            assertThat(source.entries()).containsExactly(new Entry("", "00000"), new Entry("", "00001"));
        }
        Files.write(folder.resolve("more.idx"), idx(0x803, new byte[] {7}, 1, 1, 1));
        try (PictureSource source = PictureSource.open(folder)) {
            assertThat(source.entries())
                    .extracting(Entry::name)
                    .containsExactly("more.idx-00000", "some.idx-00000", "some.idx-00001");
        }
        Path images = Files.write(folder.resolve("images.idx3"), idx(0x803, new byte[] {7, 8}, 2, 1, 1));
        Path labels = Files.write(folder.resolve("labels.idx1"), idx(0x801, new byte[] {7}, 1));
        assertThatThrownBy(() -> PictureSource.open(images))
                .isInstanceOf(VitrineException.class)
                .hasMessageContainingAll("2 pictures", "labels.idx1 has 1 labels");
        assertThatThrownBy(() -> PictureSource.open(labels))
                .isInstanceOf(VitrineException.class)
                .hasMessageContainingAll("labels.idx1", "0x00000801");
    }

    @Test
    void picturesOfTheSameNameFromSeveralPathsAreToldApart() throws IOException {
        for (String name : List.of("a/x/cat.png", "b/x/cat.png", "b/y/dog.png", "b/y/cat.png")) {
            Path file = folder.resolve(name);
            Files.createDirectories(file.getParent());
            Files.write(file, png(name.charAt(0)));
        }
        Path zip = source("zip");
        List<Path> paths = List.of(
                folder.resolve("a/x"),
                folder.resolve("b/x"),
                folder.resolve("b/y/cat.png"),
                folder.resolve("b/y/dog.png"),
                zip);
        try (PicturePaths pictures = PicturePaths.open(paths)) {
            assertThat(IntStream.range(0, pictures.size()).mapToObj(pictures::name))
                    .containsExactly(
                            "a/x/cat.png",
                            "b/x/cat.png",
                            "y/cat.png",
                            "dog.png",
                            "cat/z.PNG",
                            "dog/a.jpg",
                            "dog/b.png",
                            "top.png");
            assertThat(pictures.read(0).color(0, 0)).isEqualTo('a');
            assertThat(pictures.content(0)).isEqualTo(Digest.of(folder.resolve("a/x/cat.png")));
            assertThatThrownBy(() -> pictures.read(5)).hasMessageContaining("dog/a.jpg");
        }
        assertThatThrownBy(() -> PicturePaths.open(List.of(folder.resolve("none"))))
                .hasMessageContaining("no such file");
    }
}
