package dev.vitrine.app.embedding;

import static dev.vitrine.app.Shell.vitrine;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vitrine.app.Shell;
import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.data.Npy;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tables that {@code embed} and {@code neighbors} cannot use. */
class CodeTablesTest {
    @TempDir
    private Path folder;

    private Path codes;

    @BeforeEach
    void table() {
        codes = npy("codes.npy", random(12 * 5), 12, 5);
    }

    private static float[] random(int count) {
        float[] values = new float[count];
        Random random = new Random(1);
        for (int index = 0; index < count; index++) {
            values[index] = (float) random.nextGaussian();
        }
        return values;
    }

    private Path npy(String name, float[] values, long... shape) {
        Path path = folder.resolve(name);
        Npy.write(path, Tensor.floats(values, shape));
        return path;
    }

    private Shell.Outcome neighbors(Path table, Object option, Object value) {
        return vitrine("neighbors", "--codes", table, "--output", folder.resolve("ids.npy"), option, value);
    }

    private Shell.Outcome embed(Path table, Object method, Object option, Object value) {
        Path map = folder.resolve("map.npy");
        return vitrine("embed", "--codes", table, "--output", map, "--method", method, option, value);
    }

    @Test
    void neighbors() {
        neighbors(codes, "--k", 0).failsWith(2, "Found 0 neighbors", "from 1 to 11");
        neighbors(codes, "--k", 12).failsWith(2, "Found 12 neighbors", "from 1 to 11");
        neighbors(codes, "--queries", npy("q.npy", random(8), 2, 4)).failsWith(2, "q.npy", "5");
        neighbors(codes, "--metric", "manhattan").failsWith(2, "manhattan", "cosine");
        neighbors(folder.resolve("none.npy"), "--k", 3).failsWith(1, "none.npy");
        float[] broken = random(60);
        broken[7] = Float.NaN;
        neighbors(npy("nan.npy", broken, 12, 5), "--k", 3).failsWith(1, "nan.npy", "row 1");
        assertThat(folder.resolve("ids.npy")).doesNotExist();
    }

    @Test
    void embed() {
        embed(codes, "lda", "--seed", 1).failsWith(2, "labels");
        Path few = npy("labels.npy", new float[] {0, 1, 0}, 3);
        embed(codes, "lda", "--labels", few).failsWith(2, "3 labels", "12 rows");
        Path one = npy("one.npy", new float[12], 12);
        embed(codes, "lda", "--labels", one).failsWith(2, "class");
        embed(codes, "tsne", "--perplexity", 30).failsWith(2, "perplexity");
        embed(codes, "isomap", "--seed", 1).failsWith(2, "isomap", "tsne");
        float[] broken = random(60);
        broken[7] = Float.POSITIVE_INFINITY;
        embed(npy("infinite.npy", broken, 12, 5), "pca", "--seed", 1).failsWith(1, "infinite.npy", "row 1");
        assertThat(folder.resolve("map.npy")).doesNotExist();
    }
}
