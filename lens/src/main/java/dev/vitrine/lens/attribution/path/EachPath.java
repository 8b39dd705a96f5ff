package dev.vitrine.lens.attribution.path;

import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.attribution.EachPicture;
import dev.vitrine.lens.attribution.Explainer;
import dev.vitrine.lens.attribution.Progress;
import dev.vitrine.lens.attribution.gradient.Gradient;
import dev.vitrine.lens.objective.Objective;
import dev.vitrine.lens.session.ModelSession;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Gradients at points that a method chooses for each picture, and arithmetic on points. */
final class EachPath {
    /**
     * One picture of the batch.
     *
     * @param values of the image
     */
    record Subject(Tensor image, float[] values) {}

    /** The plain gradient of the score at any input. */
    interface Gradients {
        /** Number of points per run. */
        int batch();

        /** In the order of the points, each with the values of one input. */
        List<float[]> at(List<float[]> points);
    }

    /** A method on one picture; returns the attribution of every value. */
    @FunctionalInterface
    interface Method {
        double[] explain(Subject subject, Gradients gradients, Progress progress);
    }

    private EachPath() {}

    /** Explains one picture at a time. */
    static EachPicture explainer(ModelSession session, Objective objective, Method method) {
        Explainer gradient = session.explainer(new Gradient(Gradient.Kind.PLAIN), objective);
        return new EachPicture(session, objective, (subject, progress) -> {
            double[] found = method.explain(
                    new Subject(subject.image(), subject.image().toFloats()),
                    gradients(session, gradient, subject.target()),
                    progress);
            return new EachPicture.Said(rounded(found, session.model().sampleShape()), List.of());
        });
    }

    private static Tensor rounded(double[] values, long[] shape) {
        float[] rounded = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            rounded[i] = (float) values[i];
        }
        return Tensor.floats(rounded, shape);
    }

    private static Gradients gradients(ModelSession session, Explainer gradient, Tensor target) {
        return new Gradients() {
            @Override
            public int batch() {
                return session.batchSize();
            }

            @Override
            public List<float[]> at(List<float[]> points) {
                List<Tensor> inputs = points.stream()
                        .map(point -> Tensor.floats(point, session.model().sampleShape()))
                        .toList();
                Tensor slopes = gradient.explain(
                                Tensor.concatenate(inputs),
                                Tensor.concatenate(Collections.nCopies(points.size(), target)),
                                Progress.NONE)
                        .attribution();
                List<float[]> rows = new ArrayList<>();
                for (int i = 0; i < points.size(); i++) {
                    rows.add(slopes.rows(i, i + 1).toFloats());
                }
                return rows;
            }
        };
    }

    static float[] difference(float[] to, float[] from) {
        float[] difference = new float[to.length];
        for (int i = 0; i < difference.length; i++) {
            difference[i] = to[i] - from[i];
        }
        return difference;
    }

    /** start + t · step. */
    static float[] along(float[] start, float[] step, double t) {
        float[] point = new float[start.length];
        for (int i = 0; i < point.length; i++) {
            point[i] = (float) (start[i] + t * step[i]);
        }
        return point;
    }

    static void addProduct(double[] sum, float[] left, float[] right, double factor) {
        for (int i = 0; i < sum.length; i++) {
            sum[i] += factor * left[i] * right[i];
        }
    }
}
