package dev.vitrine.engine.file;

import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.SecureRandom;
import java.util.Optional;

/**
 * A file locked through the operating system, so that the lock ends with the process, even if killed. It is created and
 * locked under another name and then linked into place: under its own name it is never seen unlocked while its run is
 * alive.
 *
 * <p>Within one process its path is opened only once: closing any channel to it would release the lock.
 */
final class LockFile implements AutoCloseable {
    private static final int ATTEMPTS = 10;
    private static final int PAUSE_MILLISECONDS = 40;
    private static final int LONGEST_TEXT_BYTES = 2048;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final Path path;
    private final FileChannel channel;
    private final Optional<Object> key;

    private LockFile(Path path, FileChannel channel, Optional<Object> key) {
        this.path = path;
        this.channel = channel;
        this.key = key;
    }

    /**
     * The lock, or empty if another process has it.
     *
     * @param text describes the holder
     */
    static Optional<LockFile> take(Path path, String text) throws IOException {
        Path fresh = path.resolveSibling(
                path.getFileName() + "." + new BigInteger(Long.SIZE, RANDOM).toString(Character.MAX_RADIX));
        FileChannel channel = FileChannel.open(
                fresh, StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE);
        boolean taken = false;
        try {
            if (tryLock(channel).isEmpty()) {
                throw new FileSystemException(fresh.toString(), null, "cannot be locked");
            }
            ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            for (int attempt = 0; attempt < ATTEMPTS && !taken; attempt++) {
                taken = link(fresh, path) || (removeStale(path) && link(fresh, path));
                if (!taken) {
                    pause();
                }
            }
            return taken ? Optional.of(new LockFile(path, channel, key(path))) : Optional.empty();
        } finally {
            Files.deleteIfExists(fresh);
            if (!taken) {
                channel.close();
            }
        }
    }

    private static boolean link(Path fresh, Path path) throws IOException {
        try {
            Files.createLink(path, fresh);
            return true;
        } catch (FileAlreadyExistsException taken) {
            return false;
        } catch (UnsupportedOperationException noLinks) {
            throw new FileSystemException(path.toString(), null, "a file system without links");
        }
    }

    /** Removes the lock file of a run that was killed before removing it. */
    private static boolean removeStale(Path path) throws IOException {
        Optional<Object> before = key(path);
        if (before.isEmpty()) {
            return true;
        }
        if (!Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
            throw new FileAlreadyExistsException(path.toString());
        }
        try (FileChannel old = FileChannel.open(path, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS)) {
            if (tryLock(old).isEmpty()) {
                return false;
            }
            // Between check and lock, another run may have removed it and created its own.
            if (key(path).equals(before)) {
                Files.delete(path);
            }
            return true;
        } catch (NoSuchFileException removed) {
            return true;
        }
    }

    private static Optional<FileLock> tryLock(FileChannel channel) throws IOException {
        try {
            return Optional.ofNullable(channel.tryLock());
        } catch (OverlappingFileLockException ofThisProcess) {
            return Optional.empty();
        }
    }

    private static void pause() throws IOException {
        try {
            Thread.sleep(PAUSE_MILLISECONDS);
        } catch (InterruptedException asked) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", asked);
        }
    }

    /** The holder's description; only for a file held by another process. */
    static String text(Path path) {
        try (InputStream stream = Files.newInputStream(path, LinkOption.NOFOLLOW_LINKS)) {
            return new String(stream.readNBytes(LONGEST_TEXT_BYTES), StandardCharsets.UTF_8);
        } catch (IOException gone) {
            return "";
        }
    }

    /** Device and inode; empty if there is no such file. */
    static Optional<Object> key(Path path) {
        try {
            BasicFileAttributes found =
                    Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            return Optional.of(found.fileKey() == null ? found.creationTime() : found.fileKey());
        } catch (IOException missing) {
            return Optional.empty();
        }
    }

    /** Whether the file is still in place. */
    boolean isThere() {
        return key.isPresent() && key(path).equals(key);
    }

    @Override
    public void close() throws IOException {
        try (channel) {
            if (isThere()) {
                Files.delete(path);
            }
        }
    }
}
