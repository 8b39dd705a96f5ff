package dev.vitrine.lens.attack;

import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.incremental.Change;
import dev.vitrine.engine.incremental.IncrementalEvaluation;
import dev.vitrine.engine.rewrite.simplification.DropIdentities;
import dev.vitrine.engine.rewrite.simplification.FoldBatchNormalization;
import dev.vitrine.engine.rewrite.simplification.PoolBeforeConvolution;
import dev.vitrine.engine.runtime.TypeInference;
import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.session.EvaluatorKey;
import dev.vitrine.lens.session.ModelSession;
import dev.vitrine.lens.session.NativeEvaluator;
import java.util.ArrayList;
import java.util.List;

/** Logits of a picture with one pixel changed, for many changes, by incremental evaluation: only what a pixel affects. */
final class PixelScores implements NativeEvaluator {
    private record Key() implements EvaluatorKey<PixelScores> {}

    private final Model model;
    private final IncrementalEvaluation evaluation;

    private PixelScores(ModelSession session) {
        model = session.model();
        Graph forward = TypeInference.infer(new FoldBatchNormalization()
                .then(new DropIdentities())
                .then(new PoolBeforeConvolution())
                .apply(LossGraph.forward(model)));
        evaluation = new IncrementalEvaluation(session.runner(), forward, LossGraph.input(), 1, 1);
    }

    /** The logits of each change of a picture {@code [C,H,W]} in 0..1. */
    static float[][] of(ModelSession session, float[] picture, List<Pixel> pixels) {
        return session.evaluated(new Key(), () -> new PixelScores(session), scores -> scores.of(picture, pixels));
    }

    private float[][] of(float[] picture, List<Pixel> pixels) {
        int channels = model.channels();
        evaluation.setPicture(Tensor.floats(
                picture,
                1,
                channels,
                model.preprocessing().height(),
                model.preprocessing().width()));
        List<Change> changes = new ArrayList<>();
        for (Pixel pixel : pixels) {
            changes.add(new Change(pixel.row(), pixel.column(), Tensor.floats(pixel.color(), channels, 1, 1)));
        }
        float[][] logits = new float[pixels.size()][];
        evaluation.evaluate(changes, (places, values) -> {
            Tensor found = values.get(model.logits());
            for (int row = 0; row < places.size(); row++) {
                logits[places.get(row)] = found.rows(row, row + 1).toFloats();
            }
        });
        return logits;
    }

    @Override
    public void close() {
        evaluation.close();
    }
}
