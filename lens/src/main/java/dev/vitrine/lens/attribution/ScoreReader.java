package dev.vitrine.lens.attribution;

import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.objective.Objective;

/** The score and the logits of a batch, without an attribution. */
final class ScoreReader {
    /** {@code f32[N]} and {@code f32[N,classes]}. */
    record Scores(Tensor scores, Tensor logits) {}

    private ScoreReader() {}

    static Scores read(ModelSession session, Objective objective, Tensor images, Tensor targets) {
        Explanation plain =
                session.explainer(new Gradient(Gradient.Kind.PLAIN), objective).explain(images, targets, Progress.NONE);
        return new Scores(plain.scores(), plain.logits());
    }
}
