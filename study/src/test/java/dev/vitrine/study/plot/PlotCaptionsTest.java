package dev.vitrine.study.plot;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

/** Whatever is written on a plot is on it whole: texts that differ in their last letter only make different pictures. */
class PlotCaptionsTest {
    private static final int PAPER = 0xfbfbf9;
    private static final List<String> LONG = List.of(
            "285 Egyptian cat",
            "a class whose name has very many words, as those of WordNet do, with a comma or two, and an end",
            "n".repeat(150),
            "models/imagenet/2024/resnet50-finetuned-on-something-else/epoch-0100-of-0100/model.onnx-" + "x".repeat(60),
            "\u732b".repeat(70));

    @Test
    void plotsAreWhole() {
        for (String text : LONG) {
            for (int place = 0; place < 3; place++) {
                requireFreeBorder(linePlot(text, place));
                differ(linePlot(text + "A", place), linePlot(text + "B", place));
            }
            for (int place = 0; place < 5; place++) {
                requireFreeBorder(barPlot(text, place));
                differ(barPlot(text + "A", place), barPlot(text + "B", place));
            }
        }
    }

    private static String at(int wanted, int place, String text) {
        return wanted == place ? text : "short";
    }

    private static BufferedImage linePlot(String text, int place) {
        List<LinePlot.Line> lines = List.of(
                new LinePlot.Line(at(0, place, text), 0, List.of(0.1, 0.2)),
                new LinePlot.Line("second", 1, List.of(0.3, 0.4)),
                new LinePlot.Line(at(0, place, text), 2, List.of(0.5, 0.4)));
        return new LinePlot(
                        at(1, place, text),
                        "epochs",
                        List.of(new LinePlot.Place(0, "first"), new LinePlot.Place(1, "last")),
                        0,
                        1,
                        OptionalDouble.empty(),
                        lines)
                .image(List.of(at(2, place, text)));
    }

    private static BufferedImage barPlot(String text, int place) {
        return new BarPlot(
                        at(0, place, text),
                        at(1, place, text),
                        at(2, place, text),
                        new BarPlot.Limit(at(3, place, text), 0.2),
                        List.of(new BarPlot.Row("layer", 0.3, new LinePlot.Span(0.2, 0.4), 0.1)))
                .image(List.of(at(4, place, text)));
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
