package dev.vitrine.lens.attribution;

import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.rewrite.Cut;
import dev.vitrine.engine.runtime.Executable;
import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.objective.Objective;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The score and the logits of a batch, without an attribution. */
final class ScoreReader {
    /** {@code f32[N]} and {@code f32[N,classes]}. */
    record Scores(Tensor scores, Tensor logits) {}

    private ScoreReader() {}

    static Scores read(ModelSession session, Objective objective, Tensor images, Tensor targets) {
        ExplanationGraph plain = session.outline(new Gradient(Gradient.Kind.PLAIN), objective);
        Value score = plain.score();
        Value classes = plain.logits();
        Executable forward = session.executable(
                "scores",
                objective,
                List.of(session.model().batch()),
                1,
                () -> new Cut(List.of(score, classes)).apply(plain.graph()));
        List<Tensor> scores = new ArrayList<>();
        List<Tensor> logits = new ArrayList<>();
        for (long row = 0; row < images.dimension(0); row++) {
            Map<Value, Tensor> inputs = new HashMap<>();
            inputs.put(session.model().input(), session.filled(images.rows(row, row + 1)));
            if (objective.takesTarget()) {
                inputs.put(new Value(Objective.TARGET), session.filled(targets.rows(row, row + 1)));
            }
            Map<Value, Tensor> results = forward.run(inputs);
            scores.add(results.get(score).rows(0, 1));
            logits.add(results.get(classes).rows(0, 1));
        }
        return new Scores(Tensor.concatenate(scores), Tensor.concatenate(logits));
    }
}
