package dev.vitrine.study.probe;

import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** A {@link ProbeReport} for programs. */
final class ProbeSummary {
    private static final JsonMapper MAPPER = new JsonMapper();
    private static final int CONFUSIONS = 20;

    private ProbeSummary() {}

    static String json(ProbeReport report) {
        ObjectNode root = MAPPER.createObjectNode();
        root.put("model", report.model());
        root.put("data", report.data());
        root.put("partial", report.missing().isPresent());
        report.missing().ifPresent(missing -> root.put("missing", missing));
        ArrayNode classes = root.putArray("classes");
        report.classes().forEach(classes::add);
        ArrayNode layers = root.putArray("layers");
        report.results().forEach(result -> layer(layers.addObject(), result));
        ArrayNode unreadable = root.putArray("unreadable");
        report.unreadable().forEach(unreadable::add);
        ObjectNode facts = root.putObject("facts");
        report.facts().forEach(facts::put);
        return MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(root).replace("\r\n", "\n") + "\n";
    }

    private static void layer(ObjectNode node, LayerResult result) {
        node.put("layer", result.layer());
        node.put("operator", result.operator());
        node.put("grid", result.grid());
        node.put("numbers", result.size());
        node.put("spread", result.spread());
        node.put("neighbours", result.neighbours());
        ArrayNode trials = node.putArray("trials");
        for (LayerResult.Trial trial : result.trials()) {
            ObjectNode one = trials.addObject();
            if (trial.shots() < Integer.MAX_VALUE) {
                one.put("shots", trial.shots());
            }
            one.put("trainingPictures", trial.trained());
            answers(one.putObject("linear"), trial.linear());
            answers(one.putObject("neighbours"), trial.neighbours());
        }
    }

    private static void answers(ObjectNode node, Answers answers) {
        node.put("pictures", answers.pictures());
        node.put("meanPerClass", answers.meanPerClass());
        node.put("low", answers.interval().low());
        node.put("high", answers.interval().high());
        ArrayNode shares = node.putArray("perClass");
        for (int label = 0; label < answers.counts().length; label++) {
            double share = answers.share(label);
            if (Double.isNaN(share)) {
                shares.addNull();
            } else {
                shares.add(share);
            }
        }
        ArrayNode confusions = node.putArray("confusions");
        for (Answers.Confusion one : answers.confusions(CONFUSIONS)) {
            confusions
                    .addObject()
                    .put("truth", one.truth())
                    .put("said", one.said())
                    .put("times", one.times())
                    .put("of", one.of());
        }
    }
}
