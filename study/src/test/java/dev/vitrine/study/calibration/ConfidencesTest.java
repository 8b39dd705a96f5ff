package dev.vitrine.study.calibration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

class ConfidencesTest {
    /** Logits of three classes whose labels are drawn from their softmax, then multiplied. */
    private static Confidences drawn(int pictures, double factor) {
        Random random = new Random(7);
        Confidences all = Confidences.none();
        for (int index = 0; index < pictures; index++) {
            double[] logits = {2 * random.nextGaussian(), 2 * random.nextGaussian(), 2 * random.nextGaussian()};
            double sum = 0;
            for (double logit : logits) {
                sum += Math.exp(logit);
            }
            double ticket = random.nextDouble() * sum;
            int target = 0;
            for (double before = Math.exp(logits[0]); before < ticket && target < 2; target++) {
                before += Math.exp(logits[target + 1]);
            }
            all.add(
                    index,
                    new float[] {
                        (float) (factor * logits[0]), (float) (factor * logits[1]), (float) (factor * logits[2])
                    },
                    target);
        }
        return all;
    }

    @Test
    void aCalibratedNetworkHasNoErrorAndTemperatureOne() {
        Calibration found = drawn(20_000, 1).calibration("net");
        assertThat(found.plain().error()).isLessThan(0.015);
        assertThat(found.temperature()).isCloseTo(1, within(0.03));
        assertThat(found.confidence()).isCloseTo(found.accuracy(), within(0.01));
    }

    @Test
    void theTemperatureUndoesAFactor() {
        Calibration sure = drawn(20_000, 3).calibration("net");
        assertThat(sure.temperature()).isCloseTo(3, within(0.09));
        assertThat(sure.plain().error()).isGreaterThan(0.08);
        assertThat(sure.confidence()).isGreaterThan(sure.accuracy());
        assertThat(sure.mended().error()).isLessThan(0.015);
        assertThat(sure.mended().loss()).isLessThan(sure.plain().loss());
        assertThat(drawn(20_000, 0.5).calibration("net").temperature()).isCloseTo(0.5, within(0.015));
    }

    /** Two answers of probability e / (e + 1) = .731, one of them correct: both in bin 10 of 15. */
    @Test
    void theErrorByHand() {
        Confidences all = Confidences.none();
        all.add(0, new float[] {1, 0}, 0);
        all.add(1, new float[] {1, 0}, 1);
        Calibration found = all.calibration("net");
        double share = Math.E / (Math.E + 1);
        assertThat(found.plain().bins()).hasSize(1);
        assertThat(found.plain().bins().get(0).low()).isCloseTo(10 / 15.0, within(1e-12));
        assertThat(found.plain().error()).isCloseTo(share - 0.5, within(1e-9));
        assertThat(found.plain().loss()).isCloseTo(-(Math.log(share) + Math.log(1 - share)) / 2, within(1e-9));
        assertThat(found.accuracy()).isEqualTo(0.5);
    }

    @Test
    void aSinglePictureIsNoReasonToFail() {
        Confidences all = Confidences.none();
        all.add(0, new float[] {4, 0, 1}, 0);
        Calibration found = all.calibration("net");
        assertThat(found.pictures()).isEqualTo(1);
        assertThat(found.mended().error()).isEqualTo(found.plain().error());
    }

    @Test
    void sumsDoNotDependOnOrder() {
        Confidences one = drawn(50, 1);
        Confidences other = drawn(80, 2);
        Confidences third = drawn(30, 3);
        assertThat(one.plus(other).plus(third).confidence())
                .isEqualTo(third.plus(other.plus(one)).confidence());
    }
}
