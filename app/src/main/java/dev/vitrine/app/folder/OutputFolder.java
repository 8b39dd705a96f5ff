package dev.vitrine.app.folder;

import dev.vitrine.engine.VitrineException;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** The folder that a command writes to. */
public final class OutputFolder {
    private OutputFolder() {}

    /** Makes the folder, so that a wrong one is told before the work. */
    public static void prepare(Path folder) {
        try {
            Files.createDirectories(folder);
        } catch (FileAlreadyExistsException file) {
            throw unwritable(folder, file.getFile() + " is a file");
        } catch (FileSystemException refused) {
            throw unwritable(
                    folder,
                    Optional.ofNullable(refused.getReason()).orElse("the file system refused") + " ("
                            + refused.getFile() + ")");
        } catch (IOException e) {
            throw unwritable(folder, e.getMessage());
        }
        if (!Files.isWritable(folder)) {
            throw unwritable(folder, "no permission to write");
        }
    }

    private static VitrineException unwritable(Path folder, String found) {
        return VitrineException.failure("Cannot write to the folder " + folder + ": " + found
                + "; expected a folder that may be written to. Choose another with --out.");
    }
}
