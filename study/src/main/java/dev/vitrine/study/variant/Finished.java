package dev.vitrine.study.variant;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.lens.data.OneFile;
import dev.vitrine.lens.data.OutputFile;
import dev.vitrine.lens.training.Recipe;
import dev.vitrine.study.variant.VariantResult.Wrong;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The file that a training leaves which is done, so that it is not done again.
 *
 * @param recipe how the network was made; another recipe makes the file count for nothing
 * @param pictures digest of what was learned from; so do other pictures
 */
record Finished(Path file, Recipe recipe, String pictures) {
    private static final JsonMapper MAPPER = new JsonMapper();

    /**
     * What is kept.
     *
     * @param weights numbers that are learned
     * @param unreadable why pictures were left out
     */
    record Row(long weights, VariantResult.Run run, List<String> unreadable) {
        Row {
            unreadable = List.copyOf(unreadable);
        }
    }

    void write(Row row) {
        VariantResult.Run run = row.run();
        ObjectNode root = MAPPER.createObjectNode();
        root.put("madeBy", madeBy());
        root.put("weights", row.weights());
        root.put("learned", run.learned().pictures());
        root.put("learnedWrong", run.learned().count());
        root.put("heldOut", run.heldOut().pictures());
        root.put("heldOutWrong", run.heldOut().count());
        root.put("loss", run.loss());
        root.put("dead", run.dead());
        ArrayNode unreadable = root.putArray("unreadable");
        row.unreadable().forEach(unreadable::add);
        OutputFile.write(file, MAPPER.writeValueAsString(root) + "\n");
    }

    /** What it came to, where it was made by the same recipe. */
    Optional<Row> read(String folder) {
        return Files.exists(file) ? OneFile.guarded(file.toString(), () -> stored(folder)) : Optional.empty();
    }

    private Optional<Row> stored(String folder) {
        JsonNode root;
        try {
            root = MAPPER.readTree(Files.readString(file));
        } catch (IOException | JacksonException broken) {
            throw VitrineException.failure(
                    file + ": cannot be read (" + broken.getMessage()
                            + "); expected what a finished training left there. Take the file away to train again.",
                    broken);
        }
        if (!root.path("madeBy").asString("").equals(madeBy())) {
            return Optional.empty();
        }
        VariantResult.Run run = new VariantResult.Run(
                folder,
                recipe.plan().seed(),
                new Wrong(
                        root.path("learnedWrong").asInt(), root.path("learned").asInt()),
                new Wrong(
                        root.path("heldOutWrong").asInt(), root.path("heldOut").asInt()),
                root.path("loss").asDouble(),
                root.path("dead").asDouble());
        List<String> unreadable = new ArrayList<>();
        root.path("unreadable").forEach(reason -> unreadable.add(reason.asString()));
        return Optional.of(new Row(root.path("weights").asLong(), run, unreadable));
    }

    private String madeBy() {
        return recipe.text() + "\nepochs " + recipe.plan().epochs() + "\nseed "
                + recipe.plan().seed() + "\npictures " + pictures;
    }
}
