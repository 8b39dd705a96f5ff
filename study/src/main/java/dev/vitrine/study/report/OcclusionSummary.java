package dev.vitrine.study.report;

import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.attribution.Provenance;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.model.Probabilities;
import dev.vitrine.lens.perturbation.OcclusionMaps;
import dev.vitrine.lens.perturbation.Windows;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import tools.jackson.core.util.DefaultIndenter;
import tools.jackson.core.util.DefaultPrettyPrinter;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Occlusion maps as JSON: numbers in rows of windows, null where a window was not asked about; {@code format} is 1. */
public final class OcclusionSummary {
    private static final int FORMAT = 1;
    private static final JsonMapper JSON = new JsonMapper();
    private static final DefaultIndenter LINES = new DefaultIndenter("  ", "\n");

    /**
     * A picture with its maps.
     *
     * @param logits of the picture itself, {@code f32[1,classes]}
     */
    public record Picture(String name, Tensor logits, int target, OcclusionMaps.Feature feature, OcclusionMaps maps) {}

    private OcclusionSummary() {}

    /**
     * @param partial why it is not whole
     */
    public static String json(
            Model model, Map<String, String> options, List<Picture> pictures, Optional<String> partial) {
        ObjectNode root = JSON.createObjectNode();
        root.put("format", FORMAT);
        partial.ifPresent(reason -> root.put(Provenance.PARTIAL, reason));
        root.put("model", model.name());
        root.put("modelSha256", model.sha256().toString());
        ObjectNode how = root.putObject("options");
        options.forEach(how::put);
        ArrayNode array = root.putArray("pictures");
        pictures.forEach(picture -> picture(array.addObject(), picture, model));
        DefaultPrettyPrinter printer = new DefaultPrettyPrinter().withObjectIndenter(LINES);
        return JSON.writer().with(printer).writeValueAsString(root) + "\n";
    }

    private static void picture(ObjectNode node, Picture picture, Model model) {
        OcclusionMaps maps = picture.maps();
        String unit = model.head().unit();
        node.put("name", picture.name());
        node.putObject("target")
                .put("class", picture.target())
                .put("label", model.display(picture.target()))
                .put(unit, Probabilities.shown(picture.logits(), model)[picture.target()]);
        node.put("windowsDone", maps.done());
        float[] shown = maps.shown(picture.target(), model);
        rows(node.putArray(unit), maps, (row, place) -> row.add(shown[place]));
        int[] likeliest = maps.likeliest(model);
        rows(node.putArray("likeliest"), maps, (row, place) -> row.add(likeliest[place]));
        Map<Integer, String> labels = new TreeMap<>();
        for (int found : likeliest) {
            if (found >= 0) {
                labels.put(found, model.display(found));
            }
        }
        ObjectNode classes = node.putObject("classes");
        labels.forEach((index, label) -> classes.put(Integer.toString(index), label));
        ObjectNode feature = node.putObject("feature")
                .put("layer", picture.feature().layer().name())
                .put("channel", picture.feature().channel())
                .put("sum", picture.feature().sum());
        rows(feature.putArray("sums"), maps, (row, place) -> row.add(maps.sums()[place]));
    }

    private interface Cell {
        void add(ArrayNode row, int place);
    }

    private static void rows(ArrayNode rows, OcclusionMaps maps, Cell cell) {
        Windows windows = maps.windows();
        for (int row = 0; row < windows.rows(); row++) {
            ArrayNode cells = rows.addArray();
            for (int column = 0; column < windows.columns(); column++) {
                int place = row * windows.columns() + column;
                if (maps.known()[place]) {
                    cell.add(cells, place);
                } else {
                    cells.addNull();
                }
            }
        }
    }
}
