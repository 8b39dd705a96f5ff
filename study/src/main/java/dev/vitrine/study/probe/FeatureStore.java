package dev.vitrine.study.probe;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.file.FileName;
import dev.vitrine.engine.tensor.ElementType;
import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.data.Npy;
import dev.vitrine.lens.data.OneFile;
import dev.vitrine.lens.data.OutputFile;
import dev.vitrine.study.PooledLayers.Features;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32C;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Features in files: a NumPy array {@code f32[pictures,D]} per layer, filled picture by picture, and {@code
 * features.json}, which identifies the network and the pictures and records the progress.
 */
final class FeatureStore implements AutoCloseable {
    private static final String INDEX = "features.json";
    private static final int BLOCK_BYTES = 1 << 16;
    private static final JsonMapper MAPPER = new JsonMapper();

    private final Path folder;
    private final String key;
    private final int pictures;
    private final Map<Features, Integer> done = new LinkedHashMap<>();
    private final TreeMap<Integer, String> unreadable = new TreeMap<>();
    private final Map<Features, FileChannel> open = new HashMap<>();
    private final Map<Features, Checked> checked = new HashMap<>();
    private boolean stale;

    /** The rows of a file up to some picture, and their checksum. */
    private static final class Checked {
        private final CRC32C checksum = new CRC32C();
        private int rows;
    }

    /**
     * @param key identifies network and pictures; files of another key are overwritten
     */
    FeatureStore(Path folder, String key, int pictures, List<Features> known) {
        this.folder = folder;
        this.key = key;
        this.pictures = pictures;
        Path index = folder.resolve(INDEX);
        if (Files.exists(index)) {
            OneFile.guarded(index.toString(), () -> {
                load(index, known);
                return index;
            });
        }
    }

    private void load(Path index, List<Features> known) {
        try {
            JsonNode root = MAPPER.readTree(Files.readString(index));
            if (!root.path("key").asString("").equals(key)) {
                stale = true;
                return;
            }
            root.path("unreadable")
                    .properties()
                    .forEach(entry -> unreadable.put(
                            Integer.valueOf(entry.getKey()), entry.getValue().asString()));
            JsonNode files = root.path("files");
            for (Features features : known) {
                JsonNode entry = files.path(file(features));
                int rows = entry.path("rows").asInt(0);
                if (rows > 0 && isWhole(features, rows, entry.path("crc32c").asLong(-1))) {
                    done.put(features, rows);
                }
            }
        } catch (IOException | JacksonException | NumberFormatException broken) {
            throw VitrineException.failure(
                    index + ": cannot be read (" + broken.getMessage() + "). Remove the folder " + folder
                            + " to start over.",
                    broken);
        }
    }

    /** Whether the file exists, has its full length, and its rows match their checksum. */
    private boolean isWhole(Features features, int rows, long checksum) throws IOException {
        Path file = folder.resolve(file(features));
        if (rows > pictures || !Files.isRegularFile(file) || Files.size(file) != size(features)) {
            return false;
        }
        try (FileChannel channel = FileChannel.open(file)) {
            boolean whole = checksum(features, rows, channel) == checksum;
            if (!whole) {
                checked.remove(features);
            }
            return whole;
        }
    }

    private long size(Features features) {
        return Npy.header(pictures, features.size()).length + (long) pictures * features.size() * Float.BYTES;
    }

    /** Checksum of the rows up to a picture, continuing that of earlier rows. */
    private long checksum(Features features, int rows, FileChannel channel) throws IOException {
        Checked known = checked.get(features);
        if (known == null || known.rows > rows) {
            known = new Checked();
            checked.put(features, known);
        }
        long bytes = (long) features.size() * Float.BYTES;
        int head = Npy.header(pictures, features.size()).length;
        ByteBuffer block = ByteBuffer.allocate(BLOCK_BYTES);
        long position = head + known.rows * bytes;
        long end = head + rows * bytes;
        while (position < end) {
            block.clear().limit((int) Math.min(BLOCK_BYTES, end - position));
            int count = channel.read(block, position);
            if (count < 0) {
                throw new IOException("unexpected end of file");
            }
            known.checksum.update(block.flip());
            position += count;
        }
        known.rows = rows;
        return known.checksum.getValue();
    }

    private static String file(Features features) {
        String plain = FileName.of(features.layer().name());
        String hash = Integer.toHexString(features.layer().name().hashCode());
        return plain + "-" + hash + "-" + features.grid() + "x" + features.grid() + ".npy";
    }

