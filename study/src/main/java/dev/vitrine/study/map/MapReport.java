package dev.vitrine.study.map;

import de.siegmar.fastcsv.writer.CsvWriter;
import dev.vitrine.engine.file.FileName;
import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.attribution.Provenance;
import dev.vitrine.lens.data.Npy;
import dev.vitrine.lens.data.OutputFile;
import dev.vitrine.lens.data.PictureList;
import dev.vitrine.lens.embedding.MapQuality;
import dev.vitrine.lens.render.Sheet;
import dev.vitrine.study.Outcome;
import dev.vitrine.study.Overview;
import dev.vitrine.study.StudyJson;
import dev.vitrine.study.StudyReport;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * A map as a page, pictures for print, and numbers.
 *
 * @param pictures that were laid out, for thumbnails
 * @param color property by which points are colored
 */
public record MapReport(Outcome<PictureMap> outcome, PictureList pictures, String color, Map<String, String> facts)
        implements StudyReport {
    /** Groupings that are printed for each layer. */
    private static final int PRINTED = 4;

    /** Content of {@code map.json}. */
    private record About(
            String model,
            String method,
            int pictures,
            List<Layer> layers,
            List<String> unreadable,
            Map<String, String> facts) {}

    private record Layer(
            String layer,
            int columns,
            Optional<Double> separability,
            Optional<MapQuality> quality,
            List<Grouping> groupings) {}

    @Override
    public List<Path> write(Path folder) {
        PictureMap map = outcome.result();
        List<Path> files = new ArrayList<>();
        Path page = folder.resolve("index.html");
        Thumbnails thumbnails = Thumbnails.of(pictures, map.indices());
        String title = map.networks().size() == 1
                ? "How " + map.model() + " arranges pictures"
                : "How " + map.networks().size() + " networks arrange pictures";
        OutputFile.write(page, new MapPage(title, color, facts).of(map, Optional.of(thumbnails)));
        files.add(page);
        MapPlot plot = MapPlot.of(map, color);
        Path image = folder.resolve("map.png");
        Map<String, String> options = new LinkedHashMap<>();
        options.put("color", color);
        new Sheet(
                        plot.image(),
                        new Provenance(
                                map.model(),
                                map.names().size() + " pictures",
                                map.layers().size() == 1
                                        ? "layer " + map.layers().get(0).layer()
                                        : map.layers().size() + " layers",
                                "Map by " + map.method(),
                                options),
                        Optional.empty())
                .write(image);
        files.add(image);
        Path svg = folder.resolve("map.svg");
        OutputFile.write(svg, plot.svg());
        files.add(svg);
        for (LayerMap layer : map.layers()) {
            Path points = folder.resolve("map-" + FileName.of(layer.layer()) + ".npy");
            float[] values = new float[layer.points().length];
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) layer.points()[i];
            }
            Npy.write(points, Tensor.floats(values, values.length / 2, 2));
            files.add(points);
        }
        files.add(csv(map, folder.resolve("map.csv")));
        Path about = folder.resolve("map.json");
        OutputFile.write(
                about,
                StudyJson.text(new About(
                        map.model(),
                        map.method(),
                        map.names().size(),
                        map.layers().stream()
                                .map(layer -> new Layer(
                                        layer.layer(),
                                        layer.columns(),
                                        layer.separability(),
                                        layer.quality(),
                                        layer.groupings()))
                                .toList(),
                        outcome.unreadable(),
                        facts)));
        files.add(about);
        return files;
    }

    private static Path csv(PictureMap map, Path file) {
        StringWriter text = new StringWriter();
        try (CsvWriter writer = CsvWriter.builder().build(text)) {
            List<String> header = new ArrayList<>(List.of("picture"));
            map.columns().forEach(column -> header.add(column.id()));
            map.layers().forEach(layer -> header.addAll(List.of(layer.layer() + " x", layer.layer() + " y")));
            writer.writeRecord(header);
            for (int point = 0; point < map.names().size(); point++) {
                List<String> row = new ArrayList<>(List.of(map.names().get(point)));
                for (Column column : map.columns()) {
                    row.add(column.text(point));
                }
                for (LayerMap layer : map.layers()) {
                    row.add(Float.toString((float) layer.points()[2 * point]));
                    row.add(Float.toString((float) layer.points()[2 * point + 1]));
                }
                writer.writeRecord(row);
            }
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        OutputFile.write(file, text.toString());
        return file;
    }

    @Override
    public Overview overview() {
        Overview overview = Overview.of("layer", "10-NN accuracy", "trustworthiness", "10 nearest kept", "groups by");
        for (LayerMap layer : outcome.result().layers()) {
            overview = overview.row(
                    layer.layer(),
                    layer.separability().map(MapReport::percent).orElse(""),
                    layer.quality()
                            .map(MapQuality::trustworthiness)
                            .filter(Double::isFinite)
                            .map(value -> String.format(Locale.ROOT, "%.3f", value))
                            .orElse(""),
                    layer.quality()
                            .map(quality -> percent(quality.preservation()))
                            .orElse(""),
                    grouped(layer));
        }
        return overview;
    }

    private static String grouped(LayerMap layer) {
        return String.join(
                ", ",
                layer.groupings().stream()
                        .filter(Grouping::isFound)
                        .sorted(Comparator.comparingDouble((Grouping group) -> -group.neighbors()))
                        .limit(PRINTED)
                        .map(group -> group.property() + " " + percent(group.neighbors()))
                        .toList());
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, "%.1f %%", 100 * share);
    }
}
