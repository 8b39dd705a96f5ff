package dev.vitrine.lens.perturbation;

import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.factory.LinearSolverFactory_DDRM;
import org.ejml.interfaces.linsol.LinearSolverDense;

/** Weighted least squares with few unknowns, by accumulating the normal equations row by row. */
final class LinearModel {
    private final int unknowns;
    private final double[] matrix;
    private final double[] right;

    LinearModel(int unknowns) {
        this.unknowns = unknowns;
        matrix = new double[unknowns * unknowns];
        right = new double[unknowns];
    }

    /** Adds {@code weight · (value − row · x)²} to the objective. */
    void add(double weight, double[] row, double value) {
        for (int i = 0; i < unknowns; i++) {
            double scaled = weight * row[i];
            if (scaled == 0) {
                continue;
            }
            right[i] += scaled * value;
            for (int j = 0; j < unknowns; j++) {
                matrix[i * unknowns + j] += scaled * row[j];
            }
        }
    }

    /** Adds {@code penalty · x[unknown]²}. */
    void penalize(int unknown, double penalty) {
        matrix[unknown * unknowns + unknown] += penalty;
    }

    /** The largest diagonal element, the scale for small penalties. */
    double largest() {
        double largest = 0;
        for (int i = 0; i < unknowns; i++) {
            largest = Math.max(largest, matrix[i * unknowns + i]);
        }
        return largest;
    }

    /** The solution x; NaN if the sums are. */
    double[] solve() {
        return solve(right);
    }

    /** The same matrix with another right side. */
    double[] solve(double[] otherRight) {
        LinearSolverDense<DMatrixRMaj> solver = LinearSolverFactory_DDRM.symmPosDef(unknowns);
        DMatrixRMaj solution = new DMatrixRMaj(unknowns, 1);
        if (!solver.setA(new DMatrixRMaj(unknowns, unknowns, true, matrix.clone()))) {
            solution.fill(Double.NaN);
            return solution.getData();
        }
        solver.solve(new DMatrixRMaj(unknowns, 1, true, otherRight.clone()), solution);
        return solution.getData();
    }
}
