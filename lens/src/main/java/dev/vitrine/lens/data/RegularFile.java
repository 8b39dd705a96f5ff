package dev.vitrine.lens.data;

import dev.vitrine.engine.VitrineException;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Files that a person or another file names: never a folder, nor a device or pipe, whose reading may not end. */
public final class RegularFile {
    private static final int LONGEST_REASON = 300;

    private RegularFile() {}

    /**
     * Fails unless there is a regular file, also at the end of a link.
     *
     * @param expected what the file should be, for errors, such as a model card in YAML
     */
    public static void require(Path file, String expected) {
        if (Files.isRegularFile(file)) {
            return;
        }
        if (!Files.exists(file)) {
            throw VitrineException.failure(file + ": no such file; expected " + expected);
        }
        throw VitrineException.failure(file + ": "
                + (Files.isDirectory(file) ? "a folder" : "a device, a pipe or a socket, no regular file")
                + "; expected " + expected);
    }

    /**
     * All bytes of a file of at most so many; what grows while it is read is not followed further.
     *
     * @param expected what the file should be, for errors
     */
    public static byte[] bytes(Path file, String expected, int most) {
        require(file, expected);
        try (InputStream stream = Files.newInputStream(file)) {
            byte[] bytes = Files.size(file) > most ? new byte[0] : stream.readNBytes(most + 1);
            if (bytes.length > most || Files.size(file) > most) {
                throw VitrineException.failure(
                        file + ": larger than " + (most >> 20) + " MiB; expected " + expected + " of at most that");
            }
            return bytes;
        } catch (AccessDeniedException denied) {
            throw VitrineException.failure(file + ": may not be read; check its permissions", denied);
        } catch (IOException failure) {
            throw VitrineException.failure(
                    file + ": cannot be read (" + reason(failure) + "); expected " + expected, failure);
        }
    }

    /** Whether a file, at the end of all links, lies in or below a folder. */
    public static boolean liesIn(Path folder, Path file) {
        try {
            return file.toRealPath().startsWith(folder.toAbsolutePath().toRealPath());
        } catch (IOException absent) {
            return file.toAbsolutePath()
                    .normalize()
                    .startsWith(folder.toAbsolutePath().normalize());
        }
    }

    static String reason(Throwable failure) {
        Throwable deepest = failure;
        while (deepest.getCause() != null) {
            deepest = deepest.getCause();
        }
        if (deepest instanceof ClassCastException) {
            return "its values are of other types than the format says";
        }
        if (deepest instanceof EOFException) {
            return "it ends too early";
        }
        return Optional.ofNullable(deepest.getMessage())
                .filter(message -> !message.isBlank())
                .map(message ->
                        message.length() <= LONGEST_REASON ? message : message.substring(0, LONGEST_REASON) + "…")
                .orElse(deepest.getClass().getSimpleName());
    }
}
