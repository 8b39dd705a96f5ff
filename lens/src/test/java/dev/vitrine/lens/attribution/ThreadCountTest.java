package dev.vitrine.lens.attribution;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vitrine.engine.runtime.OnnxRuntimeRunner;
import dev.vitrine.engine.runtime.Runner;
import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.method.Attributions;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.model.ModelLoader;
import dev.vitrine.lens.objective.ClassScore;
import dev.vitrine.lens.objective.Objective;
import dev.vitrine.lens.session.ModelSession;
import java.nio.file.Path;
import java.util.Random;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The same bytes whatever the number of threads, as {@code docs/architecture.md} promises for these methods. */
class ThreadCountTest {
    private static final Path NETWORK = Path.of("mnist-cnn");

    private static Tensor explained(String method, int threads) {
        try (Runner runner = OnnxRuntimeRunner.withThreads(threads)) {
            Model model = new ModelLoader(runner).load(NETWORK);
            Objective objective = ClassScore.of(ClassScore.Scale.LOGIT);
            Random random = new Random(5);
            float[] pixels = new float[(int) Tensor.elements(model.sampleShape())];
            for (int i = 0; i < pixels.length; i++) {
                pixels[i] = random.nextFloat();
            }
            try (ModelSession session = new ModelSession(model, runner)) {
                Attribution attribution = Attributions.find(method).standard().settled(model, objective);
                return session.explainer(attribution, objective)
                        .explain(Tensor.floats(pixels, model.sampleShape()), Tensor.vector(3), Progress.NONE)
                        .attribution();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "gradient",
                "guided-backprop",
                "integrated-gradients",
                "smooth-grad",
                "grad-cam",
                "lrp-epsilon-gamma-box",
                "occlusion",
                "rise"
            })
    void changesNoByte(String method) {
        Tensor one = explained(method, 1);
        for (int threads = 2; threads <= 3; threads++) {
            assertThat(explained(method, threads)).as("%d threads", threads).isEqualTo(one);
        }
    }

    /** DeepLIFT sums over axes that the runtime shares out among threads. */
    @Test
    void changesLastDigitsOfOthers() {
        Tensor one = explained("deep-lift", 1);
        for (int threads = 2; threads <= 3; threads++) {
            assertThat(explained("deep-lift", threads).toFloats())
                    .as("%d threads", threads)
                    .containsExactly(one.toFloats(), Offset.offset(1e-4f));
        }
    }
}
