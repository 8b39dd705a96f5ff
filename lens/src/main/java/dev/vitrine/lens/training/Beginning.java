package dev.vitrine.lens.training;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.rewrite.Cut;
import dev.vitrine.engine.runtime.Runner;
import dev.vitrine.engine.runtime.TypeInference;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.model.ModelLoader;
import dev.vitrine.lens.model.preprocessing.Layout;
import dev.vitrine.lens.model.preprocessing.Preprocessing;
import dev.vitrine.lens.training.network.FreshHead;
import dev.vitrine.lens.training.network.Network;
import dev.vitrine.lens.training.network.Parameters;
import java.util.List;
import java.util.SplittableRandom;

/**
 * The network that a training starts from.
 *
 * @param source origin of its weights
 */
record Beginning(Network network, Preprocessing preprocessing, Parameters parameters, String source) {
    static Beginning of(Recipe recipe, int classes, Runner runner) {
        SplittableRandom random = new SplittableRandom(recipe.plan().seed());
        Recipe.Origin origin = recipe.origin();
        if (origin instanceof Recipe.Origin.New fresh) {
            return written(fresh, classes, random);
        }
        return loaded((Recipe.Origin.Model) origin, classes, random, runner);
    }

    private static Beginning written(Recipe.Origin.New origin, int classes, SplittableRandom random) {
        Graph graph = TypeInference.infer(origin.graph(classes, random));
        return new Beginning(Network.of(graph), origin.preprocessing(), Parameters.all(graph), "new");
    }

    private static Beginning loaded(Recipe.Origin.Model origin, int classes, SplittableRandom random, Runner runner) {
        Model model = new ModelLoader(runner).load(origin.file());
        if (model.batch().isFixed()) {
            throw VitrineException.failure("Model '" + origin.file() + "' takes " + model.batch()
                    + " pictures at a time; expected an open batch. Export it with a dynamic first dimension.");
        }
        if (model.preprocessing().layout() != Layout.NCHW) {
            throw VitrineException.failure("Model '" + origin.file() + "' takes pictures as "
                    + model.preprocessing().layout() + "; expected NCHW. Export it so.");
        }
        Network network =
                new Network(new Cut(List.of(model.logits())).apply(model.graph()), model.input(), model.logits());
        network = switch (origin.head()) {
            case FRESH -> FreshHead.on(network, classes, random);
            case KEPT -> network;
        };
        Graph graph = TypeInference.infer(network.graph());
        long outputs = graph.types().get(network.logits()).dimension(1).size();
        if (outputs != classes) {
            throw VitrineException.usage("Model '" + origin.file() + "' has " + outputs + " outputs, the data "
                    + classes + " classes; expected as many. Use 'head: fresh' in the recipe's 'start'.");
        }
        Parameters parameters = origin.trainFrom()
                .map(layer -> Parameters.from(graph, model.anatomy().find(layer).name()))
                .orElseGet(() -> Parameters.all(graph));
        return new Beginning(
                new Network(graph, network.input(), network.logits()),
                model.preprocessing(),
                parameters,
                model.sha256() + " " + model.preprocessing());
    }
}
