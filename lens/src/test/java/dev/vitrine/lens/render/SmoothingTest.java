package dev.vitrine.lens.render;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.vitrine.lens.attribution.Heatmap;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class SmoothingTest {
    @Test
    void onePlaceBecomesABellWithTheSameSum() {
        float[] scores = new float[15 * 17];
        scores[7 * 17 + 8] = 2;
        float[] smooth =
                new Smoothing(1).apply(Samples.heatmap(15, 17, scores)).scores().toFloats();

        double sum = 0;
        for (float score : smooth) {
            sum += score;
        }
        assertThat(sum).isCloseTo(2, within(1e-5));
        // 2 / (2π), and e^(-1/2) of it one place to the side.
        assertThat(smooth[7 * 17 + 8]).isCloseTo(0.3183f, within(2e-3f));
        assertThat(smooth[7 * 17 + 9] / smooth[7 * 17 + 8]).isCloseTo(0.6065f, within(1e-4f));
        assertThat(smooth[8 * 17 + 8]).isCloseTo(smooth[7 * 17 + 9], within(1e-6f));
    }

    @Test
    void whatIsEvenStaysEvenAtTheEdges() {
        float[] scores = new float[60];
        Arrays.fill(scores, -3);
        float[] smooth =
                new Smoothing(2).apply(Samples.heatmap(6, 10, scores)).scores().toFloats();

        assertThat(smooth).containsExactly(scores, within(1e-5f));
    }

    @Test
    void itIsSaidAndSmallMapsAreLeftAlone() {
        Heatmap large = Samples.hills(224);
        assertThat(Smoothing.forDisplay(large).apply(large).provenance().options())
                .containsEntry("display", "smoothed, σ 2.2 pixels");
        Heatmap small = Samples.hills(32);
        assertThat(Smoothing.forDisplay(small).apply(small)).isSameAs(small);
    }
}
