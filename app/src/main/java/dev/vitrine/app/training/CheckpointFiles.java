package dev.vitrine.app.training;

import dev.vitrine.app.model.CardOptions;
import dev.vitrine.app.model.ModelFacts;
import dev.vitrine.app.model.OpenModel;
import dev.vitrine.app.terminal.Stop;
import dev.vitrine.app.terminal.Terminal;
import dev.vitrine.engine.VitrineException;
import dev.vitrine.lens.data.Digest;
import dev.vitrine.lens.model.Model;
import dev.vitrine.study.growth.Checkpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The checkpoints that a person named, and what there is to say of the last once it was open. */
final class CheckpointFiles {
    private final List<Path> files;
    private final Path last;
    private String model = "";
    private Map<String, String> facts = Map.of();

    CheckpointFiles(List<Path> named) {
        this.files = named.stream().flatMap(CheckpointFiles::files).toList();
        if (files.size() < 2) {
            throw VitrineException.usage("Found " + files.size() + " checkpoint in " + named
                    + "; expected at least two ONNX files of one training.");
        }
        this.last = files.get(files.size() - 1);
    }

    private static Stream<Path> files(Path path) {
        if (!Files.isDirectory(path)) {
            return Stream.of(path);
        }
        try (Stream<Path> inside = Files.list(path)) {
            List<Path> found = inside.filter(
                            file -> file.getFileName().toString().endsWith(".onnx"))
                    .sorted((one, other) -> order(one).compareTo(order(other)))
                    .toList();
            if (found.isEmpty()) {
                throw VitrineException.failure(path + ": holds no ONNX files; expected checkpoints of a training.");
            }
            return found.stream();
        } catch (IOException failure) {
            throw VitrineException.failure(path + ": cannot be read (" + failure.getMessage() + ")", failure);
        }
    }

    /** With numbers filled up, so that epoch-9 comes before epoch-10. */
    private static String order(Path file) {
        return Pattern.compile("\\d+")
                .matcher(file.getFileName().toString())
                .replaceAll(match -> "0".repeat(Math.max(0, 12 - match.group().length())) + match.group());
    }

    /**
     * @param first hears of the last checkpoint's network when it is open, before all others
     */
    List<Checkpoint> opened(CardOptions cards, Terminal terminal, Stop stop, Consumer<Model> first) {
        return files.stream()
                .map(file -> new Checkpoint(
                        file.getFileName().toString().replaceAll("\\.onnx$", ""), Digest.of(file), () -> {
                            OpenModel open = cards.open(file, terminal, stop);
                            if (file.equals(last)) {
                                // A checkpoint's card names its epoch.
                                model = open.model().name().replaceAll("[, ]+epoch \\d+$", "");
                                facts = ModelFacts.of(open.model());
                                first.accept(open.model());
                            }
                            return open;
                        }))
                .toList();
    }

    /** Name of the network. */
    String model() {
        return model;
    }

    Map<String, String> facts() {
        return facts;
    }
}
