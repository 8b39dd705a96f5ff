package dev.vitrine.engine.file;

import dev.vitrine.engine.VitrineException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The exclusive right of one run to write to a folder or a file until closed. Runs of other processes, and of other
 * threads of this one, get an error that names the holder; the same thread may claim a path again. It is held by an
 * operating-system lock, so that a killed run leaves no claim.
 *
 * <p>Writing through {@link WholeFile} to a claimed folder that was removed, emptied or replaced is an error; so is
 * closing the claim then.
 */
public final class Claim implements AutoCloseable {
    private static final String LOCK = ".vitrine.lock";
    private static final String MAIN = "dev.vitrine.app.Vitrine";
    private static final int LONGEST_COMMAND = 300;

    private enum Kind {
        FOLDER("folder"),
        FILE("file");

        private final String word;

        Kind(String word) {
            this.word = word;
        }
    }

    /** Claims of this process by the identity of the file in the system: its inode, or its path. */
    private static final Map<Object, Claim> BY_KEY = new HashMap<>();

    private final Kind kind;
    private final Path path;
    private final Path real;
    private final Object key;
    private final Thread holder = Thread.currentThread();
    private final Deque<Path> created;
    private final Optional<LockFile> lock;
    private final Optional<String> unlocked;
    private int count = 1;

    private Claim(
            Kind kind,
            Path path,
            Path real,
            Object key,
            Deque<Path> created,
            Optional<LockFile> lock,
            Optional<String> unlocked) {
        this.kind = kind;
        this.path = path;
        this.real = real;
        this.key = key;
        this.created = created;
        this.lock = lock;
        this.unlocked = unlocked;
    }

    /** Creates the folder if missing; a created folder that stays empty is removed on closing. */
    public static Claim ofFolder(Path folder) {
        Path path = folder.toAbsolutePath().normalize();
        Deque<Path> created = new ArrayDeque<>();
        try {
            create(path, created);
            Path real = path.toRealPath();
            if (!Files.isWritable(path)) {
                throw new AccessDeniedException(folder.toString());
            }
            return claim(Kind.FOLDER, path, real, LockFile.key(real).orElse(real), real.resolve(LOCK), created);
        } catch (FileAlreadyExistsException file) {
            removeEmpty(created);
            throw unwritable(folder, file.getFile() + " is a file", file);
        } catch (IOException failure) {
            removeEmpty(created);
            throw unwritable(folder, FileProblem.words(failure), failure);
        } catch (RuntimeException refused) {
            removeEmpty(created);
            throw refused;
        }
    }

    /** Creates the parent folder if missing; a device or a pipe needs no claim and is shared. */
    public static Claim ofFile(Path file) {
        Path path = file.toAbsolutePath().normalize();
        Deque<Path> created = new ArrayDeque<>();
        if (path.getFileName() == null || Files.isDirectory(path)) {
            throw VitrineException.failure(
                    "Cannot write " + file + ": it is a folder, expected the name of a file. Choose another name.");
        }
        if (WholeFile.isDirect(path)) {
            return new Claim(Kind.FILE, path, path, new Object(), created, Optional.empty(), Optional.empty());
        }
        try {
            create(path.getParent(), created);
            Path parent = path.getParent().toRealPath();
            if (!Files.isWritable(parent)) {
                throw new AccessDeniedException(path.getParent().toString());
            }
            Path real = parent.resolve(path.getFileName());
            String name = path.getFileName().toString();
            // A name of 255 bytes leaves no room for a suffix.
            String own = name.length() <= 40 ? name : Integer.toHexString(name.hashCode());
            return claim(Kind.FILE, path, real, real, parent.resolve("." + own + ".lock"), created);
        } catch (IOException failure) {
            removeEmpty(created);
            throw VitrineException.failure("Cannot write " + file + ": " + FileProblem.words(failure) + ".", failure);
        } catch (RuntimeException refused) {
            removeEmpty(created);
            throw refused;
        }
    }

