package dev.vitrine.study.synthesis;

import dev.vitrine.lens.attribution.Provenance;
import dev.vitrine.study.synthesis.SynthesisReport.Item;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** A {@link SynthesisReport} for programs; {@code format} is 1. */
final class SynthesisSummary {
    private static final int FORMAT = 1;
    private static final JsonMapper MAPPER = new JsonMapper();

    private SynthesisSummary() {}

    static String json(SynthesisReport report) {
        ObjectNode root = MAPPER.createObjectNode();
        root.put("format", FORMAT);
        root.put("title", report.title());
        ObjectNode facts = root.putObject("facts");
        report.facts().forEach(facts::put);
        ArrayNode items = root.putArray("pictures");
        report.items().forEach(item -> item(items.addObject(), item));
        return MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(root).replace("\r\n", "\n") + "\n";
    }

    private static void item(ObjectNode node, Item item) {
        Provenance provenance = item.provenance();
        node.put("title", item.title());
        node.put("width", item.picture().getWidth());
        node.put("height", item.picture().getHeight());
        node.put("method", provenance.method());
        node.put("model", provenance.model());
        node.put("image", provenance.image());
        node.put("target", provenance.target());
        ObjectNode options = node.putObject("options");
        provenance.options().forEach(options::put);
        ObjectNode facts = node.putObject("facts");
        item.facts().forEach(facts::put);
        ArrayNode course = node.putArray("course");
        item.course().forEach(course::add);
        ArrayNode files = node.putArray("files");
        item.files().forEach(files::add);
    }
}
