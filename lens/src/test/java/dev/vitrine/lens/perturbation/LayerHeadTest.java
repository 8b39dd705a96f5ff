package dev.vitrine.lens.perturbation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.vitrine.engine.oracle.Architectures;
import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.attribution.Baseline;
import dev.vitrine.lens.attribution.Explanation;
import dev.vitrine.lens.attribution.Nets;
import dev.vitrine.lens.attribution.Progress;
import dev.vitrine.lens.attribution.gradient.ClassActivationMap;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.model.anatomy.Anatomy;
import dev.vitrine.lens.model.anatomy.LayerMaps;
import dev.vitrine.lens.objective.ClassScore;
import dev.vitrine.lens.objective.Objective;
import dev.vitrine.lens.session.ModelSession;
import dev.vitrine.lens.session.ScoreReader;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Networks cut at a layer, and the search for a mask. */
class LayerHeadTest {
    private static final Objective LOGIT = ClassScore.of(ClassScore.Scale.LOGIT);

    /**
     * What a layer holds, put back where it was, gives the score of the picture: at every layer, ways about it too, and
     * where channels come last or tokens stand for places.
     */
    @ParameterizedTest
    @ValueSource(strings = {"resnet18", "googlenet", "densenet", "convnext", "vit"})
    void whatALayerHoldsGivesTheScore(String name) {
        Model model = name.equals("vit")
                ? Nets.open(
                        "vit",
                        Architectures.vit(
                                new Architectures.Size(1 / 16.0, 32, 10, 1), 8, 4, 1, Architectures.GeluForm.OPERATOR))
                : Nets.architecture(name);
        Anatomy layers = model.anatomy();
        Tensor image = Nets.noise(model, 1, 60);
        Tensor target = ModelSession.targets(3);
        List<LayerMaps> spatial = layers.all().stream()
                .flatMap(layer -> layers.maps(layer).stream())
                .toList();
        if (name.equals("vit")) {
            assertThat(spatial).anyMatch(maps -> maps.form() == LayerMaps.Form.TOKENS && maps.before() == 1);
        }
        if (name.equals("convnext")) {
            assertThat(spatial).anyMatch(maps -> maps.form() == LayerMaps.Form.CHANNELS_LAST);
        }
        try (ModelSession session = new ModelSession(model, Nets.RUNNER)) {
            float score = ScoreReader.read(session, LOGIT, image, target)
                    .scores()
                    .floats()
                    .get(0);
            for (int index = 0; index < spatial.size(); index += 3) {
                LayerHead head = new LayerHead(session, LOGIT, spatial.get(index));
                Tensor held = head.maps(image, target);
                float[] found =
                        head.scores(image, target, 5, (i, maps) -> held.floats().get(maps), Progress.NONE);
                for (float one : found) {
                    assertThat(one)
                            .as("%s", spatial.get(index))
                            .isCloseTo(score, within(1e-4f * Math.max(1, Math.abs(score))));
                }
            }
        }
    }

    /** Behind average pooling and a linear layer a channel is missed by just what it adds: Grad-CAM times its size. */
    @Test
    void ablationCamIsGradCamWhereTheHeadIsLinear() {
        Model model = Nets.architecture("resnet18");
        Tensor image = Nets.noise(model, 1, 61);
        try (ModelSession session = new ModelSession(model, Nets.RUNNER)) {
            Explanation ablation = explain(session, new AblationCam(Optional.empty()), image);
            LayerMaps layer = model.anatomy().lastMaps();
            LayerHead head = new LayerHead(session, LOGIT, layer);
            Tensor held = head.maps(image, ModelSession.targets(2));
            Explanation gradient = explain(
                    session, new ClassActivationMap(ClassActivationMap.Variant.X_GRAD, Optional.empty()), image);
            // XGrad-CAM's weight is Σ G A / Σ A; times ΣA that is what the channel adds, which ablation takes away.
            ChannelMaps maps = new ChannelMaps(held);
            double[] sums = new double[maps.channels()];
            for (int channel = 0; channel < sums.length; channel++) {
                for (float value : maps.plane(channel)) {
                    sums[channel] += value;
                }
            }
            float[] scores =
                    head.scores(image, ModelSession.targets(2), maps.channels(), maps::writeWithout, Progress.NONE);
            double score = ablation.scores().floats().get(0);
            double[] weights = new double[sums.length];
            for (int channel = 0; channel < sums.length; channel++) {
                weights[channel] = sums[channel] == 0 ? 0 : (score - scores[channel]) / sums[channel];
            }
            assertThat(Nets.relativeError(maps.weighted(weights), gradient.attribution()))
                    .isLessThan(1e-3);
        }
    }

