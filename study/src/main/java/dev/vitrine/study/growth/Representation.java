package dev.vitrine.study.growth;

import dev.vitrine.engine.tensor.Tensor;

/**
 * The centered Gram matrix K of a layer's features of some pictures. Two layers are compared by linear CKA,
 * Σ K∘L / √(Σ K∘K · Σ L∘L): 1 if they agree up to rotation and scale.
 * Kornblith et al. 2019, arXiv:1905.00414.
 */
final class Representation {
    private final double[] products;
    private final double norm;

    private Representation(double[] products) {
        this.products = products;
        this.norm = Math.sqrt(sum(products, products));
    }

    /**
     * @param features {@code f32[N,D]}, one row per picture
     */
    static Representation of(Tensor features) {
        int count = (int) features.dimension(0);
        int size = (int) features.dimension(1);
        float[] values = features.toFloats();
        double[] mean = new double[size];
        for (int index = 0; index < values.length; index++) {
            mean[index % size] += values[index] / (double) count;
        }
        double[] centerd = new double[values.length];
        for (int index = 0; index < values.length; index++) {
            centerd[index] = values[index] - mean[index % size];
        }
        double[] products = new double[count * count];
        for (int row = 0; row < count; row++) {
            for (int column = 0; column <= row; column++) {
                double product = 0;
                int one = row * size;
                int other = column * size;
                for (int feature = 0; feature < size; feature++) {
                    product += centerd[one + feature] * centerd[other + feature];
                }
                products[row * count + column] = product;
                products[column * count + row] = product;
            }
        }
        return new Representation(products);
    }

    /** Linear CKA, 0..1; 0 if either representation is constant. */
    double likeness(Representation other) {
        double scale = norm * other.norm;
        return scale > 0 ? Math.min(1, sum(products, other.products) / scale) : 0;
    }

    private static double sum(double[] one, double[] other) {
        double sum = 0;
        for (int index = 0; index < one.length; index++) {
            sum += one[index] * other[index];
        }
        return sum;
    }
}
