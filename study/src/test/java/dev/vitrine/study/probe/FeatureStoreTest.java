package dev.vitrine.study.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.data.FileMutants;
import dev.vitrine.study.PooledLayers.Features;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FeatureStoreTest {
    private static final int PICTURES = 4;

    @TempDir
    private Path folder;

    private final Features features = new Features(new Value("layer"), "Relu", 1, 2);

    private FeatureStore open(String key) {
        return new FeatureStore(folder, key, PICTURES, List.of(features));
    }

    private void fill(String key, int upTo, float value) {
        try (FeatureStore store = open(key)) {
            for (int place = 0; place < upTo; place++) {
                store.put(features, List.of(place), Tensor.floats(new float[] {value, place}, 1, 2));
            }
            store.commit(List.of(features), upTo);
        }
    }

    private Path file() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".npy"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    @Test
    void goesOnWhereItStopped() {
        fill("key", 2, 7);
        try (FeatureStore store = open("key")) {
            assertThat(store.done(features)).isEqualTo(2);
            store.put(features, List.of(2, 3), Tensor.floats(new float[] {7, 2, 7, 3}, 2, 2));
            store.commit(List.of(features), PICTURES);
            assertThat(store.read(features).toFloats()).containsExactly(7, 0, 7, 1, 7, 2, 7, 3);
        }
        try (FeatureStore store = open("key")) {
            assertThat(store.done(features)).isEqualTo(PICTURES);
        }
    }

    /** Killed before its first commit, a run for other pictures has written over the features of the first ones. */
    @Test
    void featuresThatAnotherRunBeganToWriteOverCountNoMore() {
        fill("first", PICTURES, 7);
        FeatureStore killed = open("second");
        assertThat(killed.done(features)).isZero();
        killed.put(features, List.of(0), Tensor.floats(new float[] {9, 9}, 1, 2));
        killed.close();
        try (FeatureStore store = open("first")) {
            assertThat(store.done(features)).isZero();
        }
    }

    @Test
    void aFileThatIsCutOrChangedCountsNoMore() throws IOException {
        fill("key", PICTURES, 7);
        try (RandomAccessFile file = new RandomAccessFile(file().toFile(), "rw")) {
            file.seek(file.length() - 1);
            int last = file.read();
            file.seek(file.length() - 1);
            file.write(last ^ 1);
        }
        try (FeatureStore store = open("key")) {
            assertThat(store.done(features)).isZero();
        }
        fill("key", PICTURES, 7);
        try (RandomAccessFile file = new RandomAccessFile(file().toFile(), "rw")) {
            file.setLength(file.length() - 3);
        }
        try (FeatureStore store = open("key")) {
            assertThat(store.done(features)).isZero();
        }
        fill("key", PICTURES, 7);
        Files.delete(file());
        try (FeatureStore store = open("key")) {
            assertThat(store.done(features)).isZero();
        }
    }

    @Test
    void anIndexThatWasEditedIsReadOrRefused() throws IOException {
        fill("key", PICTURES, 7);
        Path index = folder.resolve("features.json");
        String good = Files.readString(index);
        assertThat(good).contains("\"rows\"", "\"unreadable\"");
        for (String value : List.of("-1", "1e99", "null", "[]", "{}", "\"x\"", "99999999999999999999", "true")) {
            for (String key : List.of("key", "rows", "crc32c", "files", "unreadable", "pictures", "format")) {
                String edited =
                        good.replaceAll("\"" + key + "\" : (\\{[^{}]*\\}|[^,\\n{}]+)", "\"" + key + "\" : " + value);
                Files.writeString(index, edited);
                readOrRefused(key + " " + value);
            }
        }
        for (int seed = 0; seed < 500; seed++) {
            Files.write(index, FileMutants.of(FileMutants.text(good), seed));
            readOrRefused("seed " + seed);
        }
        Files.writeString(index, "{\"key\": \"key\", \"unreadable\": {\"x\": 1}}");
        assertThatThrownBy(() -> open("key"))
                .isInstanceOf(VitrineException.class)
                .hasMessageContaining("features.json");
    }

    private void readOrRefused(String edit) {
        try (FeatureStore store = open("key")) {
            assertThat(store.done(features)).as(edit).isBetween(0, PICTURES);
        } catch (VitrineException refused) {
            assertThat(refused).as(edit).hasMessageContaining("features.json");
        }
    }
}
