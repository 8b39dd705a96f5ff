package dev.vitrine.lens.data;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.engine.tensor.ElementType;
import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.data.parquet.Column;
import dev.vitrine.lens.data.parquet.ParquetTable;
import dev.vitrine.lens.model.card.ModelCards;
import dev.vitrine.lens.model.label.Labels;
import dev.vitrine.lens.training.data.IdxSamples;
import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.metadata.IIOMetadata;
import javax.imageio.stream.MemoryCacheImageOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Damaged files of every kind that is read: each ends in a result or in a failure that names the file, within bounds of
 * time and memory. {@code -Dvitrine.mutants=20000} tries so many of each sample.
 */
class ReaderFuzzTest {
    private static final int MUTANTS = Integer.getInteger("vitrine.mutants", 150);
    private static final long FIRST_SEED = Long.getLong("vitrine.seed", 1);
    private static final long MOST_SECONDS = 10;
    private static final long MOST_BYTES = 1L << 30;
    private static final String READ = "read";

    @TempDir
    Path folder;

    private interface Reader {
        void read(Path file) throws IOException;
    }

    private record Sample(String name, byte[] file, Reader reader) {}

    private static BufferedImage image(int type) {
        BufferedImage image = new BufferedImage(24, 16, type);
        for (int y = 0; y < 16; y++) {
            for (int x = 0; x < 24; x++) {
                image.setRGB(x, y, (x * 11 << 16 | y * 15 << 8 | x * y) | (x < 5 ? 0x80000000 : 0xFF000000));
            }
        }
        return image;
    }

