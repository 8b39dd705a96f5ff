package dev.vitrine.study.probe;

import dev.vitrine.engine.tensor.ElementType;
import dev.vitrine.engine.tensor.Tensor;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.List;

/**
 * (x − mean) · factor for each feature, with the mean and standard deviation of given rows.
 *
 * @param factor 1/deviation; 0 for a constant feature
 */
record Standardization(double[] mean, double[] factor) {
    /** Deviations below this fraction of the mean's magnitude are rounding errors. */
    private static final double LEAST = 1e-6;

    static Standardization of(Tensor features, List<Integer> rows) {
        int size = (int) features.dimension(1);
        double[] mean = new double[size];
        double[] squares = new double[size];
        float[] row = new float[size];
        FloatBuffer source = features.floats();
        for (int place : rows) {
            source.position(place * size).get(row);
            for (int index = 0; index < size; index++) {
                mean[index] += row[index] / (double) rows.size();
            }
        }
        for (int place : rows) {
            source.position(place * size).get(row);
            for (int index = 0; index < size; index++) {
                double distance = row[index] - mean[index];
                squares[index] += distance * distance / rows.size();
            }
        }
        double[] factor = new double[size];
        for (int index = 0; index < size; index++) {
            double deviation = Math.sqrt(squares[index]);
            factor[index] = deviation > LEAST * Math.abs(mean[index]) && deviation > 0 ? 1 / deviation : 0;
        }
        return new Standardization(mean, factor);
    }

    /** The rows, standardized: {@code f32[rows,D]}. */
    Tensor apply(Tensor features, List<Integer> rows) {
        int size = mean.length;
        ByteBuffer bytes = Tensor.allocate(ElementType.FLOAT32, rows.size(), size);
        FloatBuffer target = bytes.asFloatBuffer();
        FloatBuffer source = features.floats();
        float[] row = new float[size];
        for (int place : rows) {
            source.position(place * size).get(row);
            for (int index = 0; index < size; index++) {
                row[index] = (float) ((row[index] - mean[index]) * factor[index]);
            }
            target.put(row);
        }
        return Tensor.wrap(ElementType.FLOAT32, new long[] {rows.size(), size}, bytes);
    }
}
