package dev.vitrine.study.variant;

import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** A {@link VariantReport} for programs. */
final class VariantSummary {
    private static final JsonMapper MAPPER = new JsonMapper();

    private VariantSummary() {}

    private static void spread(ObjectNode node, String name, VariantResult.Spread spread) {
        node.put(name, spread.mean());
        node.put(name + "Deviation", spread.deviation());
    }

    private static void run(ObjectNode node, VariantResult.Run run, String folder) {
        node.put("training", folder + "/" + run.folder());
        node.put("seed", run.seed());
        node.put("trainingPictures", run.learned().pictures());
        node.put("trainingError", run.learned().share());
        node.put("heldOutPictures", run.heldOut().pictures());
        node.put("heldOutError", run.heldOut().share());
        node.put("heldOutLoss", run.loss());
        node.put("deadShare", run.dead());
    }

    static String json(VariantReport report) {
        ObjectNode root = MAPPER.createObjectNode();
        root.put("recipe", report.recipe());
        root.put("data", report.data());
        root.put("epochs", report.epochs());
        root.put("repeats", report.repeats());
        root.put("partial", report.missing().isPresent());
        report.missing().ifPresent(missing -> root.put("missing", missing));
        ArrayNode variants = root.putArray("variants");
        for (VariantResult result : report.results()) {
            ObjectNode node = variants.addObject();
            node.put("name", result.name());
            node.put("weights", result.weights());
            spread(node, "trainingError", result.learned());
            spread(node, "heldOutError", result.heldOut());
            spread(node, "heldOutLoss", result.of(VariantResult.Run::loss));
            spread(node, "deadShare", result.of(VariantResult.Run::dead));
            node.put("rise", result.rise(report.unchanged()).mean());
            node.put("margin", result.margin(report.unchanged()));
            ArrayNode runs = node.putArray("trainings");
            result.runs().forEach(run -> run(runs.addObject(), run, report.folder()));
        }
        ArrayNode unreadable = root.putArray("unreadable");
        report.unreadable().forEach(unreadable::add);
        ObjectNode facts = root.putObject("facts");
        report.facts().forEach(facts::put);
        return MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(root).replace("\r\n", "\n") + "\n";
    }
}
