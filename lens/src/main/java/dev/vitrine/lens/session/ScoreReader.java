package dev.vitrine.lens.session;

import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.runtime.Executable;
import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.objective.Objective;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The score and the logits of a batch, without an attribution. */
public final class ScoreReader {
    /** {@code f32[N]} and {@code f32[N,classes]}. */
    public record Scores(Tensor scores, Tensor logits) {}

    private ScoreReader() {}

    public static Scores read(ModelSession session, Objective objective, Tensor images, Tensor targets) {
        ScoreGraph forward = session.scoreGraph(objective);
        List<Tensor> scores = new ArrayList<>();
        List<Tensor> logits = new ArrayList<>();
        for (long[] run : session.runs(images.dimension(0))) {
            long from = run[0];
            long to = run[1];
            Executable executable = session.scores(objective, to - from);
            Map<Value, Tensor> inputs = new HashMap<>();
            inputs.put(session.model().input(), session.filled(images.rows(from, to)));
            if (objective.takesTarget()) {
                inputs.put(new Value(Objective.TARGET), session.filled(targets.rows(from, to)));
            }
            Map<Value, Tensor> results = executable.run(inputs);
            scores.add(results.get(forward.score()).rows(0, to - from));
            logits.add(results.get(forward.logits()).rows(0, to - from));
        }
        return new Scores(Tensor.concatenate(scores), Tensor.concatenate(logits));
    }
}
