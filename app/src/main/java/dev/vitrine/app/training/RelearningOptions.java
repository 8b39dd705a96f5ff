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
 * What {@code vitrine ablate} lets learn by a recipe: what is left of a network, or networks with layers removed or resized
 * from random weights.
 */
final class RelearningOptions {
    @Option(
            names = "--recipe",
            paramLabel = "FILE",
            description =
                    "Let what is left learn on by a recipe, as 'vitrine train' takes it; the whole network too, for"
                            + " comparison. Layers that can only be held are left out.")
    private Optional<Path> file;

    @Option(
            names = "--change",
            paramLabel = "CHANGES",
            description =
                    "Train the recipe's network from random weights with layers removed ('remove conv3') or resized"
                            + " ('conv2: 48', 'full4: 512'), several with commas between them. May be repeated, for a row"
                            + " each. A layer goes with the normalization, rectifier and dropout behind it.")
    private List<String> changes = new ArrayList<>();

    @Option(
            names = "--repeats",
            paramLabel = "N",
            description = "How often each network of --change is trained, with seeds that follow one another; what is"
                    + " told is mean and standard deviation. Default: 1.")
    private Optional<Integer> repeats;

    @Mixin
    private LearningOptions learning;

    long seed() {
        return learning.seed();
    }

    /** Before any file is opened. */
    void check(Optional<ChannelGroup> group) {
        repeats.ifPresent(count -> Bound.atLeastOne("--repeats", count));
        if (repeats.isPresent() && changes.isEmpty()) {
            throw VitrineException.usage("--repeats: found no --change; expected changed networks to train. Leave"
                    + " --repeats out, or say what is changed.");
        }
        if (group.isPresent() && file.isPresent()) {
            throw VitrineException.usage(
                    "--recipe: found beside --group; expected one of both. Layers learn on, channels do not.");
        }
    }

    private Optional<Recipe> recipe() {
        return file.map(RecipeReader::read).map(learning::onto);
    }

    /** Learning on by the recipe, where there is one: by its own pictures, or else by these. */
    Optional<Retraining> retraining(Path pictures, Path out) {
        return recipe().map(found -> new Retraining(
                found.data().paths().isEmpty() ? found.withPaths(List.of(pictures)) : found,
                out.resolve("learned-on")));
    }

    boolean isOfChanges() {
        return !changes.isEmpty();
    }

    /**
     * Trains the changed networks. What says nothing of networks trained anew is not passed over in silence.
     */
    int train(LabeledOptions data, List<String> layers, ModelOptions models, Path out, Terminal terminal, Stop stop) {
        Recipe read = recipe().orElseThrow(
                        () -> VitrineException.usage("--change: found no --recipe; expected the recipe that"
                                + " describes the network and how it is trained."));
        Optional<String> other = layers.isEmpty() ? data.chosen() : Optional.of("--layer");
        other.ifPresent(option -> {
            throw VitrineException.usage("--change: found beside " + option + "; expected the recipe to say what is"
                    + " learned from, and --change which layers go. Leave " + option + " out.");
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
