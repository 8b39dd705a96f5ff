package dev.vitrine.lens.attribution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.vitrine.engine.graph.GraphBuilder;
import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.tensor.ElementType;
import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.method.Attributions;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.objective.ClassScore;
import dev.vitrine.lens.objective.EmbeddingLikeness;
import dev.vitrine.lens.objective.Objective;
import dev.vitrine.lens.session.ModelSession;
import dev.vitrine.lens.session.ScoreReader;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Maps of zeros say why, and nearness of embeddings is what it says. */
class EmptyMapsTest {
    private static final int SIDE = 8;

    /** Two classes of opposite sign from one positive map, on a scale that saturates or not. */
    private static Model model(float scale) {
        GraphBuilder b = new GraphBuilder();
        Value x = b.input("x", TensorType.of(ElementType.FLOAT32, 1, 3, SIDE, SIDE));
        float[] kernel = new float[27];
        java.util.Arrays.fill(kernel, 1);
        Value maps = b.node("Relu", b.node("Conv", x, b.constant("kernel", Tensor.floats(kernel, 1, 3, 3, 3))));
        Value pooled = b.node("Flatten", b.node("GlobalAveragePool", maps));
        b.outputAs(
                b.node("Gemm", pooled, b.constant("head", Tensor.floats(new float[] {scale, -scale}, 1, 2))),
                new Value("scores"));
        return Nets.open("two", b.build());
    }

    @ParameterizedTest
    @CsvSource({
        "grad-cam, LOGIT, 1, 1, 1, weighted maps are negative",
        "grad-cam, LOGIT, 1, -1, 0, gradient of the score is zero at layer",
        "gradient, LOGIT, 1, -1, 0, does not depend on any pixel",
        "gradient, PROBABILITY, 1000, 1, 0, saturated at 1",
        "gradient, PROBABILITY, 1000, 1, 1, saturated at 0",
        "gradient, LOGIT, 1, 1, 0, ''",
        "grad-cam, LOGIT, 1, 1, 0, ''"
    })
    void theReason(String id, ClassScore.Scale scale, float weight, float pixel, int target, String reason) {
        Model model = model(weight);
        float[] values = new float[3 * SIDE * SIDE];
        java.util.Arrays.fill(values, pixel);
        Tensor image = Tensor.floats(values, 1, 3, SIDE, SIDE);
        Attribution method = Attributions.find(id).standard();
        Objective objective = ClassScore.of(scale);
        Tensor targets = ModelSession.targets(target);
        try (ModelSession session = new ModelSession(model, Nets.RUNNER)) {
            Explanation said = session.explainer(method, objective).explain(image, targets, Progress.NONE);
            List<String> notes = new EmptyMaps(session, method, objective)
                    .noted(image, targets, said)
                    .notes()
                    .get(0);
            if (reason.isEmpty()) {
                assertThat(notes).noneMatch(EmptyMaps::isNote);
            } else {
                assertThat(notes).singleElement().asString().contains("zero everywhere", reason);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(EmbeddingLikeness.Measure.class)
    void nearnessInTheGraphIsNearnessInJava(EmbeddingLikeness.Measure measure) {
        Model model = Nets.architecture("resnet18");
        Tensor image = Nets.noise(model, 1, 8);
        List<Float> reference = new java.util.ArrayList<>();
        for (float number : Nets.normal(9, model.classes()).toFloats()) {
            reference.add(number);
        }
        EmbeddingLikeness likeness = new EmbeddingLikeness(measure, reference, "noise");
        try (ModelSession session = new ModelSession(model, Nets.RUNNER)) {
            float[] output = session.logits(image).toFloats();
            double expected = likeness.of(output);
            double dot = 0;
            double own = 0;
            double other = 0;
            double apart = 0;
            for (int i = 0; i < output.length; i++) {
                dot += output[i] * reference.get(i);
                own += output[i] * output[i];
                other += reference.get(i) * reference.get(i);
                apart += Math.pow(output[i] - reference.get(i), 2);
            }
            assertThat(expected)
                    .isCloseTo(
                            switch (measure) {
                                case COSINE -> dot / Math.sqrt(own * other);
                                case EUCLIDEAN -> -Math.sqrt(apart);
                                case PROJECTION -> dot;
                            },
                            within(1e-5));
            assertThat((double) ScoreReader.read(session, likeness, image, ModelSession.targets(0))
                            .scores()
                            .floats()
                            .get(0))
                    .isCloseTo(expected, within(1e-4));
            Attribution gradient = Attributions.find("gradient").standard();
            Tensor slopes = session.explainer(gradient, likeness)
                    .explain(image, ModelSession.targets(0), Progress.NONE)
                    .attribution();
            assertThat(slopes).isNotEqualTo(Tensor.zeros(ElementType.FLOAT32, slopes.shape()));
        }
    }
}
