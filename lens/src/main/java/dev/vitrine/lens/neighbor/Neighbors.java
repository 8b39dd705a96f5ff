package dev.vitrine.lens.neighbor;

import dev.vitrine.engine.tensor.Tensor;

/**
 * The nearest points of each query, nearest first; ties go to the lower index.
 *
 * @param count of neighbors for each query
 * @param ids {@code [queries, count]}
 * @param distances {@code [queries, count]}
 */
public record Neighbors(int count, int[] ids, double[] distances) {
    public int queries() {
        return ids.length / count;
    }

    public int id(int query, int rank) {
        return ids[query * count + rank];
    }

    public double distance(int query, int rank) {
        return distances[query * count + rank];
    }

    /** The nearest few of them. */
    public Neighbors first(int fewer) {
        int[] kept = new int[queries() * fewer];
        double[] far = new double[kept.length];
        for (int query = 0; query < queries(); query++) {
            System.arraycopy(ids, query * count, kept, query * fewer, fewer);
            System.arraycopy(distances, query * count, far, query * fewer, fewer);
        }
        return new Neighbors(fewer, kept, far);
    }

    /** {@code f32[queries, count]}. */
    public Tensor distanceTensor() {
        float[] values = new float[distances.length];
        for (int index = 0; index < values.length; index++) {
            values[index] = (float) distances[index];
        }
        return Tensor.floats(values, queries(), count);
    }
}
