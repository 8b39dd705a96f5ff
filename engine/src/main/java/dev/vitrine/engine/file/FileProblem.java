package dev.vitrine.engine.file;

import dev.vitrine.engine.VitrineException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.util.Optional;

/** Descriptions of file system errors. */
public final class FileProblem {
    private FileProblem() {}

    /** A phrase that names the file if the system does. */
    public static String words(IOException cause) {
        if (cause instanceof AccessDeniedException denied) {
            return "no permission for " + denied.getFile();
        }
        if (cause instanceof FileAlreadyExistsException file) {
            return file.getFile() + " is a file, expected a folder";
        }
        if (cause instanceof NoSuchFileException missing) {
            return missing.getFile() + " does not exist";
        }
        if (cause instanceof FileSystemException other) {
            return Optional.ofNullable(other.getReason()).orElse("the file system refused") + " (" + other.getFile()
                    + ")";
        }
        return Optional.ofNullable(cause.getMessage()).orElse(cause.getClass().getSimpleName());
    }

    /** The failure over a name that is none here, mostly because Java started in another encoding. */
    public static VitrineException name(InvalidPathException cause) {
        return VitrineException.failure(
                "'" + cause.getInput() + "': no file name in " + System.getProperty("sun.jnu.encoding")
                        + ", the encoding of this environment. Set LC_ALL=C.UTF-8 before Java starts, as the launcher"
                        + " does, or rename the file.",
                cause);
    }
}
