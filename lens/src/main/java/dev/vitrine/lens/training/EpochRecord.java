package dev.vitrine.lens.training;

import java.util.Locale;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * One line of a training's log.
 *
 * @param epoch counted from 1
 * @param rate the learning rate at its last step
 * @param trainLoss mean over its steps, on augmented pictures
 * @param trainAccuracy likewise
 * @param loss on the held-out pictures
 * @param accuracy on the held-out pictures
 * @param meanClassAccuracy on the held-out pictures
 * @param deadShare share of the units after rectifiers that no held-out picture activates
 * @param seconds duration, including evaluation
 * @param picturesPerSecond training throughput
 */
public record EpochRecord(
        int epoch,
        double rate,
        double trainLoss,
        double trainAccuracy,
        double loss,
        double accuracy,
        double meanClassAccuracy,
        double deadShare,
        double seconds,
        double picturesPerSecond) {
    private static final JsonMapper MAPPER = new JsonMapper();

    String json() {
        ObjectNode node = MAPPER.createObjectNode();
        node.put("epoch", epoch);
        node.put("rate", rounded(rate));
        node.put("trainLoss", rounded(trainLoss));
        node.put("trainAccuracy", rounded(trainAccuracy));
        node.put("loss", rounded(loss));
        node.put("accuracy", rounded(accuracy));
        node.put("meanClassAccuracy", rounded(meanClassAccuracy));
        node.put("deadShare", rounded(deadShare));
        node.put("seconds", Math.round(seconds * 10) / 10.0);
        node.put("picturesPerSecond", Math.round(picturesPerSecond * 10) / 10.0);
        return MAPPER.writeValueAsString(node);
    }

    static EpochRecord parse(String line) {
        JsonNode node = MAPPER.readTree(line);
        return new EpochRecord(
                node.get("epoch").asInt(),
                node.get("rate").asDouble(),
                node.get("trainLoss").asDouble(),
                node.get("trainAccuracy").asDouble(),
                node.get("loss").asDouble(),
                node.get("accuracy").asDouble(),
                node.get("meanClassAccuracy").asDouble(),
                node.get("deadShare").asDouble(),
                node.get("seconds").asDouble(),
                node.get("picturesPerSecond").asDouble());
    }

    private static double rounded(double value) {
        return Double.parseDouble(String.format(Locale.ROOT, "%.6g", value));
    }
}
