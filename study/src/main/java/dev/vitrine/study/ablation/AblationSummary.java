package dev.vitrine.study.ablation;

import java.util.Locale;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** An {@link AblationReport} for programs. */
final class AblationSummary {
    private static final JsonMapper MAPPER = new JsonMapper();

    private AblationSummary() {}

    static String json(AblationReport report) {
        ObjectNode root = MAPPER.createObjectNode();
        root.put("model", report.model());
        root.put("data", report.data());
        root.put("fill", word(report.fill()));
        root.put("partial", report.missing().isPresent());
        report.missing().ifPresent(missing -> root.put("missing", missing));
        outcome(root.putObject("whole"), report.whole());
        ArrayNode layers = root.putArray("layers");
        for (LayerAblation.Result result : report.layers()) {
            Removal removal = result.removal();
            ObjectNode node = layers.addObject();
            node.put("layer", removal.layer());
            node.put("stage", removal.stage());
            node.put("how", removal.words());
            node.put("value", removal.value().name());
            removal.source().ifPresent(source -> node.put("source", source.name()));
            node.put("passage", word(removal.passage()));
            ArrayNode taken = node.putArray("taken");
            removal.taken().forEach(taken::add);
            node.put("weights", removal.parameters());
            outcome(node, result.outcome());
            report.retrained()
                    .filter(found -> found.without().containsKey(removal))
                    .ifPresent(found -> retrained(node, found.without().get(removal)));
        }
        report.retrained().ifPresent(found -> {
            ObjectNode node = root.putObject("learnedOn");
            node.put("recipe", found.recipe());
            retrained(node, found.whole());
        });
        ArrayNode channels = root.putArray("channels");
        for (ChannelAblation.Result result : report.channels()) {
            ObjectNode node = channels.addObject();
            node.put("layer", result.layer());
            ArrayNode importance = node.putArray("importance");
            result.importance().forEach(importance::add);
            ObjectNode curves = node.putObject("curves");
            result.curves().forEach((order, steps) -> {
                ArrayNode curve = curves.putArray(word(order));
                steps.forEach(step -> outcome(curve.addObject().put("held", step.held()), step.outcome()));
            });
        }
        ArrayNode unreadable = root.putArray("unreadable");
        report.unreadable().forEach(unreadable::add);
        ObjectNode facts = root.putObject("facts");
        report.facts().forEach(facts::put);
        return MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(root).replace("\r\n", "\n") + "\n";
    }

    private static void retrained(ObjectNode node, Retraining.Result result) {
        node.put("learnedError", result.error());
        node.put("learnedLoss", result.loss());
    }

    private static String word(Enum<?> choice) {
        return choice.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static void outcome(ObjectNode node, Outcome outcome) {
        node.put("pictures", outcome.pictures());
        node.put("topOneError", outcome.topOneError());
        node.put("topFiveError", outcome.topFiveError());
        node.put("loss", outcome.loss());
        node.put("rise", outcome.rise());
        node.put("margin", outcome.margin());
    }
}
