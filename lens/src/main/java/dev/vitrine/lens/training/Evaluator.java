package dev.vitrine.lens.training;

import dev.vitrine.engine.graph.Attributes;
import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.GraphBuilder;
import dev.vitrine.engine.graph.Node;
import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.operator.Operator;
import dev.vitrine.engine.operator.OperatorTable;
import dev.vitrine.engine.operator.property.Role;
import dev.vitrine.engine.operator.property.Signs;
import dev.vitrine.engine.rewrite.FixDimension;
import dev.vitrine.engine.runtime.Executable;
import dev.vitrine.engine.runtime.Runner;
import dev.vitrine.engine.runtime.TypeInference;
import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.data.Picture;
import dev.vitrine.lens.model.preprocessing.Preprocessing;
import dev.vitrine.lens.training.data.PreparedPictures;
import dev.vitrine.lens.training.data.Samples;
import dev.vitrine.lens.training.network.Network;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/** Evaluates a network on unaugmented pictures. */
final class Evaluator {
    private static final int BATCH = 32;

    private final Samples samples;
    private final PreparedPictures views;
    private final Preprocessing preprocessing;
    private final Runner runner;

    /**
     * @param views the pictures as the network sees them
     */
    Evaluator(Samples samples, PreparedPictures views, Preprocessing preprocessing, Runner runner) {
        this.samples = samples;
        this.views = views;
        this.preprocessing = preprocessing;
        this.runner = runner;
    }

    /**
     * @param indices of samples
     * @param each called before each batch
     */
    Evaluation evaluate(Network network, List<Integer> indices, Runnable each) {
        List<Value> peaks = new ArrayList<>();
        Graph graph = withPeaks(network, peaks);
        int classes = samples.classNames().size();
        int[][] confusion = new int[classes][classes];
        Map<Value, float[]> highest = new LinkedHashMap<>();
        double loss = 0;
        try (Executable executable = runner.load(graph)) {
            for (int from = 0; from < indices.size(); from += BATCH) {
                each.run();
                List<Integer> some = indices.subList(from, Math.min(indices.size(), from + BATCH));
                List<Picture> pictures = new ArrayList<>();
                for (int i = 0; i < BATCH; i++) {
                    pictures.add(views.picture(some.get(Math.min(i, some.size() - 1))));
                }
                Map<Value, Tensor> found = executable.run(Map.of(network.input(), preprocessing.apply(pictures)));
                float[] logits = found.get(network.logits()).toFloats();
                for (int i = 0; i < some.size(); i++) {
                    float[] row = Arrays.copyOfRange(logits, i * classes, (i + 1) * classes);
                    int label = samples.label(some.get(i));
                    confusion[label][largest(row)]++;
                    loss += logSumExp(row) - row[label];
                }
                peaks.forEach(peak -> highest.merge(peak, found.get(peak).toFloats(), Evaluator::larger));
            }
        }
        int units = highest.values().stream().mapToInt(values -> values.length).sum();
        int dead = highest.values().stream()
                .mapToInt(values -> (int) IntStream.range(0, values.length)
                        .filter(i -> values[i] <= 0)
                        .count())
                .sum();
        return new Evaluation(
                loss / Math.max(1, indices.size()),
                Arrays.stream(confusion)
                        .map(row -> Arrays.stream(row).boxed().toList())
                        .toList(),
                units,
                dead);
    }

    /** With the maximum of each map after a rectifier as additional outputs. */
    private static Graph withPeaks(Network network, List<Value> peaks) {
        TensorType input = network.graph().types().get(network.input());
        Graph typed = TypeInference.infer(new FixDimension(input.dimension(0), BATCH).apply(network.graph()));
        GraphBuilder builder = new GraphBuilder(typed).scope("peaks");
        for (Node node : typed.nodes()) {
            Operator row = OperatorTable.row(node);
            boolean cutsOff = row.role() == Role.RECTIFIER && row.signs() == Signs.NEVER_NEGATIVE;
            if (!cutsOff || typed.types().get(node.output()).rank() < 2) {
                continue;
            }
            int rank = typed.types().get(node.output()).rank();
            long[] axes = LongStream.range(0, rank).filter(axis -> axis != 1).toArray();
            Value peak =
                    builder.node("ReduceMax", Attributes.NONE.with("keepdims", 0), node.output(), builder.vector(axes));
            builder.output(peak);
            peaks.add(peak);
        }
        return builder.build();
    }

    private static float[] larger(float[] left, float[] right) {
        float[] larger = new float[left.length];
        for (int i = 0; i < larger.length; i++) {
            larger[i] = Math.max(left[i], right[i]);
        }
        return larger;
    }

    private static int largest(float[] values) {
        int largest = 0;
        for (int i = 1; i < values.length; i++) {
            if (values[i] > values[largest]) {
                largest = i;
            }
        }
        return largest;
    }

    private static double logSumExp(float[] values) {
        double largest = values[largest(values)];
        double sum = 0;
        for (float value : values) {
            sum += Math.exp(value - largest);
        }
        return largest + Math.log(sum);
    }
}
