package dev.vitrine.study.growth;

import dev.vitrine.engine.file.FileName;
import dev.vitrine.lens.data.OutputFile;
import dev.vitrine.lens.render.file.Png;
import dev.vitrine.study.Outcome;
import dev.vitrine.study.Overview;
import dev.vitrine.study.StudyReport;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * How a network grew, as one page, pictures, and one file for programs.
 *
 * @param data name of the folder or archive
 * @param snapshots in the order of the training
 * @param unreadable why pictures were left out, one sentence each
 * @param missing what is not done, where the work was stopped
 * @param facts how it was made
 */
public record GrowthReport(
        String model,
        String data,
        List<Snapshot> snapshots,
        List<String> unreadable,
        Optional<String> missing,
        Map<String, String> facts)
        implements StudyReport {
    /**
     * Of a growth.
     *
     * @param model name of the network, whatever a checkpoint is called
     * @param data folder or archive
     * @param made facts of the last checkpoint and the program
     */
    public static GrowthReport of(
            GrowthStudy study, Outcome<GrowthCourse> outcome, String model, Path data, Map<String, String> made) {
        GrowthSettings settings = study.settings();
        int pictures = outcome.result().pictures();
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put(
                "checkpoints",
                String.join(
                        ", ", study.checkpoints().stream().map(Checkpoint::name).toList()));
        facts.put(
                "pictures",
                data.getFileName() + ", " + pictures + " of it; layers compared on "
                        + Math.min(settings.compared(), pictures));
        facts.put(
                "channels drawn",
                study.units().isEmpty()
                        ? settings.perLayer() + " of each layer, seed " + settings.seed()
                        : "those named");
        made.forEach((name, value) -> facts.put(name + (name.startsWith("SHA") ? ", last checkpoint" : ""), value));
        return new GrowthReport(
                model,
                data.toAbsolutePath().normalize().getFileName().toString(),
                outcome.result().snapshots(),
                outcome.unreadable(),
                outcome.missing().map(missing -> "The work was stopped after " + missing + "."),
                facts);
    }

    public GrowthReport {
        snapshots = List.copyOf(snapshots);
        unreadable = List.copyOf(unreadable);
        facts = Collections.unmodifiableMap(new LinkedHashMap<>(facts));
    }

    /** Whether a channel's strongest picture is another one than at the checkpoint before. */
    boolean jumps(int snapshot, int unit) {
        return snapshot > 0
                && snapshots.get(snapshot).units().get(unit).picture()
                        != snapshots.get(snapshot - 1).units().get(unit).picture();
    }

    /** Layers that channels were chosen of, in order. */
    List<String> drawnLayers() {
        return snapshots.get(0).units().stream()
                .map(Snapshot.UnitState::layer)
                .distinct()
                .toList();
    }

    /** The same report gives the same text. */
    public String html() {
        return new GrowthPage(this).html();
    }

    public String json() {
        return GrowthSummary.json(this);
    }

    @Override
    public Overview overview() {
        Overview overview =
                Overview.of(Stream.concat(Stream.of("layer"), snapshots.stream().map(Snapshot::number))
                        .toArray(String[]::new));
        for (int layer = 0; layer < snapshots.get(0).layers().size(); layer++) {
            List<String> row =
                    new ArrayList<>(List.of(snapshots.get(0).layers().get(layer).layer()));
            for (Snapshot snapshot : snapshots) {
                row.add(String.format(
                        Locale.ROOT, "%.3f", snapshot.layers().get(layer).likeness()));
            }
            overview = overview.row(row);
        }
        return overview.below(
                "Likeness of each checkpoint, by its number, with the last: linear CKA, 1 where it is the" + " same.");
    }

    /** Writes {@code growth.html}, {@code growth.json}, a plot, a sheet of the filters, and one of each layer drawn. */
    @Override
    public List<Path> write(Path folder) {
        List<Path> written = new ArrayList<>();
        GrowthPage page = new GrowthPage(this);
        GrowthSheet sheet = new GrowthSheet(this);
        Path html = folder.resolve("growth.html");
        OutputFile.write(html, page.html());
        written.add(html);
        Path plot = folder.resolve("settling.png");
        Png.write(plot, page.settling().image(page.caption()), facts("settling"));
        written.add(plot);
        if (!snapshots.get(0).filters().isEmpty()) {
            Path filters = folder.resolve("filters.png");
            Png.write(filters, sheet.filters(), facts("filters"));
            written.add(filters);
        }
        for (String layer : drawnLayers()) {
            Path features = folder.resolve("features-" + FileName.of(layer) + ".png");
            Png.write(features, sheet.features(layer), facts("deconvnet, " + layer));
            written.add(features);
        }
        Path summary = folder.resolve("growth.json");
        OutputFile.write(summary, json());
        written.add(summary);
        return written;
    }

    private Map<String, String> facts(String method) {
        Map<String, String> text = new LinkedHashMap<>(Map.of("Software", "Vitrine"));
        text.put("Model", model);
        text.put("Method", "growth: " + method);
        text.put("Data", data);
        return text;
    }
}
