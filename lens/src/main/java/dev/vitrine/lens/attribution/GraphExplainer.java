package dev.vitrine.lens.attribution;

import dev.vitrine.engine.graph.Dimension;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.runtime.Executable;
import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.objective.Objective;
import dev.vitrine.lens.session.ModelSession;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Explains by running a method's graph over the batch, as many samples at a time as memory allows. */
final class GraphExplainer implements Explainer {
    private final ModelSession session;
    private final Objective objective;
    private final Value attribution;
    private final Value score;
    private final Value modelLogits;
    private final GraphAttribution method;

    GraphExplainer(ModelSession session, Objective objective, GraphAttribution method) {
        this.session = session;
        this.objective = objective;
        this.method = method;
        ExplanationGraph outline = outline();
        this.attribution = outline.attribution();
        this.score = outline.score();
        this.modelLogits = outline.logits();
    }

    private ExplanationGraph outline() {
        return session.outline(
                method, objective, ExplanationGraph.class, () -> method.graph(session.model(), objective));
    }

    @Override
    public Explanation explain(Tensor images, Tensor targets, Progress progress) {
        List<Tensor> attributions = new ArrayList<>();
        List<Tensor> scores = new ArrayList<>();
        List<Tensor> logits = new ArrayList<>();
        long count = images.dimension(0);
        for (long[] run : session.runs(count)) {
            long from = run[0];
            long to = run[1];
            Dimension batch = session.model().batch();
            Executable executable = session.executable(
                    method,
                    objective,
                    List.of(batch),
                    to - from,
                    () -> outline().graph());
            Map<Value, Tensor> inputs = inputs(images.rows(from, to), targets, from, to);
            Map<Value, Tensor> results = executable.run(inputs, List.of(attribution, score, modelLogits));
            attributions.add(results.get(attribution).rows(0, to - from));
            scores.add(results.get(score).rows(0, to - from));
            logits.add(results.get(modelLogits).rows(0, to - from));
            progress.report(to, count);
        }
        return new Explanation(
                Tensor.concatenate(attributions),
                Tensor.concatenate(scores),
                Tensor.concatenate(logits),
                Collections.nCopies((int) count, List.of()));
    }

    /** The inputs of one run; for a fixed batch size, the last sample is repeated to fill it. */
    private Map<Value, Tensor> inputs(Tensor images, Tensor targets, long from, long to) {
        Map<Value, Tensor> inputs = new HashMap<>();
        inputs.put(session.model().input(), session.filled(images));
        if (objective.takesTarget()) {
            inputs.put(new Value(Objective.TARGET), session.filled(targets.rows(from, to)));
        }
        return inputs;
    }
}
