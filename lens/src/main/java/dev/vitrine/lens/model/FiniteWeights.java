package dev.vitrine.lens.model;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.tensor.ElementType;
import dev.vitrine.engine.tensor.Tensor;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.Map;

/** Checks weights for NaN, which a diverged training leaves and which makes every map NaN. */
final class FiniteWeights {
    private static final int CHUNK = 1 << 14;

    private FiniteWeights() {}

    /** Rejects a model whose weights contain NaN. Large weights are scanned on all processors. */
    static void require(Graph graph, Path file) {
        graph.constants().entrySet().stream()
                .filter(entry -> entry.getValue().elementType() == ElementType.FLOAT32
                        && entry.getValue().elements() > 1)
                .toList()
                .parallelStream()
                .forEach(entry -> require(entry, file));
    }

    private static void require(Map.Entry<Value, Tensor> weight, Path file) {
        FloatBuffer data = weight.getValue().floats();
        float[] chunk = new float[Math.min(CHUNK, data.remaining())];
        while (data.hasRemaining()) {
            int start = data.position();
            int count = Math.min(chunk.length, data.remaining());
            data.get(chunk, 0, count);
            if (!suspect(chunk, count)) {
                continue;
            }
            for (int i = 0; i < count; i++) {
                if (Float.isNaN(chunk[i])) {
                    throw VitrineException.failure("Model '" + file + "': weight '" + weight.getKey()
                            + "' contains NaN at element " + (start + i)
                            + "; expected finite numbers. Export a checkpoint from before the training diverged.");
                }
            }
        }
    }

    /**
     * Whether any number is NaN or infinite: multiplied by zero, these turn a sum into NaN. Four sums break the
     * dependency chain.
     */
    private static boolean suspect(float[] chunk, int count) {
        float first = 0;
        float second = 0;
        float third = 0;
        float fourth = 0;
        int i = 0;
        for (; i + 3 < count; i += 4) {
            first += chunk[i] * 0;
            second += chunk[i + 1] * 0;
            third += chunk[i + 2] * 0;
            fourth += chunk[i + 3] * 0;
        }
        for (; i < count; i++) {
            first += chunk[i] * 0;
        }
        return Float.isNaN(first + second + third + fourth);
    }
}
