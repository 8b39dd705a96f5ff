package dev.vitrine.study.ablation;

import dev.vitrine.engine.file.FileName;
import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.onnx.OnnxWriter;
import dev.vitrine.engine.rewrite.Cut;
import dev.vitrine.lens.attribution.Progress;
import dev.vitrine.lens.data.OutputFile;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.model.card.CardText;
import dev.vitrine.lens.session.ModelSession;
import dev.vitrine.lens.training.Evaluation;
import dev.vitrine.lens.training.Recipe;
import dev.vitrine.lens.training.Trainer;
import dev.vitrine.study.TrainingProgress;
import dev.vitrine.study.Watcher;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Fine-tuning after a removal: each network starts from its existing weights and is trained with the same recipe.
 * Zeiler and Fergus 2014, table 3, train from random weights instead:
 * {@link dev.vitrine.study.variant.VariantTraining}.
 *
 * @param folder where trainings are stored: an interrupted one resumes, a finished one is reused
 */
public record Retraining(Recipe recipe, Path folder) {
    /**
     * Results on the held-out pictures of the recipe.
     *
     * @param error share of pictures classified incorrectly
     * @param loss mean −log p(true class)
     */
    public record Result(double error, double loss) {}

    /** A removal and the result of fine-tuning without it. */
    public record Without(Removal removal, Result result) {}

    /**
     * Results of fine-tuning the intact network and each ablated one.
     *
     * @param recipe its name and number of epochs
     * @param whole the intact network, fine-tuned equally long
     */
    public record Results(String recipe, Result whole, List<Without> others) {
        public Results {
            others = List.copyOf(others);
        }

        public Map<Removal, Result> without() {
            return others.stream().collect(Collectors.toMap(Without::removal, Without::result));
        }
    }

    /** A network with a held value cannot be fine-tuned: no gradient passes the constant. */
    public static boolean applies(Removal removal) {
        return removal.how() != Removal.How.HELD;
    }

    /** Fine-tunes the intact network, then each ablated one. */
    Results run(ModelSession session, List<Removal> removals, Watcher watcher) {
        List<Removal> trained = removals.stream().filter(Retraining::applies).toList();
        int all = trained.size() + 1;
        Graph graph =
                new Cut(List.of(session.model().logits())).apply(session.model().graph());
        watcher.begin("networks", 1);
        try {
            Result whole = train(session, "whole", graph, watcher, (done, total) -> watcher.report(done, total * all));
            List<Without> without = new ArrayList<>();
            for (Removal removal : trained) {
                long before = 1 + without.size();
                String name = FileName.of(removal.words().replace(' ', '-') + "-" + removal.layer());
                Result result = train(
                        session,
                        name,
                        removal.apply(graph),
                        watcher,
                        (done, total) -> watcher.report(before * total + done, total * all));
                without.add(new Without(removal, result));
            }
            return new Results(
                    recipe.name() + ", " + recipe.plan().epochs() + " epochs, seed "
                            + recipe.plan().seed(),
                    whole,
                    without);
        } finally {
            watcher.end();
        }
    }

    private Result train(ModelSession session, String name, Graph graph, Watcher watcher, Progress progress) {
        Model model = session.model();
        Path own = folder.resolve(name);
        Path start = own.resolve("start.onnx");
        OutputFile.write(own.resolve("start.yaml"), CardText.of(model.card()));
        OnnxWriter.write(graph, start);
        Recipe learning = new Recipe(
                recipe.name() + " without " + name,
                recipe.description(),
                recipe.license(),
                new Recipe.Origin.Model(start, Optional.empty(), Recipe.Head.KEPT),
                recipe.data(),
                recipe.augmentation(),
                recipe.plan(),
                recipe.text() + "\n" + name + " of " + model.sha256());
        Trainer.Start begin = Files.exists(own.resolve("training.state")) ? Trainer.Start.RESUMED : Trainer.Start.ANEW;
        // The ablation itself reports unreadable pictures; it reads the same ones.
        TrainingProgress heard = new TrainingProgress(progress, recipe.plan().epochs(), picture -> {}, report -> {});
        Evaluation found = new Trainer(learning, own, session.runner(), heard, watcher::check)
                .train(begin)
                .evaluation();
        return new Result(1 - found.accuracy(), found.loss());
    }
}
