package dev.vitrine.lens.attribution;

import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.GraphBuilder;
import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.rewrite.Cut;
import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.objective.ClassScore;
import dev.vitrine.lens.session.ModelSession;
import java.util.List;
import java.util.Map;

/** A method that compares a picture with a baseline. */
public interface BaselineAttribution extends Attribution {
    /** The baseline's description for path methods. */
    String START = "where the path begins";

    Baseline baseline();

    /** The baseline of one input, in its shape, batch 1. */
    static Tensor of(ModelSession session, Baseline baseline, Tensor input) {
        Model model = session.model();
        Value image = model.input();
        GraphBuilder builder = new GraphBuilder();
        TensorType type = model.graph().types().get(image);
        builder.input(image.name(), type);
        Value start = builder.scope("baseline")
                .node("Expand", baseline.emit(model, builder, image), builder.node("Shape", image));
        builder.declare(start, type);
        Value named = builder.outputAs(start, builder.fresh("start"));
        Graph graph = new Cut(List.of(named)).apply(builder.build());
        return session.executable(
                        baseline, ClassScore.of(ClassScore.Scale.LOGIT), List.of(model.batch()), 1, () -> graph)
                .run(Map.of(image, session.filled(input)))
                .get(named)
                .rows(0, 1);
    }
}
