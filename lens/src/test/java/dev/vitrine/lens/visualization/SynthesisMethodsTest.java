package dev.vitrine.lens.visualization;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.attribution.Nets;
import dev.vitrine.lens.attribution.Progress;
import dev.vitrine.lens.data.Picture;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.objective.StyleMatch;
import dev.vitrine.lens.session.ModelSession;
import dev.vitrine.lens.visualization.optimization.LimitedMemory;
import dev.vitrine.lens.visualization.optimization.Search;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the methods promise beyond the contract of all. */
class SynthesisMethodsTest {
    @Test
    void limitedMemoryPaintsAndKeepsColorsOnRequest() {
        Model model = Nets.architecture("squeezenet");
        Picture content = filled(0x3060c0);
        Picture style = stripes();
        try (ModelSession session = new ModelSession(model, Nets.RUNNER)) {
            StyleTransfer.Chosen layers =
                    new StyleTransfer.Chosen(List.of(), model.anatomy().scales());
            for (StyleTransfer.Colors colors : StyleTransfer.Colors.values()) {
                Synthesis made = new StyleTransfer(25, new LimitedMemory(5), 0, 100, 0, colors)
                        .run(
                                session,
                                content,
                                style,
                                layers,
                                new Start.Image(content),
                                1,
                                Search.Watch.NONE,
                                Progress.NONE);
                List<Double> losses = made.course().losses();
                assertThat(losses.get(24)).as("%s", colors).isLessThan(0.9 * losses.get(0));
                float[] values = made.pictures().toFloats();
                if (colors == StyleTransfer.Colors.LUMINANCE) {
                    double[] means = new double[3];
                    for (int i = 0; i < values.length; i++) {
                        means[i / 4096] += values[i] / 4096.0;
                    }
                    assertThat(means[2]).isGreaterThan(means[1]);
                    assertThat(means[1]).isGreaterThan(means[0]);
                }
            }
        }
    }

    private static Picture filled(int color) {
        return Picture.filled(64, 64, color);
    }

    private static Picture stripes() {
        byte[] rgb = new byte[3 * 64 * 64];
        for (int i = 0; i < rgb.length; i++) {
            rgb[i] = (byte) (i / 3 % 64 / 4 % 2 * 200 + (i % 3 == 0 ? 40 : 10));
        }
        return Picture.of(64, 64, rgb);
    }

    @Test
    void matchedColorsHaveTheMeanOfTheOther() {
        Picture matched = ColorTransfer.matched(stripes(), filled(0x3060c0));
        float[] values = Rgb.values(matched, 3);
        double[] means = new double[3];
        for (int i = 0; i < values.length; i++) {
            means[i / 4096] += values[i] / 4096.0;
        }
        assertThat(means[0]).isBetween(0.15, 0.23);
        assertThat(means[2]).isBetween(0.71, 0.79);
    }

    @Test
    void styleNeedsHeightAndWidth() {
        Model model = Nets.architecture("squeezenet");
        try (ModelSession session = new ModelSession(model, Nets.RUNNER)) {
            StyleTransfer.Chosen flat = new StyleTransfer.Chosen(List.of(), List.of(model.logits()));
            assertThatThrownBy(() -> StyleTransfer.TEXTURE.run(
                            session, stripes(), stripes(), flat, Start.NOISE, 1, Search.Watch.NONE, Progress.NONE))
                    .isInstanceOf(VitrineException.class)
                    .hasMessageContaining("without height and width");
            assertThatThrownBy(
                            () -> new StyleMatch(model.anatomy().scales().get(0), Tensor.floats(new float[4], 1, 2, 2))
                                    .emit(model, new dev.vitrine.engine.graph.GraphBuilder(model.graph())))
                    .hasMessageContaining("channels each way");
        }
    }
}
