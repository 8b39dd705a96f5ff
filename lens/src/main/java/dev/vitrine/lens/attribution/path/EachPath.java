package dev.vitrine.lens.attribution.path;

import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.attribution.Explainer;
import dev.vitrine.lens.attribution.Explanation;
import dev.vitrine.lens.attribution.ModelSession;
import dev.vitrine.lens.attribution.Progress;
import dev.vitrine.lens.attribution.ScoreReader;
import dev.vitrine.lens.attribution.gradient.Gradient;
import dev.vitrine.lens.objective.Objective;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Explains a batch picture by picture, by gradients at points that a method chooses. */
final class EachPath implements Explainer {
    /**
     * One picture of the batch.
     *
     * @param values of the image
     */
    record Subject(Tensor image, float[] values) {}

    /** The plain gradient of the score at any input. */
    interface Gradients {
        /** How many points go in one run. */
        int batch();

        /** In the order of the points, each with the values of one input. */
        List<float[]> at(List<float[]> points);
    }

    /** A method on one picture; tells the attribution of every value. */
    @FunctionalInterface
    interface Method {
        double[] explain(Subject subject, Gradients gradients, Progress progress);
    }

    private final ModelSession session;
    private final Objective objective;
    private final Method method;
    private final Explainer gradient;

    EachPath(ModelSession session, Objective objective, Method method) {
        this.session = session;
        this.objective = objective;
        this.method = method;
        this.gradient = session.explainer(new Gradient(Gradient.Kind.PLAIN), objective);
    }

    @Override
    public Explanation explain(Tensor images, Tensor targets, Progress progress) {
        ScoreReader.Scores scores = ScoreReader.read(session, objective, images, targets);
        Explanation.requireFinite(scores.scores());
        long count = images.dimension(0);
        List<Tensor> attributions = new ArrayList<>();
        for (long row = 0; row < count; row++) {
            long before = row;
            Tensor image = images.rows(row, row + 1);
            double[] found = method.explain(
                    new Subject(image, image.toFloats()),
                    gradients(targets.rows(row, row + 1)),
                    (done, total) -> progress.report(before * total + done, count * total));
            float[] rounded = new float[found.length];
            for (int i = 0; i < found.length; i++) {
                rounded[i] = (float) found[i];
            }
            attributions.add(Tensor.floats(rounded, session.model().sampleShape()));
        }
        return new Explanation(
                Tensor.concatenate(attributions),
                scores.scores(),
                scores.logits(),
                Collections.nCopies((int) count, List.of()));
    }

    private Gradients gradients(Tensor target) {
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
