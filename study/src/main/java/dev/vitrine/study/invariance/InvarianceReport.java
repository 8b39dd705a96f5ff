package dev.vitrine.study.invariance;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.vitrine.lens.data.OutputFile;
import dev.vitrine.lens.render.Montage;
import dev.vitrine.lens.render.file.Png;
import dev.vitrine.lens.transformation.RotationSymmetry;
import dev.vitrine.lens.transformation.Transformation;
import dev.vitrine.lens.transformation.Transformations;
import dev.vitrine.study.Outcome;
import dev.vitrine.study.Overview;
import dev.vitrine.study.StudyJson;
import dev.vitrine.study.StudyReport;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Curves of invariance as a page, a sheet of plots, and a JSON file. */
public record InvarianceReport(InvarianceSurvey survey, Outcome<Invariances> outcome, Map<String, String> facts)
        implements StudyReport {
    private static final int COLUMNS = 3;

    /** The JSON form. */
    @JsonInclude(JsonInclude.Include.NON_ABSENT)
    private record Written(
            boolean partial,
            Optional<String> missing,
            List<String> layers,
            Map<String, List<Double>> amounts,
            List<OfPicture> pictures,
            List<Mean> means,
            List<String> unreadable,
            Map<String, String> facts) {}

    @JsonInclude(JsonInclude.Include.NON_ABSENT)
    private record OfPicture(
            String name,
            int label,
            String className,
            Map<String, Invariances.Curve> curves,
            Optional<RotationSymmetry> rotationSymmetry) {}

    /**
     * Means over amounts and pictures.
     *
     * @param distances by layer
     * @param probability of the class, and that of the untouched pictures
     */
    public record Mean(String transformation, List<Double> distances, double probability, double untouched) {}

    /** Means over all amounts and pictures, by transformation. */
    public List<Mean> means() {
        List<Mean> means = new ArrayList<>();
        for (int index = 0; index < survey.transformations().size(); index++) {
            Transformation transformation =
                    Transformations.find(survey.transformations().get(index));
            int place = index;
            List<Invariances.Curve> curves = outcome.result().pictures().stream()
                    .map(picture -> picture.curves().get(place))
                    .toList();
            List<Double> distances = new ArrayList<>();
            for (int layer = 0; layer < survey.layers().size(); layer++) {
                int at = layer;
                distances.add(mean(curves.stream()
                        .flatMap(curve -> curve.distances().get(at).stream())
                        .toList()));
            }
            means.add(new Mean(
                    transformation.id(),
                    distances,
                    mean(curves.stream()
                            .flatMap(curve -> curve.probabilities().stream())
                            .toList()),
                    mean(curves.stream()
                            .map(curve -> curve.probabilities().get(transformation.origin()))
                            .toList())));
        }
        return means;
    }

    static double mean(List<Double> values) {
        return values.stream().mapToDouble(Double::doubleValue).average().orElse(0);
    }

    /** Sentences about the symmetries found. */
    public List<String> symmetries() {
        return outcome.result().pictures().stream()
                .filter(picture -> picture.symmetry().isPresent())
                .map(picture -> String.format(
                        Locale.ROOT,
                        "%s looks alike to the network every %.0f°: there, features of %s are at %.0f %% of the distance"
                                + " half-way between.",
                        picture.name(),
                        picture.symmetry().get().degrees(),
                        survey.layers().get(survey.layers().size() - 1).name(),
                        100 * picture.symmetry().get().dip()))
                .toList();
    }

    @Override
    public Overview overview() {
        List<String> headings = new ArrayList<>(List.of("transformation"));
        survey.layers().forEach(layer -> headings.add("distance at " + layer.name()));
        headings.addAll(List.of("probability", "untouched"));
        Overview overview = Overview.of(headings.toArray(String[]::new));
        for (Mean mean : means()) {
            List<String> cells = new ArrayList<>(List.of(mean.transformation()));
            mean.distances().forEach(distance -> cells.add(String.format(Locale.ROOT, "%.3f", distance)));
            cells.add(percent(mean.probability()));
            cells.add(percent(mean.untouched()));
            overview = overview.row(cells);
        }
        for (String symmetry : symmetries()) {
            overview = overview.below(symmetry);
        }
        return overview;
    }

    static String percent(double share) {
        return String.format(Locale.ROOT, "%.1f %%", 100 * share);
    }

    public String json() {
        Map<String, List<Double>> amounts = new LinkedHashMap<>();
        survey.transformations()
                .forEach(id -> amounts.put(id, Transformations.find(id).amounts()));
        return StudyJson.text(new Written(
                outcome.isPartial(),
                outcome.missing(),
                survey.layers().stream().map(layer -> layer.name()).toList(),
                amounts,
                outcome.result().pictures().stream().map(this::written).toList(),
                means(),
                outcome.unreadable(),
                facts));
    }

    private OfPicture written(Invariances.OfPicture picture) {
        Map<String, Invariances.Curve> curves = new LinkedHashMap<>();
        picture.curves().forEach(curve -> curves.put(curve.transformation(), curve));
        return new OfPicture(
                picture.name(), picture.label(), survey.model().display(picture.label()), curves, picture.symmetry());
    }

    /** Writes {@code invariance.html}, {@code invariance.png} and {@code invariance.json}. */
    @Override
    public List<Path> write(Path folder) {
        InvariancePage page = new InvariancePage(this);
        Path html = folder.resolve("invariance.html");
        Path sheet = folder.resolve("invariance.png");
        Path summary = folder.resolve("invariance.json");
        OutputFile.write(html, page.html());
        List<Montage.Cell> cells = page.rows().stream()
                .flatMap(row -> row.plots().stream())
                .map(plot -> new Montage.Cell(plot.image(List.of()), ""))
                .toList();
        int columns = Math.min(COLUMNS, page.rows().get(0).plots().size());
        Png.write(
                sheet,
                new Montage(cells, columns).image(),
                Png.facts("Model", survey.model().name(), "Method", "invariance"));
        OutputFile.write(summary, json());
        return List.of(html, sheet, summary);
    }
}
