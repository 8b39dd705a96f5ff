package dev.vitrine.lens.perturbation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.attribution.Baseline;
import dev.vitrine.lens.attribution.Nets;
import dev.vitrine.lens.attribution.Progress;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.objective.ClassScore;
import dev.vitrine.lens.objective.Objective;
import dev.vitrine.lens.objective.UnitScore;
import dev.vitrine.lens.session.ModelSession;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Occlusion against each covered picture put through the whole network. */
class OcclusionTest {
    private static final Objective LOGIT = ClassScore.of(ClassScore.Scale.LOGIT);

    private static Occlusion occlusion(int window, int stride, Baseline value) {
        return new Occlusion(
                OptionalInt.of(window), OptionalInt.of(stride), value, Occlusion.Shape.SQUARE, Occlusion.Measure.DROP);
    }

    private static float[] drops(Model model, Occlusion method, Objective objective, Tensor image, long target) {
        try (ModelSession session = new ModelSession(model, Nets.RUNNER)) {
            return session.explainer(method, objective)
                    .explain(image, ModelSession.targets(target), Progress.NONE)
                    .attribution()
                    .toFloats();
        }
    }

    /** Every border, and windows that do not divide the sides. */
    @ParameterizedTest
    @CsvSource({
        "tiny-darknet, 16, 52",
        "tiny-darknet, 37, 31",
        "squeezenet-caltech101, 16, 52",
        "squeezenet-caltech101, 51, 43",
        "cifar10-resnet20, 4, 4",
        "cifar10-resnet20, 7, 5",
        "cifar10-resnet20, 1, 6"
    })
    void isWhatTheWholeNetworkSays(String name, int window, int stride) {
        Model model = Nets.shared(name);
        Tensor image = model.preprocessing().apply(Nets.photo("chelsea.png"));
        float[] found = drops(model, occlusion(window, stride, Baseline.GRAY), LOGIT, image, 3);

        int height = model.preprocessing().height();
        int width = model.preprocessing().width();
        int rows = (height - window) / stride + 1;
        int columns = (width - window) / stride + 1;
        float[] gray = model.preprocessing().values(0x808080);
        List<Tensor> covered = new ArrayList<>();
        for (int place = 0; place < rows * columns; place++) {
            covered.add(covered(image, place / columns * stride, place % columns * stride, window, gray));
        }
        try (ModelSession session = new ModelSession(model, Nets.RUNNER)) {
            Tensor logits = session.logits(Tensor.concatenate(covered));
            float[] before = session.logits(image).toFloats();
            int classes = before.length;
            double range = range(before);
            assertThat(found).hasSize(rows * columns);
            for (int place = 0; place < found.length; place++) {
                double expected = before[3] - logits.floats().get(place * classes + 3);
                assertThat(Math.abs(found[place] - expected) / range)
                        .as("window %d", place)
                        .isLessThan(1e-4);
            }
        }
    }

    private static double range(float[] logits) {
        float low = Float.POSITIVE_INFINITY;
        float high = Float.NEGATIVE_INFINITY;
        for (float logit : logits) {
            low = Math.min(low, logit);
            high = Math.max(high, logit);
        }
        return high - low;
    }

    private static Tensor covered(Tensor image, int top, int left, int side, float[] color) {
        float[] values = image.toFloats();
        int height = (int) image.dimension(2);
        int width = (int) image.dimension(3);
        for (int c = 0; c < color.length; c++) {
            for (int y = top; y < top + side; y++) {
                for (int x = left; x < left + side; x++) {
                    values[(c * height + y) * width + x] = color[c];
                }
            }
        }
        return Tensor.floats(values, image.shape());
    }

    @Test
    void probabilitiesAndUnitsDropToo() {
        Model model = Nets.architecture("squeezenet");
        Tensor image = Nets.noise(model, 1, 1);
        float[] logits = drops(model, occlusion(8, 8, Baseline.ZERO), LOGIT, image, 2);
        Objective probability = ClassScore.of(ClassScore.Scale.PROBABILITY);
        float[] probabilities = drops(model, occlusion(8, 8, Baseline.ZERO), probability, image, 2);
        assertThat(probabilities).hasSameSizeAs(logits);
        for (float drop : probabilities) {
            assertThat(drop).isBetween(-1f, 1f);
        }
        Objective unit = new UnitScore(model.logits(), new UnitScore.Direction(oneHot(10, 2)));
        assertThat(Nets.relativeError(
                        Tensor.floats(drops(model, occlusion(8, 8, Baseline.ZERO), unit, image, 0), logits.length),
                        Tensor.floats(logits, logits.length)))
                .isLessThan(1e-4);
    }

    private static List<Float> oneHot(int size, int at) {
        List<Float> direction = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            direction.add(i == at ? 1f : 0f);
        }
        return direction;
    }

    @Test
    void percentIsOfTheScoreItself() {
        Model model = Nets.architecture("vgg-small");
        Tensor image = Nets.noise(model, 1, 4);
        Occlusion drop = occlusion(9, 11, Baseline.MEAN);
        Occlusion percent = new Occlusion(
                drop.window(), drop.stride(), drop.baseline(), Occlusion.Shape.SQUARE, Occlusion.Measure.PERCENT);
        float[] drops = drops(model, drop, LOGIT, image, 1);
        float[] shares = drops(model, percent, LOGIT, image, 1);
        try (ModelSession session = new ModelSession(model, Nets.RUNNER)) {
            double score = session.logits(image).floats().get(1);
            for (int i = 0; i < drops.length; i++) {
                assertThat((double) shares[i])
                        .isCloseTo(100 * drops[i] / Math.abs(score), org.assertj.core.data.Offset.offset(1e-2));
            }
        }
    }

    @Test
    void aDiscLeavesTheCornersOfItsWindow() {
        Model model = Nets.architecture("vgg-small");
        Tensor image = Nets.noise(model, 1, 4);
        Occlusion square = occlusion(9, 9, Baseline.ZERO);
        Occlusion disc = new Occlusion(
                square.window(), square.stride(), square.baseline(), Occlusion.Shape.DISC, Occlusion.Measure.DROP);
        try (ModelSession session = new ModelSession(model, Nets.RUNNER)) {
            float[] content = disc.changes(session, disc.windows(model), image)
                    .get(0)
                    .content()
                    .toFloats();
            assertThat(content[0]).isEqualTo(image.floats().get(0));
            assertThat(content[4 * 9 + 4]).isZero();
        }
    }

    @Test
    void aWindowLargerThanThePictureIsRefused() {
        Model model = Nets.architecture("vgg-small");
        assertThatThrownBy(() -> occlusion(65, 1, Baseline.ZERO).windows(model))
                .isInstanceOf(VitrineException.class)
                .hasMessageContaining("window 65")
                .hasMessageContaining("64×64");
    }

    @Test
    void pixelsGetTheMeanOfTheWindowsThatHoldThem() {
        Windows windows = new Windows(1, 7, 1, 1);
        assertThat(windows.spread(new float[] {1, 2, 3, 4, 5, 6, 7})).containsExactly(1, 2, 3, 4, 5, 6, 7);
        assertThat(new Windows(3, 7, 3, 2).spread(new float[] {2, 4, 8})).startsWith(2, 2, 3, 4, 6, 8, 8);
        assertThat(new Windows(2, 8, 2, 4).spread(new float[] {1, 5})).startsWith(1, 1, 1, 5, 5, 5, 5, 5);
    }
}
