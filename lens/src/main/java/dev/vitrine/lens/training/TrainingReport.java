package dev.vitrine.lens.training;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The results of a training so far.
 *
 * @param epochs planned
 * @param evaluation of the current network on the held-out pictures
 * @param learned the same on the unaugmented training pictures, once the training is done
 * @param labels names of the classes
 */
public record TrainingReport(
        String name,
        int epochs,
        List<EpochRecord> log,
        Evaluation evaluation,
        Optional<Evaluation> learned,
        List<String> labels,
        Map<String, String> facts) {
    public TrainingReport {
        log = List.copyOf(log);
        labels = List.copyOf(labels);
        facts = Collections.unmodifiableMap(new LinkedHashMap<>(facts));
    }

    /** The evaluation in machine-readable form. */
    public String json() {
        JsonMapper mapper = new JsonMapper();
        ObjectNode root = mapper.createObjectNode();
        root.put("model", name);
        root.put("epochs", log.size());
        root.put("accuracy", evaluation.accuracy());
        root.put("meanClassAccuracy", evaluation.meanClassAccuracy());
        root.put("loss", evaluation.loss());
        learned.ifPresent(found -> root.put("learnedAccuracy", found.accuracy()));
        root.put("units", evaluation.units());
        root.put("deadUnits", evaluation.dead());
        ArrayNode names = root.putArray("labels");
        labels.forEach(names::add);
        ArrayNode rows = root.putArray("confusion");
        IntStream.range(0, labels.size()).forEach(label -> {
            ArrayNode row = rows.addArray();
            evaluation.confusion().get(label).forEach(row::add);
        });
        ObjectNode told = root.putObject("facts");
        facts.forEach(told::put);
        return mapper.writeValueAsString(root) + "\n";
    }
}
