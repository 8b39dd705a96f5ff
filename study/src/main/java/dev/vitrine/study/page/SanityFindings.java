package dev.vitrine.study.page;

import dev.vitrine.engine.VitrineException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Verdicts of {@code vitrine trust} on a model: which methods fail the sanity check.
 *
 * @param source the file, if any
 * @param methods by id
 */
public record SanityFindings(Optional<String> source, Map<String, Finding> methods) {
    /** No verdicts. */
    public static final SanityFindings NONE = new SanityFindings(Optional.empty(), Map.of());

    private static final String FILE = "trust.json";
    private static final String FOLDER = "trust";
    private static final String HASH = "SHA-256 of the model";

    /** @param words similarity of the maps under randomization */
    public record Finding(boolean passes, String words) {}

    public SanityFindings {
        methods = Map.copyOf(methods);
    }

    /**
     * Reads a file, or the file in a folder.
     *
     * @throws VitrineException of kind USAGE if it belongs to another model, or is not a trust report
     */
    public static SanityFindings of(Path fileOrFolder, String sha256) {
        Path file = Files.isDirectory(fileOrFolder) ? fileOrFolder.resolve(FILE) : fileOrFolder;
        JsonNode root = read(file)
                .orElseThrow(() -> VitrineException.usage(file
                        + ": expected a file written by 'vitrine trust'. Run it on this model and pass its output"
                        + " folder."));
        String found = root.path("facts").path(HASH).asString("");
        if (!found.equals(sha256)) {
            throw VitrineException.usage(file + " belongs to another model: found SHA-256 " + found + ", expected "
                    + sha256 + ". Run 'vitrine trust' on this model.");
        }
        return new SanityFindings(Optional.of(file.toString()), findings(root));
    }

    /** Verdicts on this model from the folder, or from the default output of {@code vitrine trust} beside it. */
    public static SanityFindings beside(Path folder, String sha256) {
        for (Path place :
                new Path[] {folder.resolve(FILE), folder.resolveSibling(FOLDER).resolve(FILE)}) {
            Optional<JsonNode> root = Files.isRegularFile(place) ? read(place) : Optional.empty();
            if (root.isPresent()
                    && root.get().path("facts").path(HASH).asString("").equals(sha256)) {
                return new SanityFindings(Optional.of(place.toString()), findings(root.get()));
            }
        }
        return NONE;
    }

    private static Optional<JsonNode> read(Path file) {
        try {
            return Optional.of(new JsonMapper().readTree(Files.readString(file)));
        } catch (IOException | JacksonException broken) {
            return Optional.empty();
        }
    }

    private static Map<String, Finding> findings(JsonNode root) {
        Map<String, Finding> findings = new LinkedHashMap<>();
        for (JsonNode method : root.path("methods")) {
            JsonNode sanity = method.path("sanity");
            if (sanity.has("outcome")) {
                findings.put(
                        method.path("method").asString(""),
                        new Finding(sanity.path("outcome").asString("").equals("passes"), words(root, sanity)));
            }
        }
        return findings;
    }

    private static String words(JsonNode root, JsonNode sanity) {
        return String.format(
                Locale.ROOT,
                "%s %.2f above chance with %d of %d layers random",
                sanity.path("measure").asString(""),
                sanity.path("similarityAboveChance").asDouble(0),
                sanity.path("randomLayers").asInt(0),
                root.path("layers").asInt(0));
    }
}
