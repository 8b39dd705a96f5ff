package dev.vitrine.study.occlusion;

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

/** Occlusion maps as JSON: values in rows of windows, null for windows that were not evaluated; {@code format} is 1. */
final class OcclusionSummary {
    private static final int FORMAT = 1;
    private static final JsonMapper JSON = new JsonMapper();
    private static final DefaultIndenter LINES = new DefaultIndenter("  ", "\n");

    private OcclusionSummary() {}

    /**
     * @param partial reason if incomplete
     */
    static String json(OcclusionStudy study, List<OccludedPicture> pictures, Optional<String> partial) {
        Model model = study.model();
        ObjectNode root = JSON.createObjectNode();
        root.put("format", FORMAT);
        partial.ifPresent(reason -> root.put(Provenance.PARTIAL, reason));
        root.put("model", model.name());
        root.put("modelSha256", model.sha256().toString());
        ObjectNode how = root.putObject("options");
        study.method().optionsOn(model).forEach(how::put);
        ArrayNode array = root.putArray("pictures");
        pictures.forEach(picture -> picture(array.addObject(), picture, study));
        DefaultPrettyPrinter printer = new DefaultPrettyPrinter().withObjectIndenter(LINES);
        return JSON.writer().with(printer).writeValueAsString(root) + "\n";
    }

    private static void picture(ObjectNode node, OccludedPicture picture, OcclusionStudy study) {
        Model model = study.model();
        Windows windows = study.method().windows(model);
        String unit = model.head().unit();
        node.put("name", picture.name());
        node.putObject("target")
                .put("class", picture.target())
                .put("label", model.display(picture.target()))
                .put(unit, Probabilities.shown(picture.scores(), model)[picture.target()]);
        node.put("windowsDone", picture.done());
        float[] shown = picture.shown();
        rows(node.putArray(unit), picture, windows, (row, place) -> row.add(shown[place]));
        int[] likeliest = picture.likeliest();
        rows(node.putArray("likeliest"), picture, windows, (row, place) -> row.add(likeliest[place]));
        Map<Integer, String> labels = new TreeMap<>();
        for (int found : likeliest) {
            if (found >= 0) {
                labels.put(found, model.display(found));
            }
        }
        ObjectNode classes = node.putObject("classes");
        labels.forEach((index, label) -> classes.put(Integer.toString(index), label));
        ObjectNode feature = node.putObject("feature")
                .put("layer", study.layer().name())
                .put("channel", picture.channel())
                .put("sum", new OcclusionMaps.Feature(study.layer(), picture.channel(), picture.map()).sum());
        rows(feature.putArray("sums"), picture, windows, (row, place) -> row.add(picture.sums()[place]));
    }

    private interface Cell {
        void add(ArrayNode row, int place);
    }

    private static void rows(ArrayNode rows, OccludedPicture picture, Windows windows, Cell cell) {
        for (int row = 0; row < windows.rows(); row++) {
            ArrayNode cells = rows.addArray();
            for (int column = 0; column < windows.columns(); column++) {
                int place = row * windows.columns() + column;
                if (picture.known()[place]) {
                    cell.add(cells, place);
                } else {
                    cells.addNull();
                }
            }
        }
    }
}
