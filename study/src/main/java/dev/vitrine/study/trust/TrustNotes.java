package dev.vitrine.study.trust;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.lens.data.Npy;
import dev.vitrine.lens.data.OneFile;
import dev.vitrine.lens.data.OutputFile;
import dev.vitrine.lens.metric.Curve;
import dev.vitrine.lens.metric.Measure;
import dev.vitrine.study.sanity.SanityCheck;
import dev.vitrine.study.sanity.Similarity;
import dev.vitrine.study.trust.TrustReport.Control;
import dev.vitrine.study.trust.TrustReport.StageResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * What an unfinished study has come to, in a folder of its own: {@code question.txt}, which says what it is a study of, a
 * JSON file for each stage and each picture that is done, and the maps of the stages as NumPy arrays.
 */
public final class TrustNotes {
    private static final String QUESTION = "question.txt";
    private static final JsonMapper MAPPER = new JsonMapper();

    /**
     * What became of the methods at a stage.
     *
     * @param results by the method's place in the list; a method without an answer is left out
     * @param missed why, by the method's id
     */
    public record Noted(Map<Integer, StageResult> results, Map<String, String> missed) {
        public Noted {
            results = Map.copyOf(results);
            missed = Map.copyOf(missed);
        }
    }

    private final Path folder;

    private TrustNotes(Path folder) {
        this.folder = folder;
    }

    /**
     * The notes in a folder, or none yet.
     *
     * @param question all that the results depend on, a line for each thing
     * @throws VitrineException of kind USAGE if they answer another question
     */
    public static TrustNotes of(Path folder, List<String> question) {
        Path file = folder.resolve(QUESTION);
        if (!Files.exists(file)) {
            OutputFile.write(file, String.join("\n", question) + "\n");
            return new TrustNotes(folder);
        }
        List<String> found;
        try {
            found = Files.readAllLines(file);
        } catch (IOException broken) {
            throw unreadable(file, broken);
        }
        for (int line = 0; line < Math.max(found.size(), question.size()); line++) {
            String one = line < found.size() ? found.get(line) : "nothing more";
            String other = line < question.size() ? question.get(line) : "nothing more";
            if (!one.equals(other)) {
                throw VitrineException.usage(folder + " holds an unfinished study of something else: found '" + one
                        + "', expected '" + other + "'. Write to another folder with --out, or remove " + folder + ".");
            }
        }
        return new TrustNotes(folder);
    }

    /**
     * A stage that is done.
     *
     * @param place of the stage in its order
     */
    public Optional<Noted> stage(SanityCheck.Stage stage, int place) {
        Path file = file(stage, place);
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        return Optional.of(OneFile.guarded(file.toString(), () -> noted(file, stage, place)));
    }

    private Noted noted(Path file, SanityCheck.Stage stage, int place) {
        JsonNode root = read(file);
        Map<Integer, StageResult> results = new LinkedHashMap<>();
        root.path("results").properties().forEach(entry -> {
            int method = Integer.parseInt(entry.getKey());
            JsonNode mean = entry.getValue();
            results.put(
                    method,
                    new StageResult(
                            stage,
                            new Similarity(
                                    number(file, mean, "spearmanWithSign"),
                                    number(file, mean, "spearmanWithoutSign"),
                                    number(file, mean, "ssim")),
                            Npy.read(heat(stage, place, method))));
        });
        Map<String, String> missed = new LinkedHashMap<>();
        root.path("missed")
                .properties()
                .forEach(entry -> missed.put(entry.getKey(), entry.getValue().asString()));
        return new Noted(results, missed);
    }

    public void note(SanityCheck.Stage stage, int place, Noted noted) {
        ObjectNode root = MAPPER.createObjectNode();
        root.put("layer", stage.label()).put("randomLayers", stage.layers());
        ObjectNode results = root.putObject("results");
        noted.results().forEach((method, result) -> {
            Npy.write(heat(stage, place, method), result.heat());
            TrustSummary.similarity(results.putObject(Integer.toString(method)), result.mean());
        });
        ObjectNode missed = root.putObject("missed");
        noted.missed().forEach(missed::put);
        OutputFile.write(file(stage, place), TrustSummary.text(root));
    }

    /** What was measured on a picture, of a random map first, then of each method. */
    public Optional<List<Control>> picture(int place) {
        Path file = file(place);
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        return Optional.of(OneFile.guarded(file.toString(), () -> measured(file)));
    }

    private static List<Control> measured(Path file) {
        List<Control> measured = new ArrayList<>();
        for (JsonNode node : read(file).path("maps")) {
            Map<Measure, Double> measures = new EnumMap<>(Measure.class);
            for (Measure measure : Measure.values()) {
                if (node.path("measures").has(measure.key())) {
                    measures.put(measure, number(file, node.path("measures"), measure.key()));
                }
            }
            measured.add(new Control(curve(node.path("deletion")), curve(node.path("insertion")), measures));
        }
        return measured;
    }

    public void note(int place, List<Control> measured) {
        ObjectNode root = MAPPER.createObjectNode();
        var maps = root.putArray("maps");
        measured.forEach(control -> TrustSummary.control(maps.addObject(), control));
        OutputFile.write(file(place), TrustSummary.text(root));
    }

    /** Removes the notes, once the study is written. */
    public void remove() {
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.filter(TrustNotes::isOurs).toList()) {
                Files.delete(file);
            }
            Files.delete(folder);
        } catch (IOException kept) {
            throw VitrineException.failure(
                    "Cannot remove " + folder + ": " + kept.getMessage()
                            + ". The study is whole; remove the folder by hand.",
                    kept);
        }
    }

    private static boolean isOurs(Path file) {
        return file.getFileName().toString().matches("\\.?(question|picture-|cascading-|independent-).*");
    }

    private Path file(SanityCheck.Stage stage, int place) {
        return folder.resolve(name(stage, place) + ".json");
    }

    private Path heat(SanityCheck.Stage stage, int place, int method) {
        return folder.resolve(name(stage, place) + "-" + method + ".npy");
    }

    private static String name(SanityCheck.Stage stage, int place) {
        return stage.order().name().toLowerCase(Locale.ROOT) + "-" + place;
    }

    private Path file(int place) {
        return folder.resolve("picture-" + place + ".json");
    }

    private static JsonNode read(Path file) {
        try {
            return MAPPER.readTree(Files.readString(file));
        } catch (IOException | JacksonException broken) {
            throw unreadable(file, broken);
        }
    }

    private static Optional<Curve> curve(JsonNode node) {
        return node.has("scores")
                ? Optional.of(new Curve(numbers(node.path("shares")), numbers(node.path("scores"))))
                : Optional.empty();
    }

    private static List<Double> numbers(JsonNode array) {
        List<Double> numbers = new ArrayList<>();
        array.forEach(number -> numbers.add(number.asDouble()));
        return numbers;
    }

    private static double number(Path file, JsonNode node, String name) {
        if (!node.path(name).isNumber()) {
            throw unreadable(file, new IOException("it has no number '" + name + "'"));
        }
        return node.path(name).asDouble();
    }

    private static VitrineException unreadable(Path file, Exception broken) {
        return VitrineException.failure(
                file + ": cannot be read (" + broken.getMessage() + "). Remove the folder " + file.getParent()
                        + " to begin anew.",
                broken);
    }
}
