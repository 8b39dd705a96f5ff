package dev.vitrine.app.training;

import dev.vitrine.app.folder.OutputFolder;
import dev.vitrine.app.model.ModelFacts;
import dev.vitrine.app.model.ModelOptions;
import dev.vitrine.app.model.OpenModel;
import dev.vitrine.app.study.StudyRun;
import dev.vitrine.app.terminal.Bound;
import dev.vitrine.app.terminal.Stop;
import dev.vitrine.app.terminal.Terminal;
import dev.vitrine.app.terminal.Version;
import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.file.Claim;
import dev.vitrine.engine.runtime.OnnxRuntimeRunner;
import dev.vitrine.lens.training.Recipe;
import dev.vitrine.lens.training.RecipeReader;
import dev.vitrine.study.ablation.Retraining;
import dev.vitrine.study.variant.VariantReport;
import dev.vitrine.study.variant.VariantTraining;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * Trainings of {@code vitrine ablate}: fine-tuning of the remaining network, or networks with layers removed or
 * resized, trained from random weights.
 */
final class RelearningOptions {
    @Option(
            names = "--recipe",
            paramLabel = "FILE",
            description = "Fine-tune the remaining network with a recipe of 'vitrine train', and the intact network for"
                    + " comparison. Layers that can only be held are skipped.")
    private Optional<Path> file;

    @Option(
            names = "--change",
            paramLabel = "CHANGES",
            description =
                    "Train the recipe's network from random weights with layers removed ('remove conv3') or resized"
                            + " ('conv2: 48', 'full4: 512'), comma-separated. May be repeated, for one row each. A"
                            + " layer is"
                            + " removed together with the normalization, rectifier and dropout after it.")
    private List<String> changes = new ArrayList<>();

    @Option(
            names = "--repeats",
            paramLabel = "N",
            description = "Number of trainings per network of --change, with consecutive seeds; the results are"
                    + " mean and standard deviation. Default: 1.")
    private Optional<Integer> repeats;

    @Mixin
    private LearningOptions learning;

    long seed() {
        return learning.seed();
    }

    /** Checks the options before any file is opened. */
    void check(Optional<ChannelGroup> group) {
        repeats.ifPresent(count -> Bound.atLeastOne("--repeats", count));
        if (repeats.isPresent() && changes.isEmpty()) {
            throw VitrineException.usage("--repeats: found no --change; expected changed networks to train. Omit"
                    + " --repeats, or add --change.");
        }
        if (group.isPresent() && file.isPresent()) {
            throw VitrineException.usage(
                    "--recipe: found beside --group; expected one of them. Only ablations of layers are fine-tuned.");
        }
    }

    private Optional<Recipe> recipe() {
        return file.map(RecipeReader::read).map(learning::onto);
    }

    /** Fine-tuning with the recipe, if given: on its own pictures, otherwise on these. */
    Optional<Retraining> retraining(Path pictures, Path out) {
        return recipe().map(found -> new Retraining(
                found.data().paths().isEmpty() ? found.withPaths(List.of(pictures)) : found,
                out.resolve("learned-on")));
    }

    boolean isOfChanges() {
        return !changes.isEmpty();
    }

    /**
     * Trains the changed networks; rejects options that do not apply to them.
     */
    int train(LabeledOptions data, List<String> layers, ModelOptions models, Path out, Terminal terminal, Stop stop) {
        Recipe read = recipe().orElseThrow(
                        () -> VitrineException.usage("--change: found no --recipe; expected the recipe that"
                                + " describes the network and how it is trained."));
        Optional<String> other = layers.isEmpty() ? data.chosen() : Optional.of("--layer");
        other.ifPresent(option -> {
            throw VitrineException.usage(
                    "--change: found beside " + option + "; expected only --recipe, which names the training"
                            + " pictures, and --change. Omit " + option + ".");
        });
        Recipe recipe = data.given().map(List::of).map(read::withPaths).orElse(read);
        try (OnnxRuntimeRunner runner = models.runner();
                Claim claim = OutputFolder.take(out, terminal)) {
            VariantTraining study =
                    new VariantTraining(recipe, changes, repeats.orElse(1), runner, out.resolve("retrained"));
            Map<String, String> made = new LinkedHashMap<>(Map.of("made by", Version.maker()));
            if (models.named().isPresent()) {
                try (OpenModel open = models.open(terminal, stop)) {
                    study.requireDescribed(open.model());
                    made.putAll(ModelFacts.of(open.model(), Map.of()));
                }
            }
            return new StudyRun(terminal, stop, out)
                    .of(StudyRun.NO_SESSION, study, outcome -> VariantReport.of(study, outcome, made));
        }
    }
}
