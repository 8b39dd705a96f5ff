package dev.vitrine.lens.data;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.file.FileProblem;
import dev.vitrine.engine.file.WholeFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Writes a file whole or not at all, as {@link WholeFile} does. */
public final class OutputFile {
    private OutputFile() {}

    public static void write(Path target, byte[] content) {
        write(target, output -> output.write(content));
    }

    /** As UTF-8. */
    public static void write(Path target, String content) {
        write(target, content.getBytes(StandardCharsets.UTF_8));
    }

    /** Creates missing parent folders; a device or a pipe, such as {@code /dev/stdout}, is written to directly. */
    public static void write(Path target, WholeFile.Content content) {
        if (Files.isDirectory(target)) {
            throw VitrineException.failure(
                    "Cannot write " + target + ": it is a folder, expected the name of a file. Choose another name.");
        }
        if (target.getFileName() == null) {
            throw VitrineException.failure("Cannot write '" + target + "': expected the name of a file.");
        }
        try {
            WholeFile.write(target, content);
        } catch (IOException cause) {
            throw VitrineException.failure("Cannot write " + target + ": " + FileProblem.words(cause) + ".", cause);
        }
    }
}
