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
 * A network at some point of its training.
 *
 * @param digest digest of its file
 * @param opening opens the network
 */
public record Checkpoint(String name, String digest, Supplier<? extends Open> opening) {
    /** An open checkpoint. */
    public interface Open extends AutoCloseable {
        ModelSession session();

        @Override
        void close();
    }

    /**
     * Checkpoints from ONNX files; those in a folder are sorted by the numbers in their names.
     *
     * @param named given files and folders
     */
    public static List<Path> files(List<Path> named) {
        List<Path> files = named.stream().flatMap(Checkpoint::files).toList();
        if (files.size() < 2) {
            throw VitrineException.usage("Found " + files.size() + " checkpoint in " + named
                    + "; expected at least two ONNX files of one training.");
        }
        return files;
    }

    /** The name of a file without its extension. */
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

    /** The name with zero-padded numbers, so that epoch-9 sorts before epoch-10. */
    private static String order(Path file) {
        return Pattern.compile("\\d+")
                .matcher(file.getFileName().toString())
                .replaceAll(match -> "0".repeat(Math.max(0, 12 - match.group().length())) + match.group());
    }
}
