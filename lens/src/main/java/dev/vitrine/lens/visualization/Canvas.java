package dev.vitrine.lens.visualization;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.GraphBuilder;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.rewrite.Cut;
import dev.vitrine.engine.rewrite.FixDimension;
import dev.vitrine.engine.runtime.Executable;
import dev.vitrine.engine.runtime.TypeInference;
import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.data.Picture;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.model.ModelAtSize;
import dev.vitrine.lens.objective.GramMatrix;
import dev.vitrine.lens.session.ModelSession;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A model at the size of a picture, with the activations of its layers on that picture. */
final class Canvas {
    private final Model model;
    private final Picture picture;
    private final ModelSession session;

    private Canvas(ModelSession session, Model model, Picture picture) {
        this.session = session;
        this.model = model;
        this.picture = picture;
    }

    /** The model at the size of a picture, up to some layers. */
    static Canvas of(ModelSession session, Picture picture, List<Value> layers) {
        return new Canvas(session, ModelAtSize.of(session.model(), picture.width(), picture.height(), layers), picture);
    }

    Model model() {
        return model;
    }

    /** The activations of layers on the picture, each with batch 1. */
    List<Tensor> features(List<Value> layers) {
        return answers(model.graph(), layers);
    }

    /** The Gram matrix of each layer for the picture, {@code f32[1,C,C]}. */
    List<Tensor> grams(List<Value> layers) {
        GraphBuilder builder = new GraphBuilder(model.graph()).scope("gram");
        List<Value> grams = layers.stream()
                .map(layer -> GramMatrix.emit(model, layer, builder))
                .toList();
        return answers(builder.build(), grams);
    }

    private List<Tensor> answers(Graph whole, List<Value> values) {
        Graph graph = TypeInference.infer(
                new Cut(values).then(new FixDimension(model.batch(), 1)).apply(whole));
        Tensor input = model.preprocessing().apply(picture);
        try (Executable executable = session.runner().load(graph)) {
            Map<Value, Tensor> found = executable.run(Map.of(model.input(), session.filled(input)));
            List<Tensor> answers = new ArrayList<>();
            for (Value value : values) {
                answers.add(found.get(value).rows(0, 1));
            }
            return answers;
        }
    }

    /** Fails if no layer is given. */
    static void requireLayers(String what, List<Value> layers) {
        if (layers.isEmpty()) {
            throw VitrineException.usage("No " + what + "; expected at least one layer.");
        }
    }
}
