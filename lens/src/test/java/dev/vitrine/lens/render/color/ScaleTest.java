package dev.vitrine.lens.render.color;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.lens.attribution.Heatmap;
import dev.vitrine.lens.render.Samples;
import org.junit.jupiter.api.Test;

class ScaleTest {
    @Test
    void theScaleIgnoresOneOutlierInAThousand() {
        float[] scores = new float[1000];
        for (int index = 0; index < scores.length; index++) {
            scores[index] = (index % 2 == 0 ? 1 : -1) * (index + 1);
        }
        scores[0] = 1e9f;
        Heatmap heatmap = Samples.heatmap(20, 50, scores);

        // 995 is the rank of 99.5 %; the outlier moved out of the bottom, so one rank holds one more.
        assertThat(Scale.robust(heatmap)).isEqualTo(Scale.symmetric(996));
        assertThat(Scale.robust(heatmap).words())
                .isEqualTo("scale ±996 (99.5 percentile of |score|, beyond it clipped)");
    }

    @Test
    void anotherPercentileIsSaid() {
        float[] scores = new float[100];
        for (int index = 0; index < scores.length; index++) {
            scores[index] = index + 1;
        }
        Scale scale = Scale.robust(Samples.heatmap(10, 10, scores), Polarity.SIGNED, 0.9);

        assertThat(scale.high()).isEqualTo(90);
        assertThat(scale.words()).isEqualTo("scale ±90.0 (90 percentile of |score|, beyond it clipped)");
    }

    @Test
    void aLonelyScoreStillSetsTheScale() {
        float[] scores = new float[1000];
        scores[17] = -0.004f;

        assertThat(Scale.robust(Samples.heatmap(20, 50, scores)).high()).isCloseTo(0.004, within(1e-9));
    }

    @Test
    void aScoreThatIsNoNumberIsNamed() {
        Heatmap broken = Samples.heatmap(2, 3, 0, 1, 2, 3, Float.NaN, 5);

        assertThatThrownBy(() -> Scale.robust(broken))
                .isInstanceOf(VitrineException.class)
                .hasMessageContaining("gradient-x-input")
                .hasMessageContaining("row 1, column 1 is NaN");
    }

    @Test
    void unsignedScalesBeginAtZeroOrAtTheLowestScore() {
        assertThat(Scale.robust(Samples.heatmap(1, 2, 3, 5), Polarity.UNSIGNED))
                .isEqualTo(new Scale(Polarity.UNSIGNED, 0, 5));
        assertThat(Scale.robust(Samples.heatmap(1, 2, -1, 5), Polarity.UNSIGNED))
                .isEqualTo(new Scale(Polarity.UNSIGNED, -1, 5));
    }

    @Test
    void numbersHaveThreeDigits() {
        assertThat(Scale.number(0)).isEqualTo("0");
        assertThat(Scale.number(-0.0324)).isEqualTo("−0.0324");
        assertThat(Scale.number(3.2)).isEqualTo("3.20");
        assertThat(Scale.number(12345)).isEqualTo("12345");
        assertThat(Scale.number(-1.5e-7)).isEqualTo("−1.50e−7");
        assertThat(Scale.number(2.5e8)).isEqualTo("2.50e8");
    }
}
