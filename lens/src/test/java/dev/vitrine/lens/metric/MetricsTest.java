package dev.vitrine.lens.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.attribution.Explainer;
import dev.vitrine.lens.attribution.Explanation;
import dev.vitrine.lens.data.Box;
import dev.vitrine.lens.data.Resampling;
import dev.vitrine.lens.model.preprocessing.ChannelOrder;
import dev.vitrine.lens.model.preprocessing.Fit;
import dev.vitrine.lens.model.preprocessing.Layout;
import dev.vitrine.lens.model.preprocessing.Normalization;
import dev.vitrine.lens.model.preprocessing.Preprocessing;
import dev.vitrine.lens.session.ModelSession;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Metrics on cases whose answers a person can work out. */
class MetricsTest {
    private static final double EXACT = 1e-12;

    private static Preprocessing gray(int width, int height) {
        return new Preprocessing(
                width,
                height,
                Fit.SQUASH,
                Resampling.BILINEAR,
                ChannelOrder.GRAY,
                Layout.NCHW,
                Normalization.range(0, 1, 1));
    }

    /** f(x) = Σ w·x of each picture, a batch at a time. */
    private static PictureScore linear(int batch, float... weights) {
        return new PictureScore() {
            @Override
            public double[] of(Tensor images) {
                double[] scores = new double[(int) images.dimension(0)];
                for (int row = 0; row < scores.length; row++) {
                    float[] values = images.rows(row, row + 1).toFloats();
                    for (int index = 0; index < values.length; index++) {
                        scores[row] += values[index] * weights[index];
                    }
                }
                return scores;
            }

            @Override
            public int batchSize() {
                return batch;
            }
        };
    }

    @Test
    void deletionTakesTheMostRelevantPixelsFirst() {
        Tensor image = Tensor.floats(new float[] {1, 1, 1, 1}, 1, 1, 2, 2);
        Tensor heat = Tensor.floats(new float[] {0.1f, 0.4f, 0.2f, 0.3f}, 2, 2);
        Curve curve = new PixelFlipping(PixelFlipping.Direction.DELETION, 1, 0)
                .curve(linear(3, 1, 2, 4, 8), gray(2, 2), image, heat);
        assertThat(curve.shares()).containsExactly(0.0, 0.25, 0.5, 0.75, 1.0);
        assertThat(curve.scores()).containsExactly(15.0, 13.0, 5.0, 1.0, 0.0);
        assertThat(curve.area()).isCloseTo((14 + 9 + 3 + 0.5) / 4, within(EXACT));
    }

    @Test
    void theLastStepTakesWhatIsLeft() {
        Tensor image = Tensor.floats(new float[] {1, 1, 1, 1}, 1, 1, 2, 2);
        Tensor heat = Tensor.floats(new float[] {4, 3, 2, 1}, 2, 2);
        Curve curve = new PixelFlipping(PixelFlipping.Direction.DELETION, 3, 0)
                .curve(linear(8, 1, 1, 1, 1), gray(2, 2), image, heat);
        assertThat(curve.shares()).containsExactly(0.0, 0.75, 1.0);
        assertThat(curve.scores()).containsExactly(4.0, 1.0, 0.0);
        assertThat(curve.area()).isCloseTo(0.75 * 2.5 + 0.25 * 0.5, within(EXACT));
    }

    /** A flat picture is its own blur, so only a bright place tells insertion from nothing. */
    @Test
    void insertionStartsBlurredAndEndsAtThePicture() {
        float[] values = new float[21 * 21];
        values[10 * 21 + 10] = 1;
        float[] relevance = values.clone();
        Tensor image = Tensor.floats(values, 1, 1, 21, 21);
        float[] middle = values.clone();
        Curve curve = new PixelFlipping(PixelFlipping.Direction.INSERTION, 1, 0)
                .curve(linear(64, middle), gray(21, 21), image, Tensor.floats(relevance, 21, 21));
        double total = 0;
        for (int distance = -5; distance <= 5; distance++) {
            total += Math.exp(-distance * distance / 50.0);
        }
        assertThat(curve.scores().get(0)).isCloseTo(1 / (total * total), within(1e-7));
        assertThat(curve.scores().subList(1, curve.scores().size())).containsOnly(1.0);
    }

    @ParameterizedTest
    @EnumSource(Layout.class)
    void everyChannelOfAPixelIsTaken(Layout layout) {
        Preprocessing colors = new Preprocessing(
                2,
                1,
                Fit.SQUASH,
                Resampling.BILINEAR,
                ChannelOrder.RGB,
                layout,
                new Normalization(0, 1, List.of(0.5, 0.25, 0.0), List.of(1.0, 1.0, 1.0)));
        long[] shape = layout == Layout.NCHW ? new long[] {1, 3, 1, 2} : new long[] {1, 1, 2, 3};
        Tensor image = Tensor.floats(new float[] {1, 1, 1, 1, 1, 1}, shape);
        Curve curve = new PixelFlipping(PixelFlipping.Direction.DELETION, 1, 0)
                .curve(linear(1, 1, 1, 1, 1, 1, 1), colors, image, Tensor.floats(new float[] {0, 1}, 1, 2));
        assertThat(curve.scores()).containsExactly(6.0, 3 - 0.75, -1.5);
    }