    /** Number of finished pictures of a layer. */
    int done(Features features) {
        return done.getOrDefault(features, 0);
    }

    /** Unreadable pictures: index and reason. */
    Map<Integer, String> unreadable() {
        return unreadable;
    }

    void mark(int place, String reason) {
        unreadable.put(place, reason);
    }

    /** Writes rows of a layer, {@code f32[places,D]}. */
    void put(Features features, List<Integer> places, Tensor rows) {
        try {
            FileChannel channel = open.containsKey(features) ? open.get(features) : create(features);
            int bytes = features.size() * Float.BYTES;
            int start = Npy.header(pictures, features.size()).length;
            ByteBuffer block = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
            float[] row = new float[features.size()];
            if (checked.containsKey(features)
                    && places.stream().anyMatch(place -> place < checked.get(features).rows)) {
                checked.remove(features);
            }
            for (int index = 0; index < places.size(); index++) {
                rows.floats().position(index * row.length).get(row);
                block.clear();
                block.asFloatBuffer().put(row);
                long position = start + (long) places.get(index) * bytes;
                while (block.hasRemaining()) {
                    position += channel.write(block, position);
                }
            }
        } catch (IOException failure) {
            throw VitrineException.failure(
                    "Cannot write features to " + folder + ": " + failure.getMessage() + ".", failure);
        }
    }

    private FileChannel create(Features features) throws IOException {
        Files.createDirectories(folder);
        Path file = folder.resolve(file(features));
        if (stale) {
            // Otherwise the index of other features would apply to these once they are overwritten.
            stale = false;
            commit(List.of(), 0);
        }
        byte[] header = Npy.header(pictures, features.size());
        boolean kept = done(features) > 0;
        FileChannel channel = kept
                ? FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)
                : FileChannel.open(
                        file,
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.TRUNCATE_EXISTING);
        open.put(features, channel);
        if (!kept) {
            channel.write(ByteBuffer.wrap(header), 0);
            channel.write(ByteBuffer.wrap(new byte[] {0}), size(features) - 1);
        }
        return channel;
    }

    /** Records that these layers are finished up to a picture. */
    void commit(List<Features> written, int upTo) {
        written.forEach(features -> done.put(features, upTo));
        try {
            for (Features features : written) {
                FileChannel channel = open.containsKey(features) ? open.get(features) : create(features);
                checksum(features, upTo, channel);
            }
        } catch (IOException failure) {
            throw VitrineException.failure(
                    "Cannot write features to " + folder + ": " + failure.getMessage() + ".", failure);
        }
        ObjectNode root = MAPPER.createObjectNode();
        root.put("format", 2);
        root.put("key", key);
        root.put("pictures", pictures);
        ObjectNode files = root.putObject("files");
        done.forEach((features, rows) -> files.putObject(file(features))
                .put("rows", rows)
                .put("crc32c", checked.get(features).checksum.getValue()));
        ObjectNode broken = root.putObject("unreadable");
        unreadable.forEach((place, reason) -> broken.put(Integer.toString(place), reason));
        OutputFile.write(
                folder.resolve(INDEX), MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(root) + "\n");
    }

    /** All rows of a layer, {@code f32[pictures,D]}, mapped from the file. */
    Tensor read(Features features) {
        Path file = folder.resolve(file(features));
        try (FileChannel channel = FileChannel.open(file)) {
            int start = Npy.header(pictures, features.size()).length;
            long bytes = (long) pictures * features.size() * Float.BYTES;
            if (ByteOrder.nativeOrder() != ByteOrder.LITTLE_ENDIAN) {
                return Npy.read(file);
            }
            return Tensor.wrap(
                    ElementType.FLOAT32,
                    new long[] {pictures, features.size()},
                    channel.map(FileChannel.MapMode.READ_ONLY, start, bytes));
        } catch (IOException failure) {
            throw VitrineException.failure(
                    file + ": cannot be read (" + failure.getMessage() + "). Remove the folder " + folder
                            + " to compute it again.",
                    failure);
        }
    }

    @Override
    public void close() {
        for (FileChannel channel : open.values()) {
            try {
                channel.close();
            } catch (IOException failure) {
                throw VitrineException.failure(
                        "Cannot write features to " + folder + ": " + failure.getMessage() + ".", failure);
            }
        }
        open.clear();
    }
}
