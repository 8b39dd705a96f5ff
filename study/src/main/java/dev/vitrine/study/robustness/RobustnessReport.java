package dev.vitrine.study.robustness;

import dev.vitrine.lens.corruption.Corruption;
import dev.vitrine.lens.corruption.Corruptions;
import dev.vitrine.study.Outcome;
import dev.vitrine.study.Overview;
import dev.vitrine.study.StudyFiles;
import dev.vitrine.study.StudyReport;
import dev.vitrine.study.picture.LabeledPictures;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The robustness of networks as a page, a plot and a JSON file.
 *
 * @param data name of the folder or archive
 * @param broken drawings of the pictures that most corruptions break, network by network
 * @param notes on how the errors were measured, one sentence each
 * @param facts provenance
 */
public record RobustnessReport(
        RobustnessTable table,
        RobustnessPlan plan,
        String data,
        List<List<BrokenDrawing>> broken,
        List<String> notes,
        List<String> unreadable,
        Optional<String> missing,
        Map<String, String> facts)
        implements StudyReport {
    public RobustnessReport {
        broken = List.copyOf(broken);
        notes = List.copyOf(notes);
        unreadable = List.copyOf(unreadable);
        facts = Collections.unmodifiableMap(new LinkedHashMap<>(facts));
    }

    /**
     * @param made provenance of models and program
     */
    public static RobustnessReport of(
            RobustnessStudy study, Outcome<RobustnessTable> outcome, Map<String, String> made) {
        RobustnessPlan plan = study.surveys().get(0).plan();
        LabeledPictures pictures = study.surveys().get(0).known().pictures();
        RobustnessTable table = outcome.result();
        List<List<BrokenDrawing>> broken = new ArrayList<>();
        for (int index = 0; index < table.networks().size(); index++) {
            CorruptionSurvey survey = study.surveys().get(index);
            // No drawings after a stop: reading pictures again would delay the exit.
            broken.add(
                    outcome.isPartial()
                            ? List.of()
                            : table.networks().get(index).broken().stream()
                                    .map(picture -> BrokenDrawing.of(survey, picture))
                                    .toList());
        }
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put(
                "pictures",
                pictures.name() + ", " + pictures.size() + " of "
                        + pictures.classes().size() + " classes");
        List<String> folders = study.surveys()
                .get(0)
                .known()
                .folders()
                .notes(study.surveys().get(0).model());
        if (!folders.isEmpty()) {
            facts.put("folders and classes", String.join(" ", folders));
        }
        facts.put("severities", words(plan.severities()));
        facts.put("encoded after corruption", plan.encoding().words());
        facts.put("seed", Long.toString(plan.seed()));
        facts.putAll(made);
        return new RobustnessReport(
                table,
                plan,
                pictures.name(),
                broken,
                notes(table),
                outcome.unreadable(),
                outcome.missing().map(missing -> "Stopped after " + missing + "."),
                facts);
    }

    private static List<String> notes(RobustnessTable table) {
        List<String> notes = new ArrayList<>();
        Robustness first = table.networks().get(0);
        long benchmark = Corruptions.ALL.stream()
                .filter(corruption -> corruption.suite() == Corruption.Suite.BENCHMARK)
                .count();
        notes.add("Means are over " + first.counted().size() + " of the " + benchmark
                + " corruptions of the benchmark and "
                + (first.severities().size() == 1 ? "severity " : "the severities ") + words(first.severities()) + ".");
        if (table.networks().stream().anyMatch(network -> network.classes() == Robustness.Classes.IMAGENET)) {
            notes.add("Corruption errors (CE) are divided by the published errors of AlexNet on ImageNet-C"
                    + (first.severities().size() == Corruption.SEVERITIES
                            ? "."
                            : ", which are means over all five severities: with others they are for orientation."));
            notes.add("The textures of frost are Vitrine's own, not the published ones.");
        }
        if (table.networks().stream().anyMatch(network -> network.classes() == Robustness.Classes.OTHER)) {
            notes.add(
                    "Errors of networks with other classes than ImageNet's are not normalized: the published errors of"
                            + " AlexNet are for those only.");
        }
        return notes;
    }

    private static String words(List<Integer> severities) {
        return severities.stream().map(String::valueOf).collect(Collectors.joining(", "));
    }

    /** A line for each network, or, of a single one, for each corruption. */
    @Override
    public Overview overview() {
        Overview overview =
                table.networks().size() == 1 ? corruptions(table.networks().get(0)) : networks();
        for (String note : notes) {
            overview = overview.below(note);
        }
        return overview;
    }

    private Overview networks() {
        Overview overview = Overview.of("network", "clean error", "mean error", "mCE", "relative mCE", "flip rate");
        for (Robustness network : table.networks()) {
            overview = overview.row(
                    network.model(),
                    percent(network.clean()),
                    percent(network.meanError()),
                    hundredths(network.meanCorruptionError()),
                    hundredths(network.relativeMeanCorruptionError()),
                    percent(network.meanFlipRate()));
        }
        return overview;
    }

    private static Overview corruptions(Robustness network) {
        List<String> headings = new ArrayList<>(List.of("corruption"));
        network.severities().forEach(severity -> headings.add(Integer.toString(severity)));
        headings.addAll(List.of("mean error", "CE", "relative CE", "flip rate"));
        Overview overview = Overview.of(headings.toArray(String[]::new));
        for (Robustness.Row row : network.rows()) {
            List<String> cells = new ArrayList<>(List.of(row.corruption()));
            row.errors().forEach(error -> cells.add(percent(error)));
            cells.addAll(List.of(
                    percent(row.error()),
                    hundredths(network.corruptionError(row)),
                    hundredths(network.relativeCorruptionError(row)),
                    percent(row.flipRate())));
            overview = overview.row(cells);
        }
        List<String> cells = new ArrayList<>(List.of("mean"));
        for (int place = 0; place < network.severities().size(); place++) {
            cells.add(percent(network.errorAt(place)));
        }
        cells.addAll(List.of(
                percent(network.meanError()),
                hundredths(network.meanCorruptionError()),
                hundredths(network.relativeMeanCorruptionError()),
                percent(network.meanFlipRate())));
        return overview.row(cells)
                .above(network.model() + ", " + network.pictures() + " pictures: top-1 error "
                        + percent(network.clean()) + " when clean, " + percent(network.meanError())
                        + " when corrupted.");
    }

    static String percent(double share) {
        return String.format(Locale.ROOT, "%.1f %%", 100 * share);
    }

    /** A corruption error, as they are customarily given: AlexNet's is 100. */
    static String hundredths(Optional<Double> error) {
        return error.map(value -> String.format(Locale.ROOT, "%.1f", 100 * value))
                .orElse("–");
    }

    public String html() {
        return new RobustnessPage(this).html();
    }

    /** As JSON; equal reports give equal text. */
    public String json() {
        return RobustnessSummary.json(this);
    }

    /** Writes {@code robustness.html}, {@code robustness.png} and {@code robustness.json}. */
    @Override
    public List<Path> write(Path folder) {
        RobustnessPage page = new RobustnessPage(this);
        String models = table.networks().stream().map(Robustness::model).collect(Collectors.joining(", "));
        return new StudyFiles("robustness", models, data)
                .write(folder, page.html(), page.plot().image(page.caption()), json());
    }
}
