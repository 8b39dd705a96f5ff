package dev.vitrine.lens.attack;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.gradient.BackwardRules;
import dev.vitrine.engine.gradient.Differentiator;
import dev.vitrine.engine.graph.Dimension;
import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.GraphBuilder;
import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.rewrite.Compute;
import dev.vitrine.engine.rewrite.Cut;
import dev.vitrine.engine.rewrite.simplification.SplitConvolution;
import dev.vitrine.engine.runtime.TypeInference;
import dev.vitrine.engine.tensor.ElementType;
import dev.vitrine.lens.attribution.Backward;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.model.preprocessing.PreprocessingNodes;
import dev.vitrine.lens.session.GraphKey;
import dev.vitrine.lens.session.Outline;
import java.util.List;

/**
 * A loss of pictures in 0..1 and its gradient, the preprocessing part of the graph.
 *
 * @param pictures {@code f32[N,C,H,W]}
 * @param loss {@code f32[N]}
 * @param logits {@code f32[N,classes]}
 * @param gradient of each picture's loss, {@code f32[N,C,H,W]}
 */
record LossGraph(Graph graph, Value pictures, Value loss, Value logits, Value gradient) implements Outline {
    private static final String PICTURES = "attack/pictures";

    /** What the session keeps the graphs of attacks under. */
    enum Key implements GraphKey {
        GRADIENT,
        FORWARD
    }

    static LossGraph of(Model model, Loss kind) {
        Backward backward = Backward.of(model, kind, List.of());
        GraphBuilder b = new GraphBuilder(backward.graph()).scope("attack");
        TensorType type = type(model);
        Value pictures = b.input(PICTURES, type);
        Value input = PreprocessingNodes.emit(b, model.preprocessing(), pictures);
        Value loss = backward.objective().score();
        Graph forward = new Compute(model.input(), input)
                .then(new Cut(List.of(loss, model.logits())))
                .apply(b.build());
        Differentiator.Result result = differentiated(forward, loss, pictures);
        GraphBuilder end = new GraphBuilder(result.graph()).scope("attack");
        end.declare(result.of(pictures), type);
        Value gradient = end.outputAs(result.of(pictures), end.fresh("gradient"));
        Graph graph = new Cut(List.of(loss, model.logits(), gradient))
                .then(new SplitConvolution())
                .apply(end.build());
        return new LossGraph(graph, pictures, loss, model.logits(), gradient);
    }

    private static Differentiator.Result differentiated(Graph forward, Value loss, Value pictures) {
        try {
            return new Differentiator(BackwardRules.PLAIN)
                    .gradient(TypeInference.infer(forward), loss, List.of(pictures));
        } catch (VitrineException problem) {
            throw VitrineException.failure(
                    problem.getMessage().replace(BackwardRules.ADVICE, "")
                            + ". Attacks along gradients need one at every node; use an attack that reads scores or labels"
                            + " alone.",
                    problem);
        }
    }

    /** The forward pass alone. */
    static Graph forward(Model model) {
        GraphBuilder b = new GraphBuilder(model.graph()).scope("attack");
        Value input = PreprocessingNodes.emit(b, model.preprocessing(), b.input(PICTURES, type(model)));
        return new Compute(model.input(), input)
                .then(new Cut(List.of(model.logits())))
                .apply(b.build());
    }

    static Value input() {
        return new Value(PICTURES);
    }

    private static TensorType type(Model model) {
        return new TensorType(
                ElementType.FLOAT32,
                List.of(
                        model.batch(),
                        Dimension.of(model.channels()),
                        Dimension.of(model.preprocessing().height()),
                        Dimension.of(model.preprocessing().width())));
    }
}
