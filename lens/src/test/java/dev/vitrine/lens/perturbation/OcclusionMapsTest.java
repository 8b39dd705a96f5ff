package dev.vitrine.lens.perturbation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.incremental.Change;
import dev.vitrine.engine.rewrite.Cut;
import dev.vitrine.engine.runtime.Executable;
import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.attribution.Baseline;
import dev.vitrine.lens.attribution.Nets;
import dev.vitrine.lens.attribution.Progress;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.model.Probabilities;
import dev.vitrine.lens.session.ModelSession;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OcclusionMapsTest {
    private static Occlusion occlusion(int window, int stride) {
        return new Occlusion(
                OptionalInt.of(window),
                OptionalInt.of(stride),
                Baseline.GRAY,
                Occlusion.Shape.SQUARE,
                Occlusion.Measure.DROP);
    }

    /** Against each covered picture put through the whole network; windows that reach every border. */
    @ParameterizedTest
    @CsvSource({"resnet18, 7, 19", "squeezenet, 16, 24", "vgg-small, 5, 13"})
    void areWhatTheWholeNetworkSays(String name, int window, int stride) {
        Model model = Nets.architecture(name);
        Tensor image = Nets.noise(model, 1, 8);
        Value layer = model.anatomy().lastSpatial();
        Occlusion method = occlusion(window, stride);
        try (ModelSession session = new ModelSession(model, Nets.RUNNER);
                Executable whole = Nets.RUNNER.load(new Cut(List.of(model.logits(), layer)).apply(model.graph()))) {
            OcclusionMaps.Feature feature = OcclusionMaps.Feature.strongest(session, layer, image);
            OcclusionMaps maps = OcclusionMaps.of(session, method, feature, image, Progress.NONE);
            Windows windows = method.windows(model);
            List<Tensor> covered = new ArrayList<>();
            method.changes(session, windows, image).forEach(change -> covered.add(covered(image, change)));
            Map<Value, Tensor> expected = whole.run(Map.of(model.input(), Tensor.concatenate(covered)));
            float[] probabilities = maps.shown(3, model);
            int[] likeliest = maps.likeliest(model);
            assertThat(maps.done()).isEqualTo(windows.count());
            double unchanged = Math.max(1, Math.abs(feature.sum()));
            for (int place = 0; place < windows.count(); place++) {
                Tensor logits = expected.get(model.logits()).rows(place, place + 1);
                assertThat(probabilities[place]).isCloseTo((float) Probabilities.of(logits, model)[3], within(1e-4f));
                assertThat(likeliest[place]).isEqualTo((int) Nets.top(logits)[0]);
                double sum = sum(expected.get(layer).rows(place, place + 1), feature.channel());
                assertThat(maps.sums()[place] / unchanged).isCloseTo(sum / unchanged, within(1e-3));
            }
            for (int channel = 0; channel < 3; channel++) {
                Tensor map = whole.run(Map.of(model.input(), image)).get(layer);
                assertThat(sum(map, channel)).isLessThanOrEqualTo(feature.sum() + 1e-3);
            }
        }
    }

    private static double sum(Tensor maps, int channel) {
        int places = (int) (maps.dimension(2) * maps.dimension(3));
        double sum = 0;
        for (int place = 0; place < places; place++) {
            sum += maps.floats().get(channel * places + place);
        }
        return sum;
    }

    private static Tensor covered(Tensor image, Change change) {
        float[] values = image.toFloats();
        int height = (int) image.dimension(2);
        int width = (int) image.dimension(3);
        for (int c = 0; c < image.dimension(1); c++) {
            for (int y = 0; y < change.height(); y++) {
                for (int x = 0; x < change.width(); x++) {
                    values[(c * height + change.top() + y) * width + change.left() + x] =
                            change.content().floats().get((c * change.height() + y) * change.width() + x);
                }
            }
        }
        return Tensor.floats(values, image.shape());
    }

    @Test
    void pixelsTakeTheNearestWindowAndMiddlesTheWindowsOwnNumber() {
        Windows windows = new Windows(3, 7, 3, 2);
        assertThat(windows.nearest()).startsWith(0, 0, 1, 1, 2, 2, 2);
        float[] pixels = windows.between(new float[] {2, 4, 8});
        assertThat(pixels).startsWith(2, 2, 3, 4, 6, 8, 8);
    }
}
