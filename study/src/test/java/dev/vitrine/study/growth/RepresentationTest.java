package dev.vitrine.study.growth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.vitrine.engine.tensor.Tensor;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RepresentationTest {
    private static float[] normal(int count, long seed) {
        Random random = new Random(seed);
        float[] values = new float[count];
        for (int index = 0; index < count; index++) {
            values[index] = (float) random.nextGaussian();
        }
        return values;
    }

    private static double likeness(float[] one, float[] other, int rows) {
        return Representation.of(Tensor.floats(one, rows, one.length / rows))
                .likeness(Representation.of(Tensor.floats(other, rows, other.length / rows)));
    }

    @Test
    void aTurnAScaleAndAShiftChangeNothing() {
        float[] features = normal(40 * 2, 1);
        float[] turned = new float[features.length];
        for (int row = 0; row < 40; row++) {
            turned[2 * row] = 3 * (0.6f * features[2 * row] - 0.8f * features[2 * row + 1]) + 5;
            turned[2 * row + 1] = 3 * (0.8f * features[2 * row] + 0.6f * features[2 * row + 1]) - 1;
        }
        assertThat(likeness(features, features, 40)).isCloseTo(1, within(1e-12));
        assertThat(likeness(features, turned, 40)).isCloseTo(1, within(1e-5));
    }

    @Test
    void whatHasNothingInCommonIsNear0AndWhatTellsNothingIs0() {
        assertThat(likeness(normal(300 * 2, 1), normal(300 * 2, 2), 300)).isLessThan(0.05);
        assertThat(likeness(normal(300 * 2, 1), new float[300], 300)).isZero();
    }

    /** ‖YᵀX‖² / (‖XᵀX‖ ‖YᵀY‖) of centerd columns, here of one column each: the squared correlation. */
    @Test
    void ofSingleNumbersItIsTheSquaredCorrelation() {
        float[] one = {1, 2, 3, 4, 10};
        float[] other = {2, 1, 4, 3, 7};
        double covariance = 0;
        double first = 0;
        double second = 0;
        for (int index = 0; index < 5; index++) {
            covariance += (one[index] - 4) * (other[index] - 3.4);
            first += (one[index] - 4) * (one[index] - 4);
            second += (other[index] - 3.4) * (other[index] - 3.4);
        }
        assertThat(likeness(one, other, 5)).isCloseTo(covariance * covariance / (first * second), within(1e-6));
    }
}