    @Test
    void equallyRelevantPixelsGoInAnOrderThatTheSeedTells() {
        Tensor image = Tensor.floats(new float[] {1, 2, 4, 8, 16, 32, 64, 128}, 1, 1, 2, 4);
        Tensor flat = Tensor.floats(new float[8], 2, 4);
        PictureScore sum = linear(4, 1, 1, 1, 1, 1, 1, 1, 1);
        PixelFlipping one = new PixelFlipping(PixelFlipping.Direction.DELETION, 1, 1);
        PixelFlipping two = new PixelFlipping(PixelFlipping.Direction.DELETION, 1, 2);
        Curve first = one.curve(sum, gray(4, 2), image, flat);
        assertThat(first).isEqualTo(one.curve(sum, gray(4, 2), image, flat));
        assertThat(first).isNotEqualTo(two.curve(sum, gray(4, 2), image, flat));
    }

    @Test
    void curvesOfOneGridHaveAMean() {
        Curve one = new Curve(List.of(0.0, 1.0), List.of(1.0, 0.0));
        Curve two = new Curve(List.of(0.0, 1.0), List.of(0.5, 0.5));
        assertThat(Curve.mean(List.of(one, two)).scores()).containsExactly(0.75, 0.25);
        Curve other = new Curve(List.of(0.0, 0.5, 1.0), List.of(1.0, 0.5, 0.0));
        assertThatThrownBy(() -> Curve.mean(List.of(one, other))).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Curve(List.of(0.0, 0.0), List.of(1.0, 1.0)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void risingOrderIsThatOfComparison() {
        Random random = new Random(4);
        float[] values = new float[5000];
        for (int index = 0; index < values.length; index++) {
            values[index] = Float.intBitsToFloat(random.nextInt());
        }
        float[] special = {0f, -0f, Float.MIN_VALUE, Float.MAX_VALUE, Float.NEGATIVE_INFINITY, 1f, -1f, 1f, -0f, 0f};
        System.arraycopy(special, 0, values, 100, special.length);
        int[] expected = IntStream.range(0, values.length)
                .boxed()
                .sorted((one, two) -> Float.compare(values[one], values[two]))
                .mapToInt(Integer::intValue)
                .toArray();
        assertThat(RisingOrder.of(values)).isEqualTo(expected);
        assertThat(RisingOrder.of(new float[0])).isEmpty();
    }

    @Test
    void rankCorrelationWithAndWithoutSign() {
        float[] one = {-3, -1, 2, 4};
        assertThat(Spearman.WITH_SIGN.of(one, one)).isEqualTo(1);
        assertThat(Spearman.WITH_SIGN.of(one, new float[] {3, 1, -2, -4})).isEqualTo(-1);
        assertThat(Spearman.WITHOUT_SIGN.of(one, new float[] {3, 1, -2, -4})).isEqualTo(1);
        // ranks 1..5 against 2, 1, 4, 3, 5: 1 − 6·4/(5·24)
        assertThat(Spearman.WITH_SIGN.of(new float[] {1, 2, 3, 4, 5}, new float[] {20, 10, 40, 30, 50}))
                .isCloseTo(0.8, within(EXACT));
    }

    @Test
    void tiesShareTheirMeanRank() {
        // ranks 1, 2.5, 2.5, 4 against 1, 2, 3, 4: covariance 4.5 over √(4.5·5)
        assertThat(Spearman.WITH_SIGN.of(new float[] {0, 7, 7, 9}, new float[] {1, 2, 3, 4}))
                .isCloseTo(4.5 / Math.sqrt(4.5 * 5), within(EXACT));
        assertThat(Spearman.WITH_SIGN.of(new float[] {-0f, 0f, 1}, new float[] {1, 1, 2}))
                .isCloseTo(1, within(EXACT));
        assertThat(Spearman.WITHOUT_SIGN.of(new float[4], new float[] {1, 2, 3, 4}))
                .isZero();
    }

    @Test
    void structuralSimilarityOfKnownPictures() {
        StructuralSimilarity similarity = new StructuralSimilarity(1);
        Random random = new Random(1);
        float[] noise = new float[32 * 32];
        float[] other = new float[32 * 32];
        for (int index = 0; index < noise.length; index++) {
            noise[index] = random.nextFloat();
            other[index] = random.nextFloat();
        }
        assertThat(similarity.of(noise, noise, 32, 32)).isCloseTo(1, within(1e-9));
        assertThat(similarity.of(noise, other, 32, 32)).isBetween(-0.1, 0.2);
        float[] doubled = noise.clone();
        for (int index = 0; index < doubled.length; index++) {
            doubled[index] *= -2;
        }
        assertThat(similarity.of(noise, doubled, 32, 32)).isCloseTo(1, within(1e-9));
        // Flat pictures, one at its limit and one black: c₁c₂ / ((1 + c₁)c₂)
        float[] white = new float[16 * 16];
        Arrays.fill(white, 3);
        assertThat(similarity.of(white, new float[16 * 16], 16, 16)).isCloseTo(1e-4 / (1 + 1e-4), within(1e-6));
    }

    @Test
    void giniIndex() {
        assertThat(Sparseness.of(new float[] {2, -2, 2, 2})).isCloseTo(0, within(EXACT));
        assertThat(Sparseness.of(new float[] {0, 0, 0, -5})).isCloseTo(0.75, within(EXACT));
        // (1·3.5 + 2·2.5 + 3·1.5 + 4·.5)/(10·4) = .375
        assertThat(Sparseness.of(new float[] {4, 1, 3, -2})).isCloseTo(0.25, within(EXACT));
        assertThat(Sparseness.of(new float[3])).isZero();
    }

    @Test
    void completenessGap() {
        Tensor attribution = Tensor.floats(new float[] {1, 2, -1}, 1, 1, 1, 3);
        assertThat(CompletenessGap.of(attribution, 5, 3)).isCloseTo(0, within(EXACT));
        assertThat(CompletenessGap.of(attribution, 4, 0)).isCloseTo(0.5, within(EXACT));
    }

    /** For a linear model, weight times value foretells every square; its negative does up to scale; noise does not. */
    @Test
    void infidelityOfALinearModel() {
        Random random = new Random(2);
        float[] weights = new float[256];
        float[] values = new float[256];
        float[] products = new float[256];
        float[] wrong = new float[256];
        for (int index = 0; index < 256; index++) {
            weights[index] = (float) random.nextGaussian();
            values[index] = random.nextFloat();
            products[index] = weights[index] * values[index];
            wrong[index] = (float) random.nextGaussian();
        }
        Tensor image = Tensor.floats(values, 1, 1, 16, 16);
        Infidelity infidelity = new Infidelity(30, 0.1, 0.5, 3);
        PictureScore score = linear(7, weights);
        assertThat(infidelity.of(score, gray(16, 16), image, Tensor.floats(products, 16, 16)))
                .isCloseTo(0, within(1e-6));
        assertThat(infidelity.of(score, gray(16, 16), image, Tensor.floats(wrong, 16, 16)))
                .isBetween(0.5, 1.0);
        assertThat(infidelity.of(score, gray(16, 16), image, Tensor.floats(new float[256], 16, 16)))
                .isEqualTo(1);
        assertThat(infidelity.of(linear(7, new float[256]), gray(16, 16), image, Tensor.floats(wrong, 16, 16)))
                .isZero();
    }

    /** Φ(x) = x moves by the noise itself; a map that never changes is not sensitive. */
    @Test
    void maxSensitivity() {
        Tensor image = Tensor.floats(new float[] {1, 0, 0, 0}, 1, 1, 2, 2);
        Explainer itself = (images, targets, progress) -> explanation(images);
        Explainer constant = (images, targets, progress) ->
                explanation(Tensor.concatenate(java.util.Collections.nCopies((int) images.dimension(0), image)));
        MaxSensitivity metric = new MaxSensitivity(0.1, 200, 5);
        Tensor target = ModelSession.targets(0);
        double found = metric.of(itself, gray(2, 2), image, target, image);
        assertThat(found).isBetween(0.15, 0.2);
        assertThat(metric.of(constant, gray(2, 2), image, target, image)).isZero();
        assertThat(new MaxSensitivity(0.1, 1, 5).of(itself, gray(2, 2), image, target, image))
                .isLessThan(found);
    }

    private static Explanation explanation(Tensor attribution) {
        int count = (int) attribution.dimension(0);
        Tensor zeros = Tensor.floats(new float[count], count);
        return new Explanation(attribution, zeros, zeros, java.util.Collections.nCopies(count, List.of()));
    }

    @Test
    void pointingGame() {
        float[] values = new float[40 * 40];
        values[30 * 40 + 12] = 1;
        Tensor heat = Tensor.floats(values, 40, 40);
        Box box = new Box(10, 10, 20, 20);
        assertThat(new PointingGame(10).play(heat, List.of(box))).isEqualTo(PointingGame.Outcome.MISS);
        assertThat(new PointingGame(11).play(heat, List.of(box))).isEqualTo(PointingGame.Outcome.HIT);
        assertThat(new PointingGame(0).play(heat, List.of(box, new Box(12, 30, 13, 31))))
                .isEqualTo(PointingGame.Outcome.HIT);
    }

    @Test
    void evidenceInsideBoxes() {
        Tensor heat = Tensor.floats(new float[] {3, -9, 1, 0}, 2, 2);
        EvidenceShare share = EvidenceShare.of(heat, List.of(new Box(0, 0, 1, 1), new Box(0, 0, 2, 1)));
        assertThat(share.evidence()).isCloseTo(0.75, within(EXACT));
        assertThat(share.area()).isCloseTo(0.5, within(EXACT));
        assertThat(EvidenceShare.of(Tensor.floats(new float[4], 2, 2), List.of(new Box(0, 0, 1, 1)))
                        .evidence())
                .isEqualTo(0.25);
    }
}
