package dev.vitrine.engine.onnx;

import dev.vitrine.engine.VitrineException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Optional;

/**
 * What tells a file from the same one overwritten, replaced or cut.
 *
 * @param key of the file's content in its file system, where that has one
 */
public record FileStamp(Path file, long size, FileTime modified, Optional<Object> key) {
    /** As the file is now; of one that is missing, a stamp that no file has. */
    public static FileStamp of(Path file) {
        try {
            BasicFileAttributes found = Files.readAttributes(file, BasicFileAttributes.class);
            return new FileStamp(file, found.size(), found.lastModifiedTime(), Optional.ofNullable(found.fileKey()));
        } catch (IOException missing) {
            return new FileStamp(file, -1, FileTime.fromMillis(0), Optional.empty());
        }
    }

    /** Fails where the file is not as it was, so that nothing is made of two halves. */
    public void requireUnchanged() {
        if (!equals(of(file))) {
            throw VitrineException.failure("'" + file
                    + "': the file was changed while it was being read. Run again when it is written whole.");
        }
    }
}
