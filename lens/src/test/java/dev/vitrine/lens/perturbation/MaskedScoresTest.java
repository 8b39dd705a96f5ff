package dev.vitrine.lens.perturbation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.within;

import dev.vitrine.engine.graph.Attributes;
import dev.vitrine.engine.graph.Dimension;
import dev.vitrine.engine.graph.GraphBuilder;
import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.runtime.OnnxRuntimeRunner;
import dev.vitrine.engine.tensor.ElementType;
import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.attribution.Baseline;
import dev.vitrine.lens.attribution.Explanation;
import dev.vitrine.lens.attribution.Nets;
import dev.vitrine.lens.attribution.PartialExplanation;
import dev.vitrine.lens.attribution.Progress;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.objective.ClassScore;
import dev.vitrine.lens.objective.Objective;
import dev.vitrine.lens.session.ModelSession;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Scores of masked pictures, and RISE, which is made of them. */
class MaskedScoresTest {
    private static final Objective LOGIT = ClassScore.of(ClassScore.Scale.LOGIT);
    private static final int SIDE = 8;

    /** Two classes: the sum over the left half of the picture, and nothing. */
    static Model leftHalf() {
        GraphBuilder b = new GraphBuilder();
        Value image = b.input(
                "image", TensorType.of(ElementType.FLOAT32, 1, 3, SIDE, SIDE).withDimension(0, Dimension.named("N")));
        float[] weights = new float[2 * 3 * SIDE * SIDE];
        for (int i = 0; i < weights.length / 2; i++) {
            weights[2 * i] = i % SIDE < SIDE / 2 ? 1 : 0;
        }
        Value flat = b.node("Flatten", Attributes.NONE.with("axis", 1), image);
        b.output(b.node("MatMul", flat, b.constant("weights", Tensor.floats(weights, weights.length / 2, 2))));
        return Nets.open("left-half", b.build());
    }

    static Tensor ones(Model model) {
        float[] values = new float[(int) Tensor.elements(model.sampleShape())];
        Arrays.fill(values, 1);
        return Tensor.floats(values, model.sampleShape());
    }

    /** Against the blended pictures themselves; nine masks are two full runs and a rest. */
    @Test
    void scoresAreThoseOfTheBlendedPictures() {
        Model model = Nets.architecture("resnet18");
        Tensor image = Nets.noise(model, 1, 50);
        Tensor start = Nets.noise(model, 1, 51);
        int places = model.preprocessing().height() * model.preprocessing().width();
        Tensor masks = Nets.normal(52, 9, places);
        try (ModelSession session = new ModelSession(model, Nets.RUNNER)) {
            float[] scores = new float[9];
            MaskedScores masked = new MaskedScores(session, LOGIT);
            MaskedScores.Subject subject = new MaskedScores.Subject(image, start, ModelSession.targets(4));
            MaskedScores.Masks writer =
                    (index, mask) -> masks.rows(index, index + 1).floats().get(mask);
            int done =
                    masked.evaluate(subject, 9, writer, (index, mask, score) -> scores[index] = score, Progress.NONE);
            assertThat(done).isEqualTo(9);
            for (int index = 0; index < 9; index++) {
                float[] blended = image.toFloats();
                for (int i = 0; i < blended.length; i++) {
                    float mask = masks.floats().get(index * places + i % places);
                    blended[i] = start.floats().get(i)
                            + mask * (blended[i] - start.floats().get(i));
                }
                Tensor expected = session.logits(Tensor.floats(blended, model.sampleShape()));
                assertThat(scores[index]).isCloseTo(expected.floats().get(4), within(1e-4f));
            }
        }
    }

    @Test
    void riseTellsWhereTheScoreComesFrom() {
        Model model = leftHalf();
        Rise rise = new Rise(2000, 4, 0.5, Baseline.ZERO, 3);
        try (ModelSession session = new ModelSession(model, Nets.RUNNER)) {
            float[] map = session.explainer(rise, LOGIT)
                    .explain(ones(model), ModelSession.targets(0), Progress.NONE)
                    .attribution()
                    .toFloats();
            double left = 0;
            double right = 0;
            for (int i = 0; i < map.length; i++) {
                if (i % SIDE == 0) {
                    left += map[i] / SIDE;
                } else if (i % SIDE == SIDE - 1) {
                    right += map[i] / SIDE;
                }
            }
            assertThat(left).isGreaterThan(3);
            assertThat(Math.abs(right)).isLessThan(0.2 * left);
            assertThat(session.explainer(rise, LOGIT)
                            .explain(ones(model), ModelSession.targets(1), Progress.NONE)
                            .attribution()
                            .toFloats())
                    .containsOnly(0);
        }
    }

    /** A mask's values lie in 0..1, and as many are kept as asked. */
    @Test
    void riseKeepsTheShareThatItIsAskedFor() {
        Model model = leftHalf();
        double[] sum = new double[1];
        for (double keep : new double[] {0.2, 0.5}) {
            sum[0] = 0;
            Rise.Grids grids = new Rise(1, 3, keep, Baseline.ZERO, 1).new Grids(50, 41);
            float[] mask = new float[50 * 41];
            for (int index = 0; index < 500; index++) {
                grids.write(grids.next(), mask);
                for (float value : mask) {
                    assertThat(value).isBetween(0f, 1f);
                    sum[0] += value;
                }
            }
            assertThat(sum[0] / 500 / mask.length).isCloseTo(keep, within(0.03));
        }
    }

    @Test
    void progressCountsTheMasksOfAllPicturesAndCancellingLeavesWhatIsDone() {
        Model model = leftHalf();
        OnnxRuntimeRunner runner = new OnnxRuntimeRunner();
        long[] last = new long[2];
        try (ModelSession session = new ModelSession(model, runner)) {
            Tensor two = Tensor.concatenate(java.util.List.of(ones(model), ones(model)));
            Rise rise = new Rise(100, 4, 0.5, Baseline.ZERO, 3);
            session.explainer(rise, LOGIT).explain(two, ModelSession.targets(0, 1), (done, total) -> {
                assertThat(done).isGreaterThan(last[0]);
                last[0] = done;
                last[1] = total;
            });
            assertThat(last).containsExactly(200, 200);
            PartialExplanation partial = catchThrowableOfType(
                    PartialExplanation.class,
                    () -> session.explainer(rise, LOGIT).explain(two, ModelSession.targets(0, 1), (done, total) -> {
                        last[0] = done;
                        runner.cancel();
                    }));
            assertThat(last[0]).isLessThan(100);
            assertThat(partial.done()).isEqualTo(last[0] + " of 100 masks");
            // What is left is what so many masks would have said.
            try (ModelSession other = new ModelSession(model, Nets.RUNNER)) {
                Explanation fewer = other.explainer(new Rise((int) last[0], 4, 0.5, Baseline.ZERO, 3), LOGIT)
                        .explain(ones(model), ModelSession.targets(0), Progress.NONE);
                assertThat(partial.explanation().attribution()).isEqualTo(fewer.attribution());
                assertThat(partial.explanation().scores()).isEqualTo(fewer.scores());
            }
        }
    }
}
