package dev.vitrine.lens.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.lens.data.PictureSource.Entry;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
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

    private static byte[] png(int colour) throws IOException {
        BufferedImage image = new BufferedImage(2, 2, BufferedImage.TYPE_3BYTE_BGR);
        image.setRGB(0, 0, colour);
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
            assertThat(source.read(0).colour(0, 0)).isEqualTo(1);
            assertThat(source.read(3).colour(0, 0)).isEqualTo(3);
            assertThat(source.read(2).colour(0, 0)).isEqualTo(2);
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
}
