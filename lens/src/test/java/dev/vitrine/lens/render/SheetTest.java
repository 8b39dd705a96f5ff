package dev.vitrine.lens.render;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vitrine.lens.attribution.Provenance;
import dev.vitrine.lens.render.color.ColorBar;
import dev.vitrine.lens.render.color.ColorMap;
import dev.vitrine.lens.render.color.Scale;
import dev.vitrine.lens.render.file.Png;
import dev.vitrine.lens.render.text.Lettering;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.metadata.IIOMetadataNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SheetTest {
    @Test
    void thePngReadsBackPixelForPixel() throws IOException {
        BufferedImage picture = Samples.picture(37, 23);
        BufferedImage layer = HeatmapPainter.OVERLAY.layer(Samples.hills(40), Scale.symmetric(0.02), 40, 40);

        assertSame(ImageIO.read(new ByteArrayInputStream(Png.bytes(picture))), picture);
        assertSame(ImageIO.read(new ByteArrayInputStream(Png.bytes(layer))), layer);
    }

    @Test
    void theFileSaysWhatItIs() throws IOException {
        Map<String, String> read = text(sheet("grad-cam", "chelsea.png").png());

        assertThat(read)
                .containsEntry("Software", "Vitrine")
                .containsEntry("Model", "squeezenet-caltech101")
                .containsEntry("Image", "chelsea.png")
                .containsEntry("Target", "285 Egyptian cat (logit)")
                .containsEntry("Method", "grad-cam")
                .containsEntry("Options", "samples=50, noise=0.15, seed=7")
                .containsEntry("Scale", "scale ±0.500 (99.5 percentile of |score|, beyond it clipped)");
    }

    @Test
    void textBeyondLatinIsKept() throws IOException {
        assertThat(text(sheet("grad-cam", "猫.png").png())).containsEntry("Image", "猫.png");
        assertThatThrownBy(() -> Png.bytes(Samples.picture(2, 2), Map.of("", "x")))
                .hasMessageContaining("expected 1 to 79 Latin-1 characters");
    }

    @Test
    void theSameSheetGivesTheSameBytes() {
        assertThat(sheet("grad-cam", "chelsea.png").png())
                .isEqualTo(sheet("grad-cam", "chelsea.png").png())
                .isNotEqualTo(sheet("grad-cam", "other.png").png());
    }

    @Test
    void theStripShowsTheTextAndThePictureIsUntouched() {
        BufferedImage named = sheet("grad-cam", "chelsea.png").image();
        BufferedImage other = sheet("grad-cam", "coffee.png").image();
        BufferedImage picture = Samples.picture(400, 300);

        assertThat(named.getWidth()).isEqualTo(400);
        assertThat(named.getHeight()).isEqualTo(other.getHeight()).isGreaterThan(300);
        assertThat(named.getRGB(0, 0, 400, 300, null, 0, 400)).isEqualTo(picture.getRGB(0, 0, 400, 300, null, 0, 400));
        int strip = named.getHeight() - 300;
        assertThat(named.getRGB(0, 300, 400, strip, null, 0, 400))
                .isNotEqualTo(other.getRGB(0, 300, 400, strip, null, 0, 400));
    }

    @Test
    void smallPicturesAreEnlargedByAWholeFactor() {
        BufferedImage small = Samples.picture(28, 28);
        BufferedImage sheet = new Sheet(small, Samples.provenance("vanilla"), Optional.empty()).image();

        assertThat(sheet.getWidth()).isEqualTo(28 * 12);
        assertThat(sheet.getRGB(11, 11)).isEqualTo(small.getRGB(0, 0));
        assertThat(sheet.getRGB(12, 11)).isEqualTo(small.getRGB(1, 0));
    }

    @Test
    void aPictureOfOneColumnStillHasRoomForItsText() {
        BufferedImage sheet =
                new Sheet(Samples.picture(1, 1000), Samples.provenance("vanilla"), Optional.empty()).image();

        assertThat(sheet.getWidth()).isEqualTo(320);
        assertThat(sheet.getHeight()).isBetween(2000, 2200);
    }

    @Test
    void longTextIsWrappedAndThenCut() {
        Lettering lettering = new Lettering(12, Color.BLACK);

        List<String> lines = lettering.wrap("one two three four five six seven eight nine ten", 60, 3);

        assertThat(lines).hasSize(3).allMatch(line -> lettering.width(line) <= 60);
        assertThat(lines.get(0)).isEqualTo("one two");
        assertThat(lines.get(2)).endsWith("…");
        assertThat(lettering.wrap("a\nb\tc", 60, 3)).containsExactly("a b c");
        assertThat(lettering.wrap("x".repeat(200), 60, 2)).hasSize(2).allMatch(line -> lettering.width(line) <= 60);
        assertThat(lettering.wrap("", 60, 2)).isEmpty();
    }

    @Test
    void hugeOptionsDoNotMakeAHugeSheet() {
        Map<String, String> options = new LinkedHashMap<>();
        for (int option = 0; option < 500; option++) {
            options.put("option" + option, "value" + option);
        }
        Provenance provenance =
                new Provenance("m".repeat(3000), "i".repeat(3000), "t".repeat(3000), "grad-cam", options);

        assertThat(new Sheet(Samples.picture(400, 300), provenance, Optional.empty())
                        .image()
                        .getHeight())
                .isLessThan(300 + 600);
    }

    @Test
    void aMachineWithoutFontsGivesTheSameBytes(@TempDir Path folder) throws Exception {
        Path nothing = Files.writeString(folder.resolve("fonts.conf"), "<fontconfig></fontconfig>");
        ProcessBuilder builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Djava.awt.headless=true",
                "-Duser.home=" + folder,
                "-cp",
                System.getProperty("java.class.path"),
                Writer.class.getName(),
                folder.resolve("sheet.png").toString());
        builder.environment().put("FONTCONFIG_FILE", nothing.toString());
        Process process = builder.inheritIO().start();

        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isZero();
        assertThat(Files.readAllBytes(folder.resolve("sheet.png")))
                .isEqualTo(sheet("grad-cam", "chelsea.png").png());
    }

    /** Writes the sheet in a process of its own. */
    static final class Writer {
        public static void main(String[] arguments) {
            sheet("grad-cam", "chelsea.png").write(Path.of(arguments[0]));
        }
    }

    @Test
    void aMontageHasOneCellOfAGoodSizeForEachPicture() {
        List<Montage.Cell> cells = List.of(
                new Montage.Cell(Samples.picture(64, 64), "first"),
                new Montage.Cell(Samples.picture(32, 32), "second, enlarged"),
                new Montage.Cell(Samples.picture(64, 64), "third"));
        BufferedImage montage = new Montage(cells, 2).image();

        assertThat(montage.getWidth()).isEqualTo(10 + 2 * 266);
        assertThat(montage.getRGB(10, 10)).isEqualTo(Samples.picture(64, 64).getRGB(0, 0));
        assertThat(montage.getRGB(276 + 255, 10 + 255))
                .isEqualTo(Samples.picture(32, 32).getRGB(31, 31));
        assertThatThrownBy(() -> new Montage(List.of(), 2)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aSheetHasPicturesAsLargeAsIsAsked() {
        Sheet sheet = sheet("grad-cam", "digit.png");

        assertThat(sheet.times(3).picture().getWidth() % (3 * sheet.picture().getWidth()))
                .isZero();
        assertThat(sheet.times(2).image().getWidth())
                .isEqualTo(2 * sheet.image().getWidth());
        assertThat(sheet.times(1)).isSameAs(sheet);
    }

    private static Sheet sheet(String method, String image) {
        Provenance base = Samples.provenance(method);
        Provenance provenance = new Provenance(base.model(), image, base.target(), method, base.options());
        ColorBar bar = new ColorBar(ColorMap.BLUE_WHITE_RED, Scale.symmetric(0.5));
        return new Sheet(Samples.picture(400, 300), provenance, Optional.of(bar));
    }

    private static void assertSame(BufferedImage read, BufferedImage written) {
        int width = written.getWidth();
        int height = written.getHeight();
        assertThat(read.getRGB(0, 0, width, height, null, 0, width))
                .isEqualTo(written.getRGB(0, 0, width, height, null, 0, width));
    }

    private static Map<String, String> text(byte[] png) throws IOException {
        ImageReader reader = ImageIO.getImageReadersByFormatName("png").next();
        try (var input = ImageIO.createImageInputStream(new ByteArrayInputStream(png))) {
            reader.setInput(input);
            var tree = (IIOMetadataNode) reader.getImageMetadata(0).getAsTree("javax_imageio_png_1.0");
            Map<String, String> read = new TreeMap<>();
            for (String[] kind : new String[][] {{"tEXtEntry", "value"}, {"iTXtEntry", "text"}}) {
                var entries = tree.getElementsByTagName(kind[0]);
                for (int index = 0; index < entries.getLength(); index++) {
                    var entry = (IIOMetadataNode) entries.item(index);
                    read.put(entry.getAttribute("keyword"), entry.getAttribute(kind[1]));
                }
            }
            return read;
        } finally {
            reader.dispose();
        }
    }
}
