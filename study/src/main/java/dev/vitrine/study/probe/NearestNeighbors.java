package dev.vitrine.study.probe;

import dev.vitrine.engine.graph.Dimension;
import dev.vitrine.engine.graph.GraphBuilder;
import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.runtime.Executable;
import dev.vitrine.engine.runtime.Runner;
import dev.vitrine.engine.tensor.ElementType;
import dev.vitrine.engine.tensor.Tensor;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Majority class of the k nearest training pictures, by the cosine similarity of features centered on the training
 * mean; ties are broken by the larger sum of cosines.
 */
final class NearestNeighbors {
    /** Number of neighbors looked up, the largest k. */
    static final int MOST = 20;

    private static final int ROWS = 256;

    private final int[] truth;
    private final int classes;
    private final int[][] nearest;
    private final float[][] cosines;

    /**
     * @param features {@code f32[N,D]}
     * @param places training rows
     * @param truth class of each training row
     * @param asked rows to classify
     */
    NearestNeighbors(
            Runner runner, Tensor features, List<Integer> places, int[] truth, int classes, List<Integer> asked) {
        this.truth = truth;
        this.classes = classes;
        this.nearest = new int[asked.size()][];
        this.cosines = new float[asked.size()][];
        int size = (int) features.dimension(1);
        double[] mean = Standardization.of(features, places).mean();
        GraphBuilder builder = new GraphBuilder();
        Value queries = builder.input(
                "queries", new TensorType(ElementType.FLOAT32, List.of(Dimension.named("n"), Dimension.of(size))));
        Tensor known = Tensor.floats(turned(unit(features, places, mean), places.size(), size), size, places.size());
        Value products = builder.node("MatMul", queries, builder.constant("known", known));
        builder.output(products);
        try (Executable executable = runner.load(builder.build())) {
            for (int from = 0; from < asked.size(); from += ROWS) {
                List<Integer> part = asked.subList(from, Math.min(asked.size(), from + ROWS));
                Tensor rows = Tensor.floats(unit(features, part, mean), part.size(), size);
                float[] found =
                        executable.run(Map.of(queries, rows)).get(products).toFloats();
                for (int row = 0; row < part.size(); row++) {
                    look(from + row, found, row * places.size(), places.size());
                }
            }
        }
    }

    /** Centered rows of unit length. */
    private static float[] unit(Tensor features, List<Integer> places, double[] mean) {
        int size = mean.length;
        float[] rows = new float[places.size() * size];
        float[] row = new float[size];
        FloatBuffer source = features.floats();
        for (int index = 0; index < places.size(); index++) {
            source.position(places.get(index) * size).get(row);
            double squares = 0;
            for (int feature = 0; feature < size; feature++) {
                double centerd = row[feature] - mean[feature];
                squares += centerd * centerd;
            }
            double length = Math.sqrt(squares);
            for (int feature = 0; feature < size && length > 0; feature++) {
                rows[index * size + feature] = (float) ((row[feature] - mean[feature]) / length);
            }
        }
        return rows;
    }

    private static float[] turned(float[] matrix, int rows, int columns) {
        float[] turned = new float[matrix.length];
        for (int row = 0; row < rows; row++) {
            for (int column = 0; column < columns; column++) {
                turned[column * rows + row] = matrix[row * columns + column];
            }
        }
        return turned;
    }

    private void look(int asked, float[] products, int from, int count) {
        int most = Math.min(MOST, count);
        int[] best = new int[most];
        float[] values = new float[most];
        Arrays.fill(values, Float.NEGATIVE_INFINITY);
        for (int place = 0; place < count; place++) {
            float value = products[from + place];
            if (!(value > values[most - 1])) {
                continue;
            }
            int slot = most - 1;
            while (slot > 0 && value > values[slot - 1]) {
                values[slot] = values[slot - 1];
                best[slot] = best[slot - 1];
                slot--;
            }
            values[slot] = value;
            best[slot] = place;
        }
        nearest[asked] = best;
        cosines[asked] = values;
    }

    /** The class of each queried row, by a vote of k neighbors. */
    int[] vote(int neighbors) {
        int[] said = new int[nearest.length];
        for (int row = 0; row < said.length; row++) {
            double[] votes = new double[classes];
            int voters = Math.min(neighbors, nearest[row].length);
            for (int index = 0; index < voters; index++) {
                // A cosine is at most 1, so it only breaks ties.
                votes[truth[nearest[row][index]]] += 1 + cosines[row][index] / (4 * MOST);
            }
            for (int label = 1; label < classes; label++) {
                said[row] = votes[label] > votes[said[row]] ? label : said[row];
            }
        }
        return said;
    }
}
