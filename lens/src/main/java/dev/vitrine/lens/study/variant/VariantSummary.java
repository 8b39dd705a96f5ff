package dev.vitrine.lens.study.variant;

import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** A {@link VariantReport} for programs. */
final class VariantSummary {
    private static final JsonMapper MAPPER = new JsonMapper();

    private VariantSummary() {}

    static String json(VariantReport report) {
        ObjectNode root = MAPPER.createObjectNode();
        root.put("recipe", report.recipe());
        root.put("data", report.data());
        root.put("epochs", report.epochs());
        root.put("partial", report.missing().isPresent());
        report.missing().ifPresent(missing -> root.put("missing", missing));
        ArrayNode variants = root.putArray("variants");
        for (VariantResult result : report.results()) {
            ObjectNode node = variants.addObject();
            node.put("name", result.name());
            node.put("training", report.folder() + "/" + result.folder());
            node.put("weights", result.weights());
            node.put("trainingPictures", result.learned().pictures());
            node.put("trainingError", result.learned().share());
            node.put("heldOutPictures", result.heldOut().pictures());
            node.put("heldOutError", result.heldOut().share());
            node.put("heldOutLoss", result.loss());
            node.put("deadShare", result.dead());
            node.put("rise", result.rise(report.unchanged()));
            node.put("margin", result.margin(report.unchanged()));
        }
        ArrayNode unreadable = root.putArray("unreadable");
        report.unreadable().forEach(unreadable::add);
        ObjectNode facts = root.putObject("facts");
        report.facts().forEach(facts::put);
        return MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(root).replace("\r\n", "\n") + "\n";
    }
}
