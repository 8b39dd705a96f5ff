package dev.vitrine.study.probe;

import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.model.anatomy.Anatomy;
import dev.vitrine.study.Outcome;
import dev.vitrine.study.Overview;
import dev.vitrine.study.StudyFiles;
import dev.vitrine.study.StudyReport;
import dev.vitrine.study.picture.LabeledPictures;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * How discriminative each layer is on a new set of classes, as a page, a plot and a JSON file.
 *
 * @param data name of the folder or archive
 * @param classes names
 * @param results in the order of the network, finer grids after coarser ones
 * @param stages short names such as {@code conv4}, by layer name, of layers that have one
 * @param unreadable reasons for skipped pictures, one sentence each
 * @param missing what is missing, if the run was interrupted
 * @param facts provenance
 */
public record ProbeReport(
        String model,
        String data,
        List<String> classes,
        List<LayerResult> results,
        Map<String, String> stages,
        List<String> unreadable,
        Optional<String> missing,
        Map<String, String> facts)
        implements StudyReport {
    /**
     * Creates the report of a probe.
     *
     * @param without names of excluded classes
     * @param made provenance of model and program
     */
    public static ProbeReport of(
            ProbeStudy study, Outcome<ProbeAnswer> outcome, List<String> without, Map<String, String> made) {
        LabeledPictures pictures = study.pictures();
        ProbePlan plan = study.plan();
        ProbeAnswer answer = outcome.result();
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put(
                "pictures",
                pictures.name() + ", " + pictures.size() + " of "
                        + pictures.classes().size() + " classes"
                        + (without.isEmpty() ? "" : ", without " + String.join(", ", without)));
        facts.put(
                "split",
                answer.taught() + " for training, " + answer.tested() + " for testing, at most " + plan.mostTested()
                        + " per class; seed " + plan.seed());
        facts.put(
                "features",
                "maps averaged over "
                        + plan.grids().stream().map(grid -> grid + "×" + grid).collect(Collectors.joining(" and "))
                        + " cells");
        facts.putAll(made);
        return new ProbeReport(
                study.model().name(),
                pictures.name(),
                answer.classes(),
                answer.layers(),
                stages(study.model()),
                outcome.unreadable(),
                outcome.missing().map(missing -> "Stopped after " + missing + "."),
                facts);
    }

    private static Map<String, String> stages(Model model) {
        Anatomy layers = model.anatomy();
        Map<String, String> stages = new LinkedHashMap<>();
        layers.all().forEach(layer -> layers.alias(layer).ifPresent(name -> stages.put(layer.name(), name)));
        return stages;
    }

    public ProbeReport {
        classes = List.copyOf(classes);
        stages = Map.copyOf(stages);
        results = List.copyOf(results);
        unreadable = List.copyOf(unreadable);
        facts = Collections.unmodifiableMap(new LinkedHashMap<>(facts));
    }

    /** A note if some classes have fewer pictures than shots. */
    public Optional<String> shortage() {
        LayerResult.Trial most = best().full();
        boolean lacking = most.shots() < Integer.MAX_VALUE && most.trained() < (long) most.shots() * classes.size();
        return lacking
                ? Optional.of("Not all classes have " + most.shots() + " training pictures; " + most.trained()
                        + " were available for the " + classes.size() + " classes in all.")
                : Optional.empty();
    }

    /** The layer on which the linear classifier is most accurate. */
    public LayerResult best() {
        return results.stream()
                .max(Comparator.comparingDouble(result -> result.full().linear().meanPerClass()))
                .orElseThrow();
    }

    /** Distinct layers in the order of the network. */
    List<String> layers() {
        return results.stream().map(LayerResult::layer).distinct().toList();
    }

    /** The display name of a layer. */
    String stage(String layer) {
        return stages.getOrDefault(layer, layer);
    }

    List<Integer> grids() {
        return results.stream().map(LayerResult::grid).distinct().sorted().toList();
    }

    /** The result of a layer at a grid, or at the finest coarser grid that it has. */
    LayerResult at(String layer, int grid) {
        return results.stream()
                .filter(result -> result.layer().equals(layer) && result.grid() <= grid)
                .max(Comparator.comparingInt(LayerResult::grid))
                .orElseThrow();
    }

    /** As JSON; equal reports give equal text. */
    public String html() {
        return new ProbePage(this).html();
    }

    public String json() {
        return ProbeSummary.json(this);
    }

    @Override
    public Overview overview() {
        Overview overview = Overview.of("#", "layer", "cells", "numbers", "linear", "neighbors");
        for (LayerResult result : results) {
            overview = overview.row(
                    Integer.toString(layers().indexOf(result.layer()) + 1),
                    result.layer() + (result.equals(best()) ? " *" : ""),
                    result.grid() + "×" + result.grid(),
                    Integer.toString(result.size()),
                    percent(result.full().linear().meanPerClass()),
                    percent(result.full().neighbors().meanPerClass()));
        }
        Overview told = overview.below("Mean per-class accuracy over " + classes.size() + " classes, "
                + best().full().title() + "; chance level " + percent(1.0 / classes.size()) + ".");
        return shortage().map(told::below).orElse(told);
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, "%.1f %%", 100 * share);
    }

    /** Writes {@code probe.html}, {@code probe.png} and {@code probe.json}. */
    @Override
    public List<Path> write(Path folder) {
        ProbePage page = new ProbePage(this);
        return new StudyFiles("probe", model, data)
                .write(folder, page.html(), page.depth().image(page.caption()), json());
    }
}
