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
 * The development of a network during training as a page, pictures and a JSON file.
 *
 * @param data name of the folder or archive
 * @param snapshots in the order of the training
 * @param unreadable reasons for skipped pictures, one sentence each
 * @param missing what is missing, if the run was interrupted
 * @param facts provenance
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
     * Creates the report of a growth study.
     *
     * @param model name of the network, independent of checkpoint names
     * @param data folder or archive of the pictures
     * @param made provenance of the last checkpoint and the program
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
                outcome.missing().map(missing -> "Stopped after " + missing + "."),
                facts);
    }

    public GrowthReport {
        snapshots = List.copyOf(snapshots);
        unreadable = List.copyOf(unreadable);
        facts = Collections.unmodifiableMap(new LinkedHashMap<>(facts));
    }

    /** Whether a channel's strongest picture differs from that at the previous checkpoint. */
    boolean jumps(int snapshot, int unit) {
        return snapshot > 0
                && snapshots.get(snapshot).units().get(unit).picture()
                        != snapshots.get(snapshot - 1).units().get(unit).picture();
    }

    /** Layers of the drawn channels, in order. */
    List<String> drawnLayers() {
        return snapshots.get(0).units().stream()
                .map(Snapshot.UnitState::layer)
                .distinct()
                .toList();
    }

    /** As JSON; equal reports give equal text. */
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
        return overview.below("Similarity of each checkpoint, by number, to the last: linear CKA, 1 if identical.");
    }

    /**
     * Writes {@code growth.html}, {@code growth.json}, a plot, a sheet of the filters, and a sheet of each drawn layer.
     */
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
        return Png.facts("Model", model, "Method", "growth: " + method, "Data", data);
    }
}
