package dev.vitrine.lens.visualization;

import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.data.Picture;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.decomposition.TriangularSolver_DDRM;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;
import org.ejml.interfaces.decomposition.CholeskyDecomposition_F64;

/** Preserves the colors of a picture in style transfer. Gatys et al. 2016, arXiv:1606.05897. */
final class ColorTransfer {
    private static final double[] LUMINANCE = {0.299, 0.587, 0.114};

    private ColorTransfer() {}

    /** The luminance of a synthesized picture {@code f32[1,3,H,W]} with the colors of another of its size. */
    static Tensor luminance(Tensor made, Picture colors) {
        float[] values = made.toFloats();
        float[] own = Rgb.values(colors, (int) made.dimension(1));
        if (made.dimension(1) == 3) {
            int places = values.length / 3;
            for (int i = 0; i < places; i++) {
                double change = 0;
                for (int channel = 0; channel < 3; channel++) {
                    change += LUMINANCE[channel] * (values[channel * places + i] - own[channel * places + i]);
                }
                for (int channel = 0; channel < 3; channel++) {
                    values[channel * places + i] = (float) Math.max(0, Math.min(1, own[channel * places + i] + change));
                }
            }
        }
        return Tensor.floats(values, made.shape());
    }

    /** A style picture with the mean and covariance of another's colors: L₂ L₁⁻¹ (x − μ₁) + μ₂, L of Cholesky. */
    static Picture matched(Picture style, Picture colors) {
        float[] values = Rgb.values(style, 3);
        Statistics from = Statistics.of(values);
        Statistics to = Statistics.of(Rgb.values(colors, 3));
        int places = values.length / 3;
        float[] result = new float[values.length];
        for (int i = 0; i < places; i++) {
            double[] white = from.whitened(values[i], values[places + i], values[2 * places + i]);
            for (int channel = 0; channel < 3; channel++) {
                double value = to.mean()[channel];
                for (int k = 0; k <= channel; k++) {
                    value += to.root().get(channel, k) * white[k];
                }
                result[channel * places + i] = (float) value;
            }
        }
        return Rgb.picture(Tensor.floats(result, 1, 3, style.height(), style.width()), 0);
    }

    /** Mean of the colors and lower triangular root of their covariance. */
    private record Statistics(double[] mean, DMatrixRMaj root) {
        private static final double SMALL = 1e-4;

        static Statistics of(float[] values) {
            int places = values.length / 3;
            double[] mean = new double[3];
            double[][] covariance = new double[3][3];
            for (int i = 0; i < values.length; i++) {
                mean[i / places] += values[i] / (double) places;
            }
            for (int i = 0; i < places; i++) {
                for (int cell = 0; cell < 9; cell++) {
                    double one = values[cell / 3 * places + i] - mean[cell / 3];
                    double other = values[cell % 3 * places + i] - mean[cell % 3];
                    covariance[cell / 3][cell % 3] += one * other / places;
                }
            }
            for (int channel = 0; channel < 3; channel++) {
                covariance[channel][channel] += SMALL;
            }
            CholeskyDecomposition_F64<DMatrixRMaj> decomposition = DecompositionFactory_DDRM.chol(3, true);
            decomposition.decompose(new DMatrixRMaj(covariance));
            DMatrixRMaj root = decomposition.getT(null);
            return new Statistics(mean, root);
        }

        double[] whitened(double... color) {
            double[] white = new double[3];
            for (int channel = 0; channel < 3; channel++) {
                white[channel] = color[channel] - mean[channel];
            }
            TriangularSolver_DDRM.solveL(root.getData(), white, 3);
            return white;
        }
    }
}
