package dev.vitrine.lens.study.probe;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.tensor.ElementType;
import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.data.Npy;
import dev.vitrine.lens.data.OutputFile;
import dev.vitrine.lens.study.PooledLayers.Features;
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
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Features in files: a NumPy array {@code f32[pictures,D]} for each layer, filled picture by picture, and {@code
 * features.json}, which says for which network and pictures they are and how far they go.
 */
final class FeatureStore implements AutoCloseable {
    private static final String INDEX = "features.json";
    private static final JsonMapper MAPPER = new JsonMapper();

    private final Path folder;
    private final String key;
    private final int pictures;
    private final Map<Features, Integer> done = new LinkedHashMap<>();
    private final TreeMap<Integer, String> unreadable = new TreeMap<>();
    private final Map<Features, FileChannel> open = new HashMap<>();

    /**
     * @param key of network and pictures; files made for another are begun anew
     */
    FeatureStore(Path folder, String key, int pictures, List<Features> known) {
        this.folder = folder;
        this.key = key;
        this.pictures = pictures;
        Path index = folder.resolve(INDEX);
        if (Files.exists(index)) {
            load(index, known);
        }
    }

    private void load(Path index, List<Features> known) {
        try {
            JsonNode root = MAPPER.readTree(Files.readString(index));
            if (!root.path("key").asString("").equals(key)) {
                return;
            }
            root.path("unreadable")
                    .properties()
                    .forEach(entry -> unreadable.put(
                            Integer.valueOf(entry.getKey()), entry.getValue().asString()));
            JsonNode files = root.path("files");
            for (Features features : known) {
                int rows = files.path(file(features)).asInt(0);
                if (rows > 0 && Files.exists(folder.resolve(file(features)))) {
                    done.put(features, rows);
                }
            }
        } catch (IOException | JacksonException | NumberFormatException broken) {
            throw VitrineException.failure(
                    index + ": cannot be read (" + broken.getMessage() + "). Remove the folder " + folder
                            + " to begin anew.",
                    broken);
        }
    }

    private static String file(Features features) {
        String plain =
                features.layer().name().replaceAll("[^A-Za-z0-9._-]+", "_").replaceAll("^_+", "");
        String hash = Integer.toHexString(features.layer().name().hashCode());
        return plain + "-" + hash + "-" + features.grid() + "x" + features.grid() + ".npy";
    }

    /** How many pictures of the list are done for a layer. */
    int done(Features features) {
        return done.getOrDefault(features, 0);
    }

    /** What could not be read: place and reason. */
    Map<Integer, String> unreadable() {
        return unreadable;
    }

    void mark(int place, String reason) {
        unreadable.put(place, reason);
    }

    /** Sets rows of a layer, {@code f32[places,D]}. */
    void put(Features features, List<Integer> places, Tensor rows) {
        try {
            FileChannel channel = open.containsKey(features) ? open.get(features) : create(features);
            int bytes = features.size() * Float.BYTES;
            int start = Npy.header(pictures, features.size()).length;
            ByteBuffer block = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
            float[] row = new float[features.size()];
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
        byte[] header = Npy.header(pictures, features.size());
        long size = header.length + (long) pictures * features.size() * Float.BYTES;
        boolean kept = done(features) > 0 && Files.size(file) == size;
        FileChannel channel = kept
                ? FileChannel.open(file, StandardOpenOption.WRITE)
                : FileChannel.open(
                        file,
                        StandardOpenOption.WRITE,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.TRUNCATE_EXISTING);
        open.put(features, channel);
        if (!kept) {
            channel.write(ByteBuffer.wrap(header), 0);
            channel.write(ByteBuffer.wrap(new byte[] {0}), size - 1);
        }
        return channel;
    }

    /** States that these layers are done up to a picture. */
    void commit(List<Features> written, int upTo) {
        written.forEach(features -> done.put(features, upTo));
        ObjectNode root = MAPPER.createObjectNode();
        root.put("format", 1);
        root.put("key", key);
        root.put("pictures", pictures);
        ObjectNode files = root.putObject("files");
        done.forEach((features, rows) -> files.put(file(features), rows));
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
