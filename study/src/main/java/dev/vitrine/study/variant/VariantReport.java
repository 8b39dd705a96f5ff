package dev.vitrine.study.variant;

import dev.vitrine.lens.training.Recipe;
import dev.vitrine.study.Outcome;
import dev.vitrine.study.Overview;
import dev.vitrine.study.StudyFiles;
import dev.vitrine.study.StudyReport;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Errors of a network with layers removed or resized, as a page, a plot and a JSON file.
 *
 * @param recipe name of the recipe
 * @param epochs number of epochs of each training
 * @param results the unchanged network first
 * @param folder folder of the trainings, relative to the page
 * @param unreadable reasons for skipped pictures, one sentence each
 * @param missing what is missing, if the run was interrupted
 * @param facts provenance
 */
public record VariantReport(
        String recipe,
        String data,
        int epochs,
        List<VariantResult> results,
        String folder,
        List<String> unreadable,
        Optional<String> missing,
        Map<String, String> facts)
        implements StudyReport {
    /**
     * Creates the report of a series of trainings.
     *
     * @param made provenance of the program, and of the model if one was given
     */
    public static VariantReport of(VariantTraining study, Outcome<Variants> outcome, Map<String, String> made) {
        Recipe recipe = study.recipe();
        int left = outcome.result().left();
        return new VariantReport(
                recipe.name(),
                pictures(recipe),
                recipe.plan().epochs(),
                outcome.result().results(),
                study.folder().getFileName().toString(),
                outcome.unreadable(),
                left == 0
                        ? Optional.empty()
                        : Optional.of(left + (left == 1 ? " network is" : " networks are")
                                + " not trained yet. Run the same command to resume."),
                facts(study, made));
    }

    private static String pictures(Recipe recipe) {
        return recipe.data().paths().stream()
                .map(path -> path.getFileName().toString())
                .collect(Collectors.joining(", "));
    }

    private static Map<String, String> facts(VariantTraining study, Map<String, String> made) {
        Recipe recipe = study.recipe();
        Recipe.Plan plan = recipe.plan();
        int repeats = study.repeats();
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("recipe", recipe.name());
        facts.put("pictures", pictures(recipe));
        facts.put("epochs", Integer.toString(plan.epochs()));
        facts.put("optimizer", plan.optimizer() + ", rate " + plan.rate());
        facts.put("schedule", plan.schedule().toString());
        facts.put("augmentation", recipe.augmentation().toString());
        facts.put(
                repeats == 1 ? "seed" : "seeds",
                repeats == 1 ? "" + plan.seed() : plan.seed() + " to " + (plan.seed() + repeats - 1));
        facts.putAll(made);
        return facts;
    }

    public VariantReport {
        results = List.copyOf(results);
        unreadable = List.copyOf(unreadable);
        facts = Collections.unmodifiableMap(new LinkedHashMap<>(facts));
    }

    public VariantResult unchanged() {
        return results.get(0);
    }

    /** Number of trainings per network. */
    public int repeats() {
        return results.stream().mapToInt(result -> result.runs().size()).max().orElse(1);
    }

    /** The seeds of the trainings, such as 1 or 1 to 3. */
    public String seeds() {
        long first = unchanged().runs().get(0).seed();
        return repeats() == 1 ? Long.toString(first) : first + " to " + (first + repeats() - 1);
    }

    /** Increase of the error over the unchanged network in percentage points; empty for the unchanged one. */
    public String rise(VariantResult result) {
        if (result.equals(unchanged())) {
            return "";
        }
        String points = String.format(
                Locale.ROOT, "%+.2f", 100 * result.rise(unchanged()).mean());
        // A single training among repeated ones has no standard deviation.
        return result.runs().size() < 2 && repeats() > 1
                ? points
                : points + String.format(Locale.ROOT, " ± %.2f", 100 * result.margin(unchanged()));
    }

    /** Mean over the trainings, with the standard deviation if there are several. */
    public static String percent(VariantResult.Spread spread, VariantResult result) {
        return result.runs().size() == 1
                ? String.format(Locale.ROOT, "%.2f %%", 100 * spread.mean())
                : String.format(Locale.ROOT, "%.2f ± %.2f %%", 100 * spread.mean(), 100 * spread.deviation());
    }

    /** As JSON; equal reports give equal text. */
    public String html() {
        return new VariantPage(this).html();
    }

    public String json() {
        return VariantSummary.json(this);
    }

    @Override
    public Overview overview() {
        Overview overview = Overview.of("network", "weights", "training error", "held-out error", "increase", "dead");
        for (VariantResult result : results) {
            overview = overview.row(
                    result.name(),
                    String.format(Locale.ROOT, "%,d", result.weights()),
                    percent(result.learned(), result),
                    percent(result.heldOut(), result),
                    rise(result),
                    String.format(
                            Locale.ROOT,
                            "%.1f %%",
                            100 * result.of(VariantResult.Run::dead).mean()));
        }
        return repeats() > 1
                ? overview.below("Mean ± standard deviation of " + repeats() + " trainings, seeds " + seeds() + ".")
                : overview;
    }

    /** Writes {@code ablation.html}, {@code ablation.png} and {@code ablation.json}. */
    @Override
    public List<Path> write(Path to) {
        VariantPage page = new VariantPage(this);
        return new StudyFiles("ablation", recipe, data)
                .write(to, page.html(), page.plot().image(page.caption()), json());
    }
}
