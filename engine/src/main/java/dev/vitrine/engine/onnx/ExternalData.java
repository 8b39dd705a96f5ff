package dev.vitrine.engine.onnx;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.tensor.DirectMemory;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Weights in external files, never outside the model's folder. */
final class ExternalData {
    /** Size up to which weights are copied; larger ones are mapped, as memory may not hold them twice. */
    private static final long MOST_KEPT_BYTES = 2L << 30;

    private final Optional<Path> folder;
    private final Map<String, Path> checked = new LinkedHashMap<>();
    private final Map<Path, FileStamp> stamps = new HashMap<>();
    private final Map<Place, ByteBuffer> read = new HashMap<>();
    private long keptBytes;

    private record Place(Path file, long offset, long length) {}

    ExternalData(Optional<Path> folder) {
        this.folder = folder;
    }

    /** The {@code length} bytes of a constant; {@code entries} are its location and offset. */
    ByteBuffer bytes(String constant, Map<String, String> entries, long length) {
        String location = entries.getOrDefault("location", "");
        Path file = checked.computeIfAbsent(location, name -> resolve(constant, name));
        long offset = number(constant, entries, "offset", 0);
        long stated = number(constant, entries, "length", length);
        if (stated != length) {
            throw VitrineException.failure("Constant '" + constant + "': its shape and type need " + length
                    + " bytes, but the model states " + stated + " bytes in '" + location
                    + "'. The file is damaged; export the model again.");
        }
        try {
            stamps.computeIfAbsent(file, FileStamp::of);
            long size = Files.size(file);
            if (offset < 0 || length > size - offset) {
                throw VitrineException.failure("Constant '" + constant + "': expected " + length + " bytes at offset "
                        + offset + " of '" + file + "', found a file of " + size
                        + " bytes. Download or copy that file again, whole.");
            }
            return bytes(new Place(file, offset, length));
        } catch (IOException e) {
            throw VitrineException.failure(
                    "Constant '" + constant + "': cannot read '" + file + "': " + e.getMessage() + ".", e);
        }
    }

    private ByteBuffer bytes(Place place) throws IOException {
        ByteBuffer known = read.get(place);
        if (known == null) {
            boolean kept = keptBytes + place.length() <= MOST_KEPT_BYTES;
            known = kept ? copied(place) : map(place.file(), place.offset(), place.length());
            keptBytes += kept ? place.length() : 0;
            read.put(place, known);
        }
        return known.duplicate();
    }

    /** A private copy, unaffected when the file is overwritten or cut. */
    private static ByteBuffer copied(Place place) throws IOException {
        ByteBuffer bytes = DirectMemory.allocate(Math.toIntExact(place.length()));
        try (FileChannel channel = FileChannel.open(place.file(), StandardOpenOption.READ)) {
            while (bytes.hasRemaining()) {
                if (channel.read(bytes, place.offset() + bytes.position()) < 0) {
                    throw new IOException("unexpected end of file");
                }
            }
        }
        return bytes.flip();
    }

    /** Fails if one of the files has changed since first opened. */
    void requireUnchanged() {
        stamps.values().forEach(FileStamp::requireUnchanged);
    }

    /** The files that constants were read from, in order of first reference. */
    List<Path> files() {
        return checked.values().stream().distinct().toList();
    }

    static ByteBuffer map(Path file, long offset, long length) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            return channel.map(FileChannel.MapMode.READ_ONLY, offset, length);
        }
    }

    private Path resolve(String constant, String location) {
        String where = "Constant '" + constant + "': its data is in another file, '" + location + "'";
        if (folder.isEmpty()) {
            throw VitrineException.failure(
                    where + ", but the model was read from bytes without a folder. Read it from its file instead.");
        }
        Path base = folder.get();
        try {
            if (location.isBlank()) {
                throw VitrineException.failure(where + ", expected a file name. Export the model again.");
            }
            Path file = base.resolve(location).normalize();
            if (Path.of(location).isAbsolute()
                    || location.startsWith("/")
                    || !file.startsWith(base.normalize())
                    || file.equals(base.normalize())) {
                throw outside(where, base);
            }
            if (!Files.isRegularFile(file)) {
                throw VitrineException.failure(
                        where + ", which is not in the model's folder '" + base + "'. Put that file beside the model.");
            }
            if (!file.toRealPath().startsWith(base.toRealPath())) {
                throw outside(where, base);
            }
            return file;
        } catch (InvalidPathException e) {
            throw VitrineException.failure(
                    where + ", which is not a valid file name on this system. Export the" + " model again.", e);
        } catch (IOException e) {
            throw VitrineException.failure(where + ", which cannot be opened: " + e.getMessage() + ".", e);
        }
    }

    private static VitrineException outside(String where, Path base) {
        return VitrineException.failure(where + ", which leads outside the model's folder '" + base
                + "'. That is refused, as a model must not read other files. Copy the data file beside the model and"
                + " name it without a path.");
    }

    private static long number(String constant, Map<String, String> entries, String key, long fallback) {
        String text = entries.get(key);
        if (text == null) {
            return fallback;
        }
        try {
            return Long.parseLong(text.trim());
        } catch (NumberFormatException e) {
            throw VitrineException.failure(
                    "Constant '" + constant + "': the " + key + " of its external data is '" + text
                            + "', expected a number. The file is damaged; export the model again.",
                    e);
        }
    }
}
