package dev.vitrine.lens.store;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.lens.data.Digest;
import dev.vitrine.lens.data.OutputFile;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInput;
import java.io.DataInputStream;
import java.io.DataOutput;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Finished parts of work that is not finished, in a folder of their own, from which the same work goes on: {@code
 * question.txt}, which says what it is part of, and a file for each part, after its digest. A part that was cut or
 * changed counts as not done.
 */
public final class PartStore {
    private static final String QUESTION = "question.txt";
    private static final String ENDING = ".done";
    private static final int DIGEST_BYTES = 65;

    private final Path folder;

    private PartStore(Path folder) {
        this.folder = folder;
    }

    /**
     * The parts in a folder, or none yet.
     *
     * @throws VitrineException of kind USAGE if they are of other work
     */
    public static PartStore open(Path folder, Question question) {
        Path file = folder.resolve(QUESTION);
        if (!Files.exists(file) || !hasParts(folder)) {
            PartStore store = new PartStore(folder);
            // Parts without a question could be anybody's.
            store.clear();
            OutputFile.write(file, question.text());
            return store;
        }
        try {
            question.difference(Question.parse(Files.readString(file))).ifPresent(difference -> {
                throw VitrineException.usage(folder + " holds unfinished work of another run: " + difference
                        + ". Finish that first, write to another folder with --out, or remove " + folder
                        + " to begin anew.");
            });
        } catch (IOException broken) {
            throw VitrineException.failure(
                    file + ": cannot be read (" + broken.getMessage() + "). Remove the folder " + folder
                            + " to begin anew.",
                    broken);
        }
        PartStore store = new PartStore(folder);
        store.clear(PartStore::isCut);
        return store;
    }

    /** A question without parts, its own or those of its pieces, does not block another question. */
    private static boolean hasParts(Path folder) {
        try (Stream<Path> files = Files.walk(folder, 2)) {
            return files.anyMatch(file -> file.getFileName().toString().endsWith(ENDING));
        } catch (IOException unreadable) {
            return true;
        }
    }

    /** A finished part. */
    public Optional<byte[]> read(String name) {
        Path file = file(name);
        if (!Files.isRegularFile(file)) {
            return Optional.empty();
        }
        try {
            byte[] all = Files.readAllBytes(file);
            if (all.length < DIGEST_BYTES) {
                return Optional.empty();
            }
            String found = new String(all, 0, DIGEST_BYTES - 1, StandardCharsets.US_ASCII);
            byte[] content = Arrays.copyOfRange(all, DIGEST_BYTES, all.length);
            return found.equals(Digest.of(content)) ? Optional.of(content) : Optional.empty();
        } catch (IOException unreadable) {
            return Optional.empty();
        }
    }

    /** Stores a part atomically. */
    public void write(String name, byte[] content) {
        OutputFile.write(file(name), output -> {
            output.write((Digest.of(content) + "\n").getBytes(StandardCharsets.US_ASCII));
            output.write(content);
        });
    }

    /** The content of a part. */
    @FunctionalInterface
    public interface Content {
        void writeTo(DataOutput output) throws IOException;
    }

    /** Reads what a {@link Content} wrote. */
    @FunctionalInterface
    public interface Reading<T> {
        T from(DataInput input) throws IOException;
    }

    /** A finished part; a truncated part counts as unfinished. */
    public <T> Optional<T> read(String name, Reading<T> reading) {
        return read(name).flatMap(bytes -> {
            try (DataInputStream input = new DataInputStream(new ByteArrayInputStream(bytes))) {
                return Optional.of(reading.from(input));
            } catch (IOException broken) {
                return Optional.empty();
            }
        });
    }

    /** Stores a part atomically. */
    public void write(String name, Content content) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream output = new DataOutputStream(bytes)) {
            content.writeTo(output);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        write(name, bytes.toByteArray());
    }

    /** Deletes a part. */
    public void drop(String name) {
        try {
            Files.deleteIfExists(file(name));
        } catch (IOException kept) {
            throw unremovable(kept);
        }
    }

    /** Deletes all parts, but not the question. */
    public void clear() {
        clear(PartStore::isPart);
    }

    private void clear(Predicate<Path> which) {
        if (!Files.isDirectory(folder)) {
            return;
        }
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.filter(which).toList()) {
                Files.delete(file);
            }
        } catch (IOException kept) {
            throw unremovable(kept);
        }
    }

    /** Removes the folder when the work is finished; files of others stay. */
    public void remove() {
        clear();
        try {
            Files.deleteIfExists(folder.resolve(QUESTION));
            try (Stream<Path> left = Files.list(folder)) {
                if (left.findAny().isPresent()) {
                    return;
                }
            }
            Files.delete(folder);
        } catch (IOException kept) {
            throw unremovable(kept);
        }
    }

    private static boolean isPart(Path file) {
        return file.getFileName().toString().endsWith(ENDING) || isCut(file);
    }

    /** Temporary files left by a killed run. */
    private static boolean isCut(Path file) {
        String name = file.getFileName().toString();
        return name.startsWith(".") && name.endsWith(".part");
    }

    private Path file(String name) {
        return folder.resolve(name + ENDING);
    }

    private VitrineException unremovable(IOException kept) {
        return VitrineException.failure(
                "Cannot remove " + folder + ": " + kept.getMessage() + "; remove the folder by hand.", kept);
    }
}
