package dev.vitrine.study.growth;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.lens.session.ModelSession;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A network as it was at some time of its training.
 *
 * @param digest of its file
 * @param opening opens it, for as long as it is looked at
 */
public record Checkpoint(String name, String digest, Supplier<? extends Open> opening) {
    /** A checkpoint that is open. */
    public interface Open extends AutoCloseable {
        ModelSession session();

        @Override
        void close();
    }

    /**
     * ONNX files of a training, those in folders sorted by the numbers in their names.
     *
     * @param named files and folders
     */
    public static List<Path> files(List<Path> named) {
        List<Path> files = named.stream().flatMap(Checkpoint::files).toList();
        if (files.size() < 2) {
            throw VitrineException.usage("Found " + files.size() + " checkpoint in " + named
                    + "; expected at least two ONNX files of one training.");
        }
        return files;
    }

    /** Of a file, without its ending. */
    public static String name(Path file) {
        return file.getFileName().toString().replaceAll("\\.onnx$", "");
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
}
