package dev.vitrine.lens.attribution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.method.Attributions.Entry;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.objective.ClassScore;
import dev.vitrine.lens.objective.Objective;
import dev.vitrine.lens.render.HeatmapPainter;
import dev.vitrine.lens.session.ModelSession;
import org.junit.jupiter.api.Test;

/** Numbers that are none must not become pictures. */
class OverflowTest {
    @Test
    void everyMethodRefusesAScoreThatIsNoNumber() {
        Model model = Nets.architecture("resnet18");
        float[] values = Nets.noise(model, 1, 3).toFloats();
        for (int i = 0; i < values.length; i++) {
            values[i] *= 1e38f;
        }
        Tensor image = Tensor.floats(values, model.sampleShape());
        Objective logit = ClassScore.of(ClassScore.Scale.LOGIT);
        try (ModelSession session = new ModelSession(model, Nets.RUNNER)) {
            for (Entry entry : AttributionContractTest.methods().toList()) {
                Explainer explainer = session.explainer(entry.standard(), logit);
                assertThatThrownBy(() -> explainer.explain(image, ModelSession.targets(0), Progress.NONE))
                        .as(entry.id())
                        .isInstanceOfSatisfying(
                                VitrineException.class,
                                failure -> assertThat(failure.kind()).isEqualTo(VitrineException.Kind.FAILURE))
                        .hasMessageContaining("of sample 0 of the batch is")
                        .hasMessageContaining("check that the preprocessing");
            }
        }
    }

    @Test
    void colorsThatAreNoNumbersAreRefused() {
        Tensor broken = Tensor.floats(new float[] {0, 1, 2, 3, 4, Float.POSITIVE_INFINITY}, 1, 2, 3);
        assertThatThrownBy(() -> HeatmapPainter.pixels(broken))
                .isInstanceOf(VitrineException.class)
                .hasMessageContaining("row 1, column 2 is Infinity");
    }
}