    private static Claim claim(Kind kind, Path path, Path real, Object key, Path lockPath, Deque<Path> created)
            throws IOException {
        synchronized (BY_KEY) {
            Claim earlier = BY_KEY.get(key);
            if (earlier != null) {
                if (earlier.holder.equals(Thread.currentThread())) {
                    earlier.count++;
                    return earlier;
                }
                throw inUse(kind, path, "another run of this process (" + pid() + ")");
            }
            Optional<LockFile> lock = Optional.empty();
            Optional<String> unlocked = Optional.empty();
            try {
                lock = LockFile.take(lockPath, pid() + "\n" + command() + "\n");
                if (lock.isEmpty()) {
                    throw inUse(kind, path, holder(LockFile.text(lockPath)));
                }
            } catch (FileAlreadyExistsException other) {
                throw VitrineException.failure("Cannot lock the " + kind.word + " " + path + ": " + lockPath
                        + " exists and is not a lock file of Vitrine. Remove it.");
            } catch (AccessDeniedException failure) {
                throw failure;
            } catch (IOException without) {
                requireRoom(lockPath);
                unlocked = Optional.of(FileProblem.words(without));
            }
            Claim claim = new Claim(kind, path, real, key, created, lock, unlocked);
            BY_KEY.put(key, claim);
            Claims.add(path, claim);
            Claims.add(real, claim);
            return claim;
        }
    }

    /** Distinguishes a file system that accepts no files, such as a full one, from one without locks. */
    private static void requireRoom(Path lockPath) throws IOException {
        Path trial = Files.createTempFile(lockPath.getParent(), ".vitrine", ".part");
        try {
            Files.write(trial, new byte[] {'\n'});
        } finally {
            Files.deleteIfExists(trial);
        }
    }

    private static void create(Path folder, Deque<Path> created) throws IOException {
        Deque<Path> missing = new ArrayDeque<>();
        for (Path at = folder; at != null && !Files.exists(at); at = at.getParent()) {
            missing.push(at);
        }
        for (Path at : missing) {
            Files.createDirectories(at);
            created.push(at);
        }
        Files.createDirectories(folder);
    }

    private static long pid() {
        return ProcessHandle.current().pid();
    }

    private static String command() {
        List<String> words = List.of(ProcessHandle.current().info().arguments().orElse(new String[0]));
        int main = words.indexOf(MAIN);
        String command =
                main < 0 ? "" : "vitrine " + words.stream().skip(main + 1L).collect(Collectors.joining(" "));
        return command.length() <= LONGEST_COMMAND ? command : command.substring(0, LONGEST_COMMAND) + "…";
    }

    private static String holder(String text) {
        String[] lines = text.strip().split("\n", 2);
        if (!lines[0].matches("\\d{1,19}")) {
            return "another run";
        }
        return "process " + lines[0] + (lines.length > 1 ? " (" + lines[1].strip() + ")" : "");
    }

    private static VitrineException inUse(Kind kind, Path path, String holder) {
        return VitrineException.failure("The " + kind.word + " " + path + " is in use: " + holder
                + " is writing to it; expected one run at a time. Wait until it ends, or choose another " + kind.word
                + ".");
    }

    private static VitrineException unwritable(Path folder, String found, IOException cause) {
        return VitrineException.failure(
                "Cannot write to the folder " + folder + ": " + found + "; expected a writable folder. Choose another.",
                cause);
    }

    /** Why there is no lock, if the file system has none: then two runs may write to the same path. */
    public Optional<String> unlocked() {
        return unlocked;
    }

    /** Fails if the folder is no longer the one that was claimed. */
    void check() {
        if (kind == Kind.FOLDER && !key.equals(LockFile.key(real).orElse(real))) {
            throw lost(Files.exists(real) ? "was replaced by another" : "was removed");
        }
        if (lock.isPresent() && !lock.get().isThere()) {
            boolean closed = kind == Kind.FOLDER && !Files.isExecutable(real);
            throw lost(closed ? "was made inaccessible" : kind == Kind.FOLDER ? "was emptied" : "lost its lock file");
        }
    }

    private VitrineException lost(String what) {
        return VitrineException.failure("The " + kind.word + " " + path + " " + what + " while a run was writing to"
                + " it; results are missing. Run again, and do not touch the " + kind.word
                + " until the run ends.");
    }

    /** Removes the lock; fails if the folder was lost meanwhile. */
    @Override
    public void close() {
        synchronized (BY_KEY) {
            count--;
            if (count > 0) {
                return;
            }
            BY_KEY.remove(key, this);
            Claims.remove(path, this);
            Claims.remove(real, this);
        }
        try {
            check();
        } finally {
            release();
        }
        removeEmpty(created);
    }

    private void release() {
        try {
            if (lock.isPresent()) {
                lock.get().close();
            }
        } catch (IOException failure) {
            throw VitrineException.failure(
                    "Cannot release the " + kind.word + " " + path + ": " + FileProblem.words(failure) + ".", failure);
        }
    }

    private static void removeEmpty(Deque<Path> created) {
        try {
            for (Path folder : created) {
                Files.deleteIfExists(folder);
            }
        } catch (IOException notEmpty) {
            // It holds results.
        }
    }
}
