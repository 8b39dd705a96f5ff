package dev.vitrine.engine.file;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigInteger;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;

/**
 * A file that is written completely or not at all: first as a part file beside it, which is new and follows no link,
 * then moved into place atomically. After a failure, an earlier file is unchanged and no part file is left.
 *
 * <p>A link at the file's name is replaced by the file, and its target stays unchanged; so do other hard links. A file
 * without write permission is not replaced.
 */
public final class WholeFile implements AutoCloseable {
    /** The content of a file. */
    @FunctionalInterface
    public interface Content {
        void writeTo(OutputStream output) throws IOException;
    }

    /** The longest file name in common file systems. */
    private static final int LONGEST_NAME_BYTES = 255;

    private static final int KEPT_OF_A_LONG_NAME = 30;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final Path target;
    private final Path part;
    private boolean moved;

    private WholeFile(Path target, Path part) {
        this.target = target;
        this.part = part;
    }

    /** Creates missing parent folders, except those of a {@link Claim} that were removed. */
    public static WholeFile at(Path file) throws IOException {
        Path target = file.toAbsolutePath();
        boolean claimed = Claims.check(target);
        if (target.getParent() != null) {
            Files.createDirectories(target.getParent());
        }
        if (Files.isRegularFile(target) && !Files.isWritable(target)) {
            throw new AccessDeniedException(target.toString());
        }
        // The holder of a claim is alone here; an existing part file was left by an earlier run that was killed.
        String mark = claimed ? "" : "." + new BigInteger(Long.SIZE, RANDOM).toString(Character.MAX_RADIX);
        Path part = target.resolveSibling(partName(target.getFileName().toString(), mark));
        if (Files.isDirectory(part, LinkOption.NOFOLLOW_LINKS)) {
            throw new FileSystemException(part.toString(), null, "a folder is in the way");
        }
        Files.deleteIfExists(part);
        return new WholeFile(target, part);
    }

    /** Writes a file; a device or a pipe, such as {@code /dev/stdout}, is written to directly. */
    public static void write(Path target, Content content) throws IOException {
        if (isDirect(target)) {
            try (OutputStream output = new BufferedOutputStream(Files.newOutputStream(target))) {
                content.writeTo(output);
            }
            return;
        }
        try (WholeFile file = at(target)) {
            try (OutputStream output = new BufferedOutputStream(
                    Files.newOutputStream(file.part, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE))) {
                content.writeTo(output);
            }
            file.keep();
        }
    }

    /** Whether a path is written to directly, since it is not a regular file that could be replaced. */
    public static boolean isDirect(Path target) {
        Path absolute = target.toAbsolutePath().normalize();
        // The standard streams are links, possibly to a file.
        boolean system = absolute.startsWith("/dev") || absolute.startsWith("/proc");
        return (system && Files.isSymbolicLink(absolute)) || (Files.exists(target) && !Files.isRegularFile(target));
    }

    private static String partName(String name, String mark) {
        String part = "." + name + mark + ".part";
        if (part.getBytes(StandardCharsets.UTF_8).length <= LONGEST_NAME_BYTES) {
            return part;
        }
        int end = name.offsetByCodePoints(0, KEPT_OF_A_LONG_NAME);
        return "." + name.substring(0, end) + "-" + Integer.toHexString(name.hashCode()) + mark + ".part";
    }

    /** The part file to write. */
    public FileChannel channel() throws IOException {
        return FileChannel.open(part, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    }

    /** Renames the part file to the final name. */
    public void keep() throws IOException {
        Claims.check(target);
        Files.move(part, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        moved = true;
    }

    /** Removes a part file that was not kept. */
    @Override
    public void close() throws IOException {
        if (!moved) {
            Files.deleteIfExists(part);
        }
    }
}