    private static Explanation explain(
            ModelSession session, dev.vitrine.lens.attribution.Attribution method, Tensor image) {
        return session.explainer(method, LOGIT).explain(image, ModelSession.targets(2), Progress.NONE);
    }

    /** The gradient of a smooth mask, against differences. */
    @Test
    void theGradientOfASmoothMask() {
        SmoothMask smooth = new SmoothMask(7, 9);
        double[] free = Nets.doubles(Nets.normal(62, 63));
        for (int i = 0; i < free.length; i++) {
            free[i] = 0.5 + 0.2 * free[i];
        }
        double[] along = Nets.doubles(Nets.normal(63, smooth.places()));
        double[] found = smooth.of(free).back(along);
        for (int i = 0; i < free.length; i += 5) {
            double[] more = free.clone();
            double[] less = free.clone();
            more[i] += 1e-5;
            less[i] -= 1e-5;
            double difference = 0;
            double[] upper = smooth.of(more).mask();
            double[] lower = smooth.of(less).mask();
            for (int place = 0; place < along.length; place++) {
                difference += along[place] * (upper[place] - lower[place]) / 2e-5;
            }
            assertThat(found[i]).isCloseTo(difference, within(1e-6));
        }
    }

    /** A mask of one value is that value, at the borders as elsewhere. */
    @Test
    void aFlatMaskIsFlat() {
        double[] free = new double[80];
        Arrays.fill(free, 0.7);
        double[] mask = new SmoothMask(8, 10).of(free).mask();
        for (double value : mask) {
            assertThat(value).isCloseTo(mask[0], within(1e-12));
        }
    }

    /** A spot in a corner has its whole size in the margin, a quarter of it in the picture. */
    @Test
    void aSpotInACornerIsNoSmaller() {
        SmoothMask smooth = new SmoothMask(20, 20);
        double[] corner = new double[400];
        corner[0] = 1;
        double[] middle = new double[400];
        middle[10 * 20 + 10] = 1;
        assertThat(sum(smooth.of(corner).mask()))
                .isGreaterThan(sum(smooth.of(middle).mask()));
        assertThat(sum(smooth.of(corner).seen()))
                .isLessThan(0.6 * sum(smooth.of(middle).seen()));
    }

    private static double sum(double[] values) {
        return Arrays.stream(values).sum();
    }

    @Test
    void theExtremalMaskKeepsWhatTheScoreReads() {
        Model model = MaskedScoresTest.leftHalf();
        try (ModelSession session = new ModelSession(model, Nets.RUNNER)) {
            Explanation explanation = session.explainer(new ExtremalPerturbation(0.5, 200, Baseline.ZERO), LOGIT)
                    .explain(MaskedScoresTest.ones(model), ModelSession.targets(0), Progress.NONE);
            float[] mask = explanation.attribution().toFloats();
            double left = 0;
            double all = 0;
            for (int i = 0; i < mask.length; i++) {
                all += mask[i];
                left += i % 8 < 4 ? mask[i] : 0;
                assertThat(mask[i]).isLessThan(i % 8 == 7 ? 0.2f : 1.001f);
            }
            assertThat(all).isGreaterThan(mask.length / 8.0);
            assertThat(left / all).isGreaterThan(0.7);
            assertThat(explanation.notes().get(0).get(0)).contains("keeps the score");
        }
    }
}
