package dev.vitrine.study.variant;

import dev.vitrine.study.StudyFiles;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What a network comes to with layers removed or resized, as one page, a plot, and one file for programs.
 *
 * @param recipe its name
 * @param epochs that each network is trained for
 * @param results the unchanged network first
 * @param folder where the trainings are, seen from the page
 * @param unreadable why pictures were left out, one sentence each
 * @param missing what is not done, where the work was stopped
 * @param facts how it was made
 */
public record VariantReport(
        String recipe,
        String data,
        int epochs,
        List<VariantResult> results,
        String folder,
        List<String> unreadable,
        Optional<String> missing,
        Map<String, String> facts) {
    public VariantReport {
        results = List.copyOf(results);
        unreadable = List.copyOf(unreadable);
        facts = Collections.unmodifiableMap(new LinkedHashMap<>(facts));
    }

    public VariantResult unchanged() {
        return results.get(0);
    }

    /** How often each network is trained. */
    public int repeats() {
        return results.stream().mapToInt(result -> result.runs().size()).max().orElse(1);
    }

    /** The seeds of the trainings, such as 1 or 1 to 3. */
    public String seeds() {
        long first = unchanged().runs().get(0).seed();
        return repeats() == 1 ? Long.toString(first) : first + " to " + (first + repeats() - 1);
    }

    /** How much more a network errs than the unchanged one, in points; nothing of that one itself. */
    public String rise(VariantResult result) {
        if (result.equals(unchanged())) {
            return "";
        }
        String points = String.format(
                Locale.ROOT, "%+.2f", 100 * result.rise(unchanged()).mean());
        // Where others are trained several times, one training alone has no deviation to show.
        return result.runs().size() < 2 && repeats() > 1
                ? points
                : points + String.format(Locale.ROOT, " ± %.2f", 100 * result.margin(unchanged()));
    }

    /** A mean over the trainings, with its deviation where there are several. */
    public static String percent(VariantResult.Spread spread, VariantResult result) {
        return result.runs().size() == 1
                ? String.format(Locale.ROOT, "%.2f %%", 100 * spread.mean())
                : String.format(Locale.ROOT, "%.2f ± %.2f %%", 100 * spread.mean(), 100 * spread.deviation());
    }

    /** The same report gives the same text. */
    public String html() {
        return new VariantPage(this).html();
    }

    public String json() {
        return VariantSummary.json(this);
    }

    /** Writes {@code ablation.html}, {@code ablation.png} and {@code ablation.json}. */
    public List<Path> write(Path to) {
        VariantPage page = new VariantPage(this);
        return new StudyFiles("ablation", recipe, data)
                .write(to, page.html(), page.plot().image(page.caption()), json());
    }
}
