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
 * The file that marks a finished training, so that it is not repeated.
 *
 * @param recipe the recipe of the training; a different recipe invalidates the file
 * @param pictures digest of the training pictures; different pictures invalidate the file
 */
record Finished(Path file, Recipe recipe, String pictures) {
    private static final JsonMapper MAPPER = new JsonMapper();

    /**
     * The stored result.
     *
     * @param weights number of learned weights
     * @param unreadable reasons for skipped pictures
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

    /** The result, if it was made with the same recipe and pictures. */
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
                            + "); expected the result of a finished training. Delete the file to train again.",
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
