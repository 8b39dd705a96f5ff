package dev.vitrine.study.growth;

import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** A {@link GrowthReport} for programs. */
final class GrowthSummary {
    private static final JsonMapper MAPPER = new JsonMapper();

    private GrowthSummary() {}

    static String json(GrowthReport report) {
        ObjectNode root = MAPPER.createObjectNode();
        root.put("model", report.model());
        root.put("data", report.data());
        root.put("partial", report.missing().isPresent());
        report.missing().ifPresent(missing -> root.put("missing", missing));
        ArrayNode checkpoints = root.putArray("checkpoints");
        for (int index = 0; index < report.snapshots().size(); index++) {
            checkpoint(checkpoints.addObject(), report, index);
        }
        ArrayNode unreadable = root.putArray("unreadable");
        report.unreadable().forEach(unreadable::add);
        ObjectNode facts = root.putObject("facts");
        report.facts().forEach(facts::put);
        return MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(root).replace("\r\n", "\n") + "\n";
    }

    private static void checkpoint(ObjectNode node, GrowthReport report, int index) {
        Snapshot snapshot = report.snapshots().get(index);
        node.put("name", snapshot.name());
        ArrayNode weights = node.putArray("weights");
        snapshot.weights()
                .forEach(
                        layer -> weights.addObject().put("layer", layer.layer()).put("distance", layer.distance()));
        ArrayNode layers = node.putArray("layers");
        for (Snapshot.LayerState layer : snapshot.layers()) {
            ObjectNode one = layers.addObject();
            one.put("layer", layer.layer()).put("channels", layer.channels()).put("likeness", layer.likeness());
            layer.dead().ifPresent(dead -> one.put("dead", dead));
        }
        ArrayNode units = node.putArray("units");
        for (int unit = 0; unit < snapshot.units().size(); unit++) {
            Snapshot.UnitState state = snapshot.units().get(unit);
            units.addObject()
                    .put("unit", state.unit())
                    .put("picture", state.name())
                    .put("value", state.value())
                    .put("jump", report.jumps(index, unit));
        }
    }
}
