package dev.vitrine.lens.attribution;

import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.objective.Objective;
import dev.vitrine.lens.session.ModelSession;

/** A method that compiles to a single graph, which can be exported and run anywhere. */
public interface GraphAttribution extends Attribution {
    /** The whole method: picture (and class) in, attribution, score and logits out. */
    ExplanationGraph graph(Model model, Objective objective);

    @Override
    default Explainer on(ModelSession session, Objective objective) {
        return new GraphExplainer(session, objective, this);
    }
}
