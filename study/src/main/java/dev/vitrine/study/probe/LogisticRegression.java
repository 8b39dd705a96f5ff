package dev.vitrine.study.probe;

import dev.vitrine.engine.gradient.BackwardRules;
import dev.vitrine.engine.gradient.Differentiator;
import dev.vitrine.engine.graph.Attributes;
import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.GraphBuilder;
import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.rewrite.Cut;
import dev.vitrine.engine.runtime.Executable;
import dev.vitrine.engine.runtime.Runner;
import dev.vitrine.engine.runtime.TypeInference;
import dev.vitrine.engine.tensor.ElementType;
import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.optimization.LimitedMemoryBfgs;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.Map;

/**
 * The minimum of Σᵢ wᵢ·(−log softmax(xᵢW + b)[yᵢ]) + λ/2 ‖W‖² over W and b, with class-balanced weights wᵢ and
 * standardized features. Loss and gradient are one graph, differentiated like any other, and minimized by L-BFGS.
 */
final class LogisticRegression implements AutoCloseable {
    private static final LimitedMemoryBfgs DESCENT = new LimitedMemoryBfgs(10, 200, 1e-5);

    private final int size;
    private final int classes;
    private final int count;
    private final Standardization standardization;
    private final Tensor rows;
    private final Tensor labels;
    private final Value x = new Value("x");
    private final Value y = new Value("y");
    private final Value weights = new Value("w");
    private final Value bias = new Value("b");
    private final Value loss;
    private final Differentiator.Result gradient;
    private final Executable executable;
    private double[] point;

    /**
     * @param features {@code f32[N,D]}
     * @param places training rows
     * @param truth class of each training row
     */
    LogisticRegression(Runner runner, Tensor features, List<Integer> places, int[] truth, int classes) {
        this.size = (int) features.dimension(1);
        this.classes = classes;
        this.count = places.size();
        this.standardization = Standardization.of(features, places);
        this.rows = standardization.apply(features, places);
        this.labels = labels(truth, classes);
        GraphBuilder builder = new GraphBuilder();
        builder.input(x.name(), TensorType.of(rows));
        builder.input(y.name(), TensorType.of(labels));
        builder.input(weights.name(), TensorType.of(ElementType.FLOAT32, size, classes));
        builder.input(bias.name(), TensorType.of(ElementType.FLOAT32, classes));
        Value scores = builder.node("Add", builder.node("MatMul", x, weights), bias);
        Value logarithms = builder.node("LogSoftmax", Attributes.NONE.with("axis", -1L), scores);
        this.loss = builder.node(
                "Neg",
                builder.node("ReduceSum", Attributes.NONE.with("keepdims", 0L), builder.node("Mul", y, logarithms)));
        Graph forward = TypeInference.infer(builder.output(loss).build());
        this.gradient = new Differentiator(BackwardRules.PLAIN).gradient(forward, loss, List.of(weights, bias));
        List<Value> wanted = List.of(loss, gradient.of(weights), gradient.of(bias));
        this.executable = runner.load(new Cut(wanted).apply(gradient.graph()));
        this.point = new double[(size + 1) * classes];
    }

    /** One row per picture, zero except for its weight at its class; the weights sum to the number of pictures. */
    private static Tensor labels(int[] truth, int classes) {
        int[] members = new int[classes];
        for (int label : truth) {
            members[label]++;
        }
        int present = 0;
        for (int some : members) {
            present += some > 0 ? 1 : 0;
        }
        float[] data = new float[truth.length * classes];
        for (int row = 0; row < truth.length; row++) {
            data[row * classes + truth[row]] = (float) ((double) truth.length / present / members[truth[row]]);
        }
        return Tensor.floats(data, truth.length, classes);
    }

    /**
     * The classifier for a penalty, warm-started from the previous fit.
     *
     * @param spread prior spread of the scores: λ = D / spread²
     */
    LinearClassifier fit(double spread) {
        double penalty = size / (spread * spread);
        point = DESCENT.minimize((at, slope) -> value(at, slope, penalty), point)
                .point();
        return classifier();
    }

    private double value(double[] at, double[] slope, double penalty) {
        int split = size * classes;
        Map<Value, Tensor> results = executable.run(
                Map.of(x, rows, y, labels, weights, floats(at, 0, size, classes), bias, floats(at, split, classes)));
        FloatBuffer ofWeights = results.get(gradient.of(weights)).floats();
        FloatBuffer ofBias = results.get(gradient.of(bias)).floats();
        double squares = 0;
        for (int index = 0; index < split; index++) {
            squares += at[index] * at[index];
            slope[index] = (ofWeights.get(index) + penalty * at[index]) / count;
        }
        for (int index = 0; index < classes; index++) {
            slope[split + index] = ofBias.get(index) / (double) count;
        }
        return (results.get(loss).floats().get(0) + penalty / 2 * squares) / count;
    }

    private static Tensor floats(double[] values, int from, long... shape) {
        ByteBuffer bytes = Tensor.allocate(ElementType.FLOAT32, shape);
        FloatBuffer target = bytes.asFloatBuffer();
        for (int index = 0; index < target.capacity(); index++) {
            target.put(index, (float) values[from + index]);
        }
        return Tensor.wrap(ElementType.FLOAT32, shape, bytes);
    }

    /** Folds the standardization into weights and bias. */
    private LinearClassifier classifier() {
        double[] plain = new double[point.length];
        int split = size * classes;
        System.arraycopy(point, split, plain, split, classes);
        for (int feature = 0; feature < size; feature++) {
            for (int label = 0; label < classes; label++) {
                int at = feature * classes + label;
                plain[at] = point[at] * standardization.factor()[feature];
                plain[split + label] -= plain[at] * standardization.mean()[feature];
            }
        }
        return new LinearClassifier(floats(plain, 0, size, classes), floats(plain, split, classes));
    }

    @Override
    public void close() {
        executable.close();
    }
}
