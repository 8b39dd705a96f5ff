package dev.vitrine.lens.render;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vitrine.lens.attribution.Provenance;
import dev.vitrine.lens.render.color.ClassKey;
import dev.vitrine.lens.render.color.ColorBar;
import dev.vitrine.lens.render.color.ColorMap;
import dev.vitrine.lens.render.color.Key;
import dev.vitrine.lens.render.color.Polarity;
import dev.vitrine.lens.render.color.Scale;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Whatever is written on a picture is on it whole. Two texts that differ in their last letter only make different
 * pictures where that letter is seen, and nothing is drawn at the border where nothing is cut.
 */
class CaptionsTest {
    private static final int PAPER = 0xfbfbf9;
    private static final List<String> LONG = List.of(
            "285 Egyptian cat",
            "a class whose name has very many words, as those of WordNet do, with a comma or two, and an end",
            "n".repeat(150),
            "models/imagenet/2024/resnet50-finetuned-on-something-else/epoch-0100-of-0100/model.onnx-" + "x".repeat(60),
            "\u732b".repeat(70));

    @ParameterizedTest
    @CsvSource({"64, 64", "32, 32", "20, 20", "1, 50", "50, 1", "1, 1", "2000, 10", "300, 7"})
    void sheetsSayAllOfWhatTheyShow(int width, int height) {
        for (String text : LONG) {
            Stream.of(
                            sheet(width, height, text, "a", "a", "a"),
                            sheet(width, height, "a", text, "a", "a"),
                            sheet(width, height, "a", "a", text, "a"),
                            sheet(width, height, "a", "a", "a", text))
                    .forEach(CaptionsTest::requireFreeBorder);
            differ(sheet(width, height, text + "A", "a", "a", "a"), sheet(width, height, text + "B", "a", "a", "a"));
            differ(sheet(width, height, "a", text + "A", "a", "a"), sheet(width, height, "a", text + "B", "a", "a"));
            differ(sheet(width, height, "a", "a", text + "A", "a"), sheet(width, height, "a", "a", text + "B", "a"));
            differ(sheet(width, height, "a", "a", "a", text + "A"), sheet(width, height, "a", "a", "a", text + "B"));
        }
    }

    private static BufferedImage sheet(
            int width, int height, String target, String image, String model, String option) {
        Provenance provenance = new Provenance(model, image, target, "integrated-gradients", Map.of("option", option));
        Scale scale = new Scale(Polarity.SIGNED, -0.000123, 0.000123, 0.995);
        return new Sheet(
                        Samples.picture(width, height),
                        provenance,
                        Optional.of(new ColorBar(ColorMap.BLUE_WHITE_RED, scale)))
                .image();
    }

    @ParameterizedTest
    @ValueSource(ints = {20, 32, 48, 64, 120, 296, 2000})
    void keysAreWholeInEveryWidth(int width) {
        for (Scale scale : List.of(
                Scale.symmetric(0.000123456),
                new Scale(Polarity.UNSIGNED, -1234.5, 0.00456, 0.995),
                new Scale(Polarity.UNSIGNED, 3, 3, 1))) {
            requireInside(new ColorBar(ColorMap.BLUE_WHITE_RED, scale), width);
        }
        for (String label : LONG) {
            if (width >= 120) {
                requireInside(key(label), width);
            }
            if (width >= 296) {
                differ(drawn(key(label + "A"), width), drawn(key(label + "B"), width));
            }
        }
    }

    private static ClassKey key(String label) {
        return new ClassKey(List.of(
                new ClassKey.Entry(0xff0000, label, 0.5),
                new ClassKey.Entry(0xff00, "b", 0.031),
                new ClassKey.Entry(0xff, label, 0.4)));
    }

    private static final int MARGIN = 40;

    private static BufferedImage drawn(Key key, int width) {
        BufferedImage image =
                new BufferedImage(width + 2 * MARGIN, key.height(width) + 2 * MARGIN, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = image.createGraphics();
        graphics.setColor(new Color(PAPER));
        graphics.fillRect(0, 0, image.getWidth(), image.getHeight());
        key.draw(graphics, MARGIN, MARGIN, width);
        graphics.dispose();
        return image;
    }

    private static void requireInside(Key key, int width) {
        BufferedImage image = drawn(key, width);
        // A label that is one word may be wider than the narrowest bars.
        int slack = width < 64 ? MARGIN - 2 : 2;
        for (int y = 0; y < image.getHeight(); y++) {
            for (int x = 0; x < image.getWidth(); x++) {
                boolean inside = x >= MARGIN - slack
                        && x < MARGIN + width + slack
                        && y >= MARGIN
                        && y < image.getHeight() - MARGIN + 1;
                if (!inside) {
                    assertThat(image.getRGB(x, y) & 0xffffff)
                            .as("%s at %d,%d", key.words(), x, y)
                            .isEqualTo(PAPER);
                }
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"64, 64", "32, 32", "20, 20", "1, 50", "50, 1", "600, 3"})
    void captionsOfMontagesAreWhole(int width, int height) {
        for (String text : List.of("relu5_3:127 score 12.345", LONG.get(1), "n".repeat(60))) {
            differ(montage(width, height, text + "A"), montage(width, height, text + "B"));
            requireFreeBorder(montage(width, height, text));
        }
    }

    private static BufferedImage montage(int width, int height, String caption) {
        BufferedImage picture = Samples.picture(width, height);
        return new Montage(
                        List.of(
                                new Montage.Cell(picture, caption),
                                new Montage.Cell(picture, "b"),
                                new Montage.Cell(picture, "")),
                        2)
                .image();
    }

    private static void differ(BufferedImage one, BufferedImage other) {
        boolean same = one.getWidth() == other.getWidth() && one.getHeight() == other.getHeight();
        for (int y = 0; same && y < one.getHeight(); y++) {
            for (int x = 0; same && x < one.getWidth(); x++) {
                same = one.getRGB(x, y) == other.getRGB(x, y);
            }
        }
        assertThat(same).as("the last letter is cut").isFalse();
    }

    /** Below and to the right, and to the left of what is below the picture, there is paper. */
    private static void requireFreeBorder(BufferedImage image) {
        int right = image.getWidth() - 1;
        int bottom = image.getHeight() - 1;
        for (int x = 0; x <= right; x++) {
            assertThat(image.getRGB(x, bottom) & 0xffffff).as("bottom at %d", x).isEqualTo(PAPER);
        }
        for (int y = Math.max(0, bottom - 40); y <= bottom; y++) {
            assertThat(image.getRGB(right, y) & 0xffffff).as("right at %d", y).isEqualTo(PAPER);
            assertThat(image.getRGB(0, y) & 0xffffff).as("left at %d", y).isEqualTo(PAPER);
        }
    }
}
