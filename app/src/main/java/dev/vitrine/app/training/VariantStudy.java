package dev.vitrine.app.training;

import dev.vitrine.app.folder.OutputFolder;
import dev.vitrine.app.model.ModelFacts;
import dev.vitrine.app.model.ModelOptions;
import dev.vitrine.app.model.OpenModel;
import dev.vitrine.app.terminal.ProgressLine;
import dev.vitrine.app.terminal.Stop;
import dev.vitrine.app.terminal.Table;
import dev.vitrine.app.terminal.Terminal;
import dev.vitrine.app.terminal.Version;
import dev.vitrine.engine.file.Claim;
import dev.vitrine.engine.runtime.OnnxRuntimeRunner;
import dev.vitrine.lens.training.Recipe;
import dev.vitrine.study.variant.VariantReport;
import dev.vitrine.study.variant.VariantResult;
import dev.vitrine.study.variant.VariantTraining;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.stream.Collectors;

/** The part of {@code vitrine ablate} that trains networks with layers removed or resized from random weights. */
final class VariantStudy {
    private static final String TRAININGS = "retrained";

    private final Recipe recipe;
    private final List<String> changes;
    private final int repeats;
    private final ModelOptions models;
    private final Path out;
    private final Terminal terminal;
    private final Stop stop;
    private final List<VariantResult> results = new ArrayList<>();

    VariantStudy(
            Recipe recipe,
            List<String> changes,
            int repeats,
            ModelOptions models,
            Path out,
            Terminal terminal,
            Stop stop) {
        this.recipe = recipe;
        this.changes = changes;
        this.repeats = repeats;
        this.models = models;
        this.out = out;
        this.terminal = terminal;
        this.stop = stop;
    }

    int run() {
        try (OnnxRuntimeRunner runner = models.runner();
                Claim claim = OutputFolder.take(out, terminal)) {
            VariantTraining study =
                    new VariantTraining(recipe, changes, repeats, runner, out.resolve(TRAININGS), stop::check);
            Map<String, String> facts = facts();
            if (models.named().isPresent()) {
                try (OpenModel open = models.open(terminal, stop)) {
                    study.requireDescribed(open.model());
                    facts.putAll(ModelFacts.of(open.model(), Map.of()));
                }
            }
            train(study, facts);
            VariantReport report = report(study, facts, Optional.empty());
            study.unreadable().forEach(message -> terminal.err().println("vitrine: left out: " + message));
            report.write(out).forEach(path -> terminal.out().println(path));
            tell(report);
            return study.unreadable().isEmpty() ? 0 : 1;
        }
    }

    private void train(VariantTraining study, Map<String, String> facts) {
        ProgressLine progress = new ProgressLine(terminal, study.count());
        try {
            study.run(
                    name -> {
                        progress.begin(name + ", " + (done() + 1) + " of " + study.count(), 1);
                        return progress;
                    },
                    result -> {
                        results.removeIf(known -> known.name().equals(result.name()));
                        results.add(result);
                        if (done() < study.count()) {
                            report(study, facts, Optional.of(lacking(study))).write(out);
                        }
                    });
        } catch (CancellationException stopped) {
            progress.end();
            terminal.err()
                    .println((results.isEmpty()
                                    ? "Stopped before the first network was trained."
                                    : "Stopped. " + done() + " of " + study.count() + " networks are in "
                                            + out.resolve("ablation.html") + ".")
                            + " The same command goes on from there.");
            throw stopped;
        } finally {
            progress.end();
        }
    }

    /** How many trainings are finished. */
    private int done() {
        return results.stream().mapToInt(result -> result.runs().size()).sum();
    }

    private String lacking(VariantTraining study) {
        int left = study.count() - done();
        return left + (left == 1 ? " network is" : " networks are")
                + " not trained yet. The same command goes on from there.";
    }

    private VariantReport report(VariantTraining study, Map<String, String> facts, Optional<String> missing) {
        return new VariantReport(
                recipe.name(),
                pictures(),
                recipe.plan().epochs(),
                results,
                TRAININGS,
                study.unreadable(),
                missing,
                facts);
    }

    private String pictures() {
        return recipe.data().paths().stream()
                .map(path -> path.getFileName().toString())
                .collect(Collectors.joining(", "));
    }

    private Map<String, String> facts() {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("recipe", recipe.name());
        facts.put("pictures", pictures());
        facts.put("epochs", Integer.toString(recipe.plan().epochs()));
        facts.put(
                "optimiser",
                recipe.plan().optimizer() + ", rate " + recipe.plan().rate());
        facts.put("schedule", recipe.plan().schedule().toString());
        facts.put("augmentation", recipe.augmentation().toString());
        long seed = recipe.plan().seed();
        facts.put(repeats == 1 ? "seed" : "seeds", repeats == 1 ? "" + seed : seed + " to " + (seed + repeats - 1));
        facts.put("made by", Version.maker());
        return facts;
    }

    private void tell(VariantReport report) {
        Table table = new Table("network", "weights", "training error", "held-out error", "rise", "dead");
        for (VariantResult result : report.results()) {
            table.row(
                    result.name(),
                    String.format(Locale.ROOT, "%,d", result.weights()),
                    VariantReport.percent(result.learned(), result),
                    VariantReport.percent(result.heldOut(), result),
                    report.rise(result),
                    String.format(
                            Locale.ROOT,
                            "%.1f %%",
                            100 * result.of(VariantResult.Run::dead).mean()));
        }
        table.lines(terminal.columns()).forEach(line -> terminal.out().println("  " + line));
        if (repeats > 1) {
            terminal.out()
                    .println("  Mean ± standard deviation of " + repeats + " trainings, seeds " + report.seeds() + ".");
        }
    }
}
