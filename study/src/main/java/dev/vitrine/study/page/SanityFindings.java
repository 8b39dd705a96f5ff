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
 * What {@code vitrine trust} found on a model: which methods fail the sanity check there.
 *
 * @param source the file, where there is one
 * @param methods by id
 */
public record SanityFindings(Optional<String> source, Map<String, Finding> methods) {
    /** Where nothing was tested. */
    public static final SanityFindings NONE = new SanityFindings(Optional.empty(), Map.of());

    private static final String FILE = "trust.json";
    private static final String FOLDER = "trust";
    private static final String HASH = "SHA-256 of the model";

    /** @param words how alike maps stay when layers are random */
    public record Finding(boolean passes, String words) {}

    public SanityFindings {
        methods = Map.copyOf(methods);
    }

    /**
     * What a file tells, or the file in a folder.
     *
     * @throws VitrineException of kind USAGE if it is about another model, or is none
     */
    public static SanityFindings of(Path fileOrFolder, String sha256) {
        Path file = Files.isDirectory(fileOrFolder) ? fileOrFolder.resolve(FILE) : fileOrFolder;
        JsonNode root = read(file)
                .orElseThrow(() -> VitrineException.usage(file
                        + ": expected a file that 'vitrine trust' has written. Run it on this model, and give its output"
                        + " folder."));
        String found = root.path("facts").path(HASH).asString("");
        if (!found.equals(sha256)) {
            throw VitrineException.usage(file + " is about another model: found SHA-256 " + found + ", expected "
                    + sha256 + ". Run 'vitrine trust' on this model.");
        }
        return new SanityFindings(Optional.of(file.toString()), findings(root));
    }

    /** What was found on this model and lies in the folder, or beside it where {@code vitrine trust} writes by itself. */
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
