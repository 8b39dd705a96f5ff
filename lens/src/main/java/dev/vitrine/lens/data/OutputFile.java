package dev.vitrine.lens.data;

import dev.vitrine.engine.VitrineException;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;

/**
 * Writes a file whole or not at all: first to {@code .NAME.part} beside it, then moved into place in one step. After a
 * failure an earlier file is as it was and no partial one is left.
 */
public final class OutputFile {
    /** What goes into the file. */
    @FunctionalInterface
    public interface Content {
        void writeTo(OutputStream output) throws IOException;
    }

    private OutputFile() {}

    public static void write(Path target, byte[] content) {
        write(target, output -> output.write(content));
    }

    /** As UTF-8. */
    public static void write(Path target, String content) {
        write(target, content.getBytes(StandardCharsets.UTF_8));
    }

    /** Creates missing parent folders; a device or a pipe, such as {@code /dev/stdout}, is written to directly. */
    public static void write(Path target, Content content) {
        if (Files.isDirectory(target)) {
            throw VitrineException.failure(
                    "Cannot write " + target + ": it is a folder, expected the name of a file. Choose another name.");
        }
        if (target.getFileName() == null) {
            throw VitrineException.failure("Cannot write '" + target + "': expected the name of a file.");
        }
        try {
            if (Files.exists(target) && !Files.isRegularFile(target)) {
                stream(target, content);
            } else {
                replace(target.toAbsolutePath(), content);
            }
        } catch (IOException cause) {
            throw VitrineException.failure("Cannot write " + target + ": " + words(cause) + ".", cause);
        }
    }

    private static void replace(Path target, Content content) throws IOException {
        Files.createDirectories(target.getParent());
        Path part = target.resolveSibling("." + target.getFileName() + ".part");
        if (Files.isDirectory(part)) {
            throw new FileSystemException(part.toString(), null, "a folder is in the way");
        }
        try {
            stream(part, content);
            Files.move(part, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException | RuntimeException | Error failure) {
            remove(part, failure);
            throw failure;
        }
    }

    private static void stream(Path path, Content content) throws IOException {
        try (OutputStream output = new BufferedOutputStream(Files.newOutputStream(path))) {
            content.writeTo(output);
        }
    }

    private static void remove(Path part, Throwable failure) {
        try {
            Files.deleteIfExists(part);
        } catch (IOException second) {
            failure.addSuppressed(second);
        }
    }

    private static String words(IOException cause) {
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
}