    private static byte[] encoded(BufferedImage image, String format, String compression) throws IOException {
        ImageWriter writer = ImageIO.getImageWritersByFormatName(format).next();
        ImageWriteParam parameters = writer.getDefaultWriteParam();
        if (compression.equals("progressive")) {
            parameters.setProgressiveMode(ImageWriteParam.MODE_DEFAULT);
        } else if (!compression.isEmpty()) {
            parameters.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
            parameters.setCompressionType(compression);
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (MemoryCacheImageOutputStream out = new MemoryCacheImageOutputStream(bytes)) {
            writer.setOutput(out);
            IIOMetadata metadata =
                    writer.getDefaultImageMetadata(ImageTypeSpecifier.createFromRenderedImage(image), parameters);
            writer.write(null, new IIOImage(image, null, metadata), parameters);
        } finally {
            writer.dispose();
        }
        return bytes.toByteArray();
    }

    private static byte[] webp(String name) throws IOException {
        try (InputStream stream = ReaderFuzzTest.class.getResourceAsStream("webp/" + name + ".webp")) {
            return Objects.requireNonNull(stream, name).readAllBytes();
        }
    }

    /** A bitmap of run-length codes. */
    private static byte[] runs() {
        ByteBuffer bmp = ByteBuffer.allocate(54 + 8 + 16 * 4 + 2).order(ByteOrder.LITTLE_ENDIAN);
        bmp.put(FileMutants.text("BM")).putInt(bmp.capacity()).putInt(0).putInt(62);
        bmp.putInt(40)
                .putInt(24)
                .putInt(16)
                .putShort((short) 1)
                .putShort((short) 8)
                .putInt(1);
        bmp.putInt(16 * 4 + 2)
                .putInt(0)
                .putInt(0)
                .putInt(2)
                .putInt(0)
                .putInt(0x102030)
                .putInt(0xC0B0A0);
        for (int row = 0; row < 16; row++) {
            bmp.put(new byte[] {24, (byte) (row % 2), 0, 0});
        }
        return bmp.put(new byte[] {0, 1}).array();
    }

    private static byte[] zip(Map<String, byte[]> entries) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
                zip.putNextEntry(new ZipEntry(entry.getKey()));
                zip.write(entry.getValue());
            }
        }
        return bytes.toByteArray();
    }

    private static byte[] exif(byte[] jpeg) {
        ByteBuffer file = ByteBuffer.allocate(jpeg.length + 36);
        file.put(jpeg, 0, 2).putShort((short) 0xFFE1).putShort((short) 34);
        file.put(FileMutants.text("Exif\0\0MM\0*")).putInt(8).putShort((short) 1);
        file.putShort((short) 0x112).putShort((short) 3).putInt(1).putShort((short) 6);
        return file.putShort((short) 0).putInt(0).put(jpeg, 2, jpeg.length - 2).array();
    }

    private List<Sample> pictures() throws IOException {
        BufferedImage colors = image(BufferedImage.TYPE_3BYTE_BGR);
        BufferedImage clear = image(BufferedImage.TYPE_4BYTE_ABGR);
        BufferedImage palette = new BufferedImage(
                24,
                16,
                BufferedImage.TYPE_BYTE_INDEXED,
                new IndexColorModel(8, 3, new byte[] {0, 100, 9}, new byte[] {0, 50, 9}, new byte[] {1, 2, 3}, 1));
        Map<String, byte[]> files = new LinkedHashMap<>();
        files.put("baseline.jpg", exif(encoded(colors, "jpeg", "")));
        files.put("progressive.jpg", encoded(colors, "jpeg", "progressive"));
        files.put("gray.jpg", encoded(image(BufferedImage.TYPE_BYTE_GRAY), "jpeg", ""));
        files.put("colors.png", encoded(colors, "png", ""));
        files.put("interlaced.png", encoded(clear, "png", "progressive"));
        files.put("deep.png", encoded(image(BufferedImage.TYPE_USHORT_GRAY), "png", ""));
        files.put("palette.png", encoded(palette, "png", ""));
        files.put("palette.gif", encoded(palette, "gif", ""));
        files.put("colors.bmp", encoded(colors, "bmp", ""));
        files.put("runs.bmp", runs());
        for (String compression : List.of("None", "PackBits", "LZW", "Deflate", "JPEG", "ZLib")) {
            files.put(compression + ".tiff", encoded(colors, "tiff", compression));
        }
        files.put("bits.tiff", encoded(image(BufferedImage.TYPE_BYTE_BINARY), "tiff", "CCITT T.6"));
        int[] plane = new int[24 * 16];
        files.put("many.tiff", TiffBytes.of(24, 16).extra(0, 0, 0, 0).file(plane, plane, plane, plane, plane));
        files.put("planes.tiff", TiffBytes.of(24, 16).planar(4).extra(0, 0).file(plane, plane, plane));
        for (String name : List.of("lossy-1", "lossless", "lossy-alpha", "lossless-alpha")) {
            files.put(name + ".webp", webp(name));
        }
        files.put("film.webp", WebpTest.film());
        files.put("floats.npy", Npy.bytes(Tensor.floats(new float[24 * 16], 24, 16)));
        List<Sample> samples = new ArrayList<>();
        files.forEach((name, file) -> samples.add(new Sample(name, file, PictureReader::read)));
        return samples;
    }

    private static void readAll(Path archive) {
        try (PictureSource source = PictureSource.open(archive)) {
            for (int index = 0; index < source.size(); index++) {
                try {
                    source.read(index);
                } catch (VitrineException named) {
                    assertThat(named).hasMessageContaining(archive.toString());
                }
            }
        }
    }

    private List<Sample> data() throws IOException {
        byte[] png = encoded(image(BufferedImage.TYPE_3BYTE_BGR), "png", "");
        Map<String, byte[]> entries = new LinkedHashMap<>();
        entries.put("a/one.png", png);
        entries.put("b/two.png", png);
        Path table = folder.resolve("good.parquet");
        new ParquetTable(
                        List.of(
                                new Column.Texts("layer", List.of("conv", "", "größer")),
                                new Column.Integers("channel", new int[] {0, -1, 7}),
                                new Column.Floats("value", new float[] {1.5f, 2, 3})),
                        Map.of("question", "two\nlines"))
                .write(table);
        Path classes = Files.write(
                folder.resolve("classes.idx"),
                ByteBuffer.allocate(11)
                        .putInt(0x801)
                        .putInt(3)
                        .put(new byte[] {0, 2, 1})
                        .array());
        byte[] digits = ByteBuffer.allocate(16 + 48)
                .putInt(0x803)
                .putInt(3)
                .putInt(4)
                .putInt(4)
                .array();
        ByteArrayOutputStream zipped = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(zipped)) {
            gzip.write(digits);
        }
        TensorType colors = TensorType.of(ElementType.FLOAT32, 1, 3, 8, 8);
        String card = "name: &n My network\ninput:\n  size: 8\n  mean: [0.1, 0.2, 0.3]\n  range: &r [0, 1]\n"
                + "  channels: rgb\nfeeds: {scale: 0.5, mask: mask.npy}\nlabels: [cat, 'dog', \"b\\u00e4r\"]\n"
                + "ids: [a, b, c]\ndescription: *n\nactivation: softmax\nhead: classes\n";
        return List.of(
                new Sample("pictures.zip", zip(entries), ReaderFuzzTest::readAll),
                new Sample("table.parquet", Files.readAllBytes(table), ParquetTable::read),
                new Sample("digits.idx", digits, file -> IdxSamples.open(file, classes)),
                new Sample("digits.idx.gz", zipped.toByteArray(), file -> IdxSamples.open(file, classes)),
                new Sample("card.yaml", FileMutants.text(card), file -> {
                    ModelCards.inputsOf(file);
                    ModelCards.read(file, colors);
                }),
                new Sample("names.tsv", FileMutants.text("n01\tcat\nn02\tdog, hound\n"), Labels::read),
                new Sample(
                        "names.json",
                        FileMutants.text("{\"0\": [\"n1\", \"cat\"], \"1\": [\"n2\", \"\\u00e4\"]}"),
                        Labels::read),
                new Sample(
                        "boxes.csv",
                        FileMutants.text("file,x,y,x,y\n\"a\"\"b.png\",1,2,30,4.5\nb.png,0,0,9,9\n"),
                        BoxTable::read));
    }

    @Test
    void damagedPictures() throws Exception {
        for (Sample sample : pictures()) {
            tryMutants(sample);
        }
    }

    @Test
    void damagedData() throws Exception {
        for (Sample sample : data()) {
            tryMutants(sample);
        }
    }

    private void tryMutants(Sample sample) throws Exception {
        Path file = Files.write(folder.resolve(sample.name), sample.file);
        sample.reader.read(file);
        Map<String, Long> problems = new LinkedHashMap<>();
        int read = 0;
        for (long seed = FIRST_SEED; seed < FIRST_SEED + MUTANTS; seed++) {
            Files.write(file, FileMutants.of(sample.file, seed));
            String outcome = outcome(sample, file);
            if (outcome.equals(READ)) {
                read++;
            } else if (!outcome.isEmpty()) {
                problems.putIfAbsent(outcome, seed);
            }
        }
        if (MUTANTS > 1000) {
            System.out.println(sample.name + ": " + read + " of " + MUTANTS + " read, problems: " + problems);
        }
        assertThat(problems).as("problems of %s, with seeds", sample.name).isEmpty();
        assertThat(read).as(sample.name).isLessThan(MUTANTS);
    }

    /** {@link #READ}, nothing where the file is refused as it should be, or what is wrong. */
    private static String outcome(Sample sample, Path file) throws Exception {
        String[] outcome = new String[1];
        Thread thread = new Thread(() -> {
            ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
            long before = threads.getThreadAllocatedBytes(Thread.currentThread().getId());
            String told;
            try {
                sample.reader.read(file);
                told = READ;
            } catch (VitrineException refused) {
                String message = refused.getMessage();
                boolean good = message.contains(file.getParent().toString())
                        && message.length() < 1500
                        && !message.contains("needs more memory")
                        && !message.contains("its parts are nested too deep");
                told = good ? "" : message;
            } catch (Throwable other) {
                told = other.toString();
            }
            long allocated =
                    threads.getThreadAllocatedBytes(Thread.currentThread().getId()) - before;
            outcome[0] = allocated > MOST_BYTES ? "more than " + MOST_BYTES + " bytes" : told;
        });
        thread.setDaemon(true);
        thread.start();
        thread.join(MOST_SECONDS * 1000);
        return thread.isAlive() ? "more than " + MOST_SECONDS + " s" : outcome[0];
    }
}
