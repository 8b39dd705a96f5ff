package dev.vitrine.study.sanity;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.rewrite.weight.RandomizeWeights;
import dev.vitrine.engine.runtime.Runner;
import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.attribution.Attribution;
import dev.vitrine.lens.attribution.Progress;
import dev.vitrine.lens.metric.PixelHeat;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.model.anatomy.LearnedLayer;
import dev.vitrine.lens.objective.Objective;
import dev.vitrine.lens.session.ModelSession;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Φ of the model against Φ of the model with random weights: a map that stays similar does not show what was learned.
 * Adebayo et al. 2018, arXiv:1810.03292.
 *
 * @param stages number of steps from the top of the network to its first layer; at most the number of layers
 */
public record SanityCheck(int stages, long seed) {
    /** Order of the randomization. */
    public enum Order {
        /** Cascading: all layers from the top down to this one. */
        CASCADING,
        /** Independent: only this stage's layers. */
        INDEPENDENT
    }

    /**
     * A model with some randomized layers.
     *
     * @param label the lowest of the layers randomized at this stage
     * @param layers number of random layers
     * @param lowest number of layers from the top down to the lowest random one
     */
    public record Stage(Order order, String label, int layers, int lowest) {}

    /** Receives the results of each method at each stage. */
    public interface Listener {
        /**
         * @param method its index in the list
         * @param similarities one per picture
         * @param heat of the first picture, {@code f32[H,W]}
         */
        void hear(Stage stage, int method, List<Similarity> similarities, Tensor heat);

        /** A method produced no finite values on the randomized model. */
        void missed(Stage stage, int method, VitrineException reason);
    }

    /** A method's attribution on the original model, {@code f32[N,…]}. */
    public record Original(Attribution method, Tensor attribution) {}

    public SanityCheck {
        if (stages < 1) {
            throw new IllegalArgumentException("stages " + stages + ": expected at least 1");
        }
    }

    /** The stages of a model, from the top down; a deep network randomizes several layers per step. */
    public List<Stage> stages(Model model, Order order) {
        List<LearnedLayer> layers = model.anatomy().learned();
        int count = Math.min(stages, layers.size());
        List<Stage> result = new ArrayList<>();
        int from = 0;
        for (int stage = 1; stage <= count; stage++) {
            int to = (int) Math.round((double) stage * layers.size() / count);
            int random = order == Order.CASCADING ? to : to - from;
            result.add(new Stage(order, layers.get(to - 1).name(), random, to));
            from = to;
        }
        return result;
    }

    /** The layers that are random at a stage. */
    public static Set<Value> weights(Model model, Stage stage) {
        return model.anatomy().learned().subList(stage.lowest() - stage.layers(), stage.lowest()).stream()
                .flatMap(layer -> layer.weights().stream())
                .collect(Collectors.toSet());
    }

    /** The model with a stage's layers randomized. */
    public Model randomized(Model model, Stage stage) {
        return model.withGraph(new RandomizeWeights(weights(model, stage), seed).apply(model.graph()));
    }

    /**
     * Chance level: how similar a method's maps of different pictures are, each with the next, the last with the first:
     * what maps share whatever they show, such as a bright center. Empty for a single picture.
     */
    public static Similarity betweenPictures(Model model, Original original) {
        Tensor all = original.attribution();
        long count = all.dimension(0);
        List<Similarity> pairs = new ArrayList<>();
        for (long row = 0; row < count && count > 1; row++) {
            Tensor one = all.rows(row, row + 1);
            long next = (row + 1) % count;
            Tensor other = all.rows(next, next + 1);
            pairs.add(Similarity.of(
                    one,
                    PixelHeat.of(original.method(), one, model),
                    other,
                    PixelHeat.of(original.method(), other, model)));
        }
        return pairs.isEmpty() ? new Similarity(0, 0, 0) : Similarity.mean(pairs);
    }

    /**
     * Explains all pictures by all methods on the model of one stage; sessions opened for it are closed again.
     *
     * @param images preprocessed, {@code f32[N,…]}
     * @param targets predicted classes of the original model, {@code i64[N]}
     */
    public void run(
            Model model,
            Runner runner,
            Stage stage,
            List<Original> originals,
            Objective objective,
            Tensor images,
            Tensor targets,
            Listener listener,
            Progress progress) {
        try (ModelSession session = new ModelSession(randomized(model, stage), runner)) {
            for (int index = 0; index < originals.size(); index++) {
                Attribution method = originals.get(index).method();
                long before = index;
                Progress own = (done, total) -> progress.report(before * total + done, originals.size() * total);
                Tensor random;
                try {
                    random = session.explainer(method, objective)
                            .explain(images, targets, own)
                            .attribution();
                } catch (VitrineException noAnswer) {
                    listener.missed(stage, index, noAnswer);
                    continue;
                }
                List<Similarity> similarities = new ArrayList<>();
                List<Tensor> heats = new ArrayList<>();
                for (long row = 0; row < images.dimension(0); row++) {
                    Tensor one = originals.get(index).attribution().rows(row, row + 1);
                    Tensor other = random.rows(row, row + 1);
                    Tensor heat = PixelHeat.of(method, other, model);
                    heats.add(heat);
                    similarities.add(Similarity.of(one, PixelHeat.of(method, one, model), other, heat));
                }
                listener.hear(stage, index, similarities, heats.get(0));
            }
        }
    }
}
