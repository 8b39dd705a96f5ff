package dev.vitrine.study.variant;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.runtime.Runner;
import dev.vitrine.lens.data.OutputFile;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.training.Evaluation;
import dev.vitrine.lens.training.Recipe;
import dev.vitrine.lens.training.Trainer;
import dev.vitrine.lens.training.TrainingReport;
import dev.vitrine.lens.training.network.Parameters;
import dev.vitrine.study.Outcome;
import dev.vitrine.study.Study;
import dev.vitrine.study.StudyContext;
import dev.vitrine.study.TrainingProgress;
import dev.vitrine.study.Watcher;
import dev.vitrine.study.report.TrainingPage;
import dev.vitrine.study.variant.VariantResult.Wrong;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CancellationException;

/**
 * Error of a network with layers removed or resized, each variant trained with one recipe from random weights. Zeiler
 * and Fergus 2014, table 3, arXiv:1311.2901.
 *
 * @param changes changes of each variant, such as {@code remove conv3} and {@code conv2: 48}; the unchanged network is
 *     trained first
 * @param repeats number of trainings per variant, with the recipe's seed and the following ones
 * @param folder where trainings are stored: an interrupted one resumes, a finished one is reused
 */
public record VariantTraining(Recipe recipe, List<String> changes, int repeats, Runner runner, Path folder)
        implements Study<Variants> {
    public VariantTraining {
        if (repeats < 1) {
            throw new IllegalArgumentException("repeats " + repeats + ": expected 1 or more");
        }
        changes = List.copyOf(changes);
        variants(recipe, changes);
    }

    @Override
    public String id() {
        return "ablate-variants";
    }

    private static List<Variant> variants(Recipe recipe, List<String> changes) {
        Recipe.Origin.New network = network(recipe);
        List<Variant> all = new ArrayList<>(List.of(Variant.unchanged(network)));
        changes.forEach(text -> all.add(Variant.of(network, Change.parse(text))));
        return all.stream().distinct().toList();
    }

    private static Recipe.Origin.New network(Recipe recipe) {
        if (recipe.origin() instanceof Recipe.Origin.New network) {
            return network;
        }
        throw VitrineException.usage("The recipe '" + recipe.name()
                + "' starts from a model; expected one that lists the layers of a new network under 'network'.");
    }

    /** Fails if a model is not the network that the recipe describes. */
    public void requireDescribed(Model model) {
        Graph described = network(recipe).graph((int) model.classes(), new SplittableRandom());
        List<String> own = Weights.of(described);
        List<String> found = Weights.of(model.graph());
        for (int index = 0; index < Math.max(own.size(), found.size()); index++) {
            String expected = index < own.size() ? own.get(index) : "no more layers";
            String present = index < found.size() ? found.get(index) : "no more layers";
            if (!expected.equals(present)) {
                throw VitrineException.usage("--recipe: '" + recipe.name() + "' does not describe the model '"
                        + model.name() + "': layer " + (index + 1) + " among those with weights is " + expected
                        + " in the recipe and " + present
                        + " in the model. Give the recipe of that model, or omit --model.");
            }
        }
    }

    /** Trains the variants one after the other. */
    @Override
    public Outcome<Variants> run(StudyContext context) {
        List<Variant> variants = variants(recipe, changes);
        int planned = variants.size() * repeats;
        String pictures = Trainer.contents(recipe.data());
        Watcher watcher = context.watcher();
        Map<String, VariantResult> results = new LinkedHashMap<>();
        Set<String> unreadable = new LinkedHashSet<>();
        int done = 0;
        try {
            for (Variant variant : variants) {
                List<VariantResult.Run> runs = new ArrayList<>();
                for (int repeat = 0; repeat < repeats; repeat++) {
                    watcher.check();
                    long seed = recipe.plan().seed() + repeat;
                    watcher.begin(
                            variant.name() + (repeats > 1 ? ", seed " + seed : "") + ", " + (done + 1) + " of "
                                    + planned,
                            1.0 / planned);
                    Finished.Row row = trained(variant, seed, pictures, watcher);
                    row.unreadable().stream().filter(unreadable::add).forEach(watcher::leftOut);
                    runs.add(row.run());
                    results.put(variant.name(), new VariantResult(variant.name(), row.weights(), runs));
                    done++;
                    if (done < planned) {
                        watcher.known(outcome(results, planned, unreadable, done));
                    }
                }
            }
        } catch (CancellationException stopped) {
            if (done == 0) {
                throw stopped;
            }
        } finally {
            watcher.end();
        }
        return outcome(results, planned, unreadable, done);
    }

    private static Outcome<Variants> outcome(
            Map<String, VariantResult> results, int planned, Set<String> unreadable, int done) {
        return new Outcome<>(
                new Variants(planned, List.copyOf(results.values())),
                List.copyOf(unreadable),
                done < planned ? Optional.of(done + " of " + planned + " networks") : Optional.empty());
    }

    private Finished.Row trained(Variant variant, long seed, String pictures, Watcher watcher) {
        String name = variant.id() + (seed == recipe.plan().seed() ? "" : "_seed-" + seed);
        Path own = folder.resolve(name);
        Recipe changed = new Recipe(
                        recipe.name() + (variant.name().equals("unchanged") ? "" : ", " + variant.name()),
                        recipe.description(),
                        recipe.license(),
                        variant.network(),
                        recipe.data(),
                        recipe.augmentation(),
                        recipe.plan(),
                        recipe.text() + "\n" + variant.id())
                .with(recipe.plan().epochs(), seed);
        Finished finished = new Finished(own.resolve("finished.json"), changed, pictures);
        Optional<Finished.Row> known = finished.read(name);
        if (known.isPresent()) {
            return known.get();
        }
        Trainer.Start begin = Files.exists(own.resolve("training.state")) ? Trainer.Start.RESUMED : Trainer.Start.ANEW;
        List<String> leftOut = new ArrayList<>();
        TrainingProgress heard = new TrainingProgress(
                watcher,
                recipe.plan().epochs(),
                leftOut::add,
                report -> OutputFile.write(own.resolve("training.html"), TrainingPage.html(report)));
        TrainingReport report = new Trainer(changed, own, runner, heard, watcher::check).train(begin);
        Finished.Row row = new Finished.Row(
                weights(variant, report.labels().size()),
                new VariantResult.Run(
                        name,
                        seed,
                        wrong(report.learned().orElseThrow()),
                        wrong(report.evaluation()),
                        report.evaluation().loss(),
                        report.evaluation().deadShare()),
                leftOut);
        finished.write(row);
        return row;
    }

    private static long weights(Variant variant, int classes) {
        Graph graph = variant.network().graph(classes, new SplittableRandom());
        return Parameters.all(graph).weights().stream()
                .mapToLong(weight -> graph.constants().get(weight).elements())
                .sum();
    }

    private static Wrong wrong(Evaluation evaluation) {
        int pictures = evaluation.pictures();
        return new Wrong(pictures - (int) Math.round(pictures * evaluation.accuracy()), pictures);
    }
}
