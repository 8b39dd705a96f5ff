package dev.vitrine.study.probe;

import dev.vitrine.engine.graph.Dimension;
import dev.vitrine.engine.graph.GraphBuilder;
import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.runtime.Executable;
import dev.vitrine.engine.runtime.Runner;
import dev.vitrine.engine.tensor.ElementType;
import dev.vitrine.engine.tensor.Tensor;
import java.util.List;
import java.util.Map;

/**
 * xW + b, on raw features.
 *
 * @param weights {@code f32[D,classes]}
 * @param bias {@code f32[classes]}
 */
record LinearClassifier(Tensor weights, Tensor bias) {
    private static final int ROWS = 1024;

    /** The top class of each given row of {@code features}. */
    int[] classify(Runner runner, Tensor features, List<Integer> rows) {
        int classes = (int) bias.elements();
        GraphBuilder builder = new GraphBuilder();
        Value x = builder.input(
                "x", new TensorType(ElementType.FLOAT32, List.of(Dimension.named("n"), dimension(weights, 0))));
        Value scores = builder.node(
                "Add", builder.node("MatMul", x, builder.constant("w", weights)), builder.constant("b", bias));
        builder.output(scores);
        long count = features.dimension(0);
        int[] best = new int[(int) count];
        try (Executable executable = runner.load(builder.build())) {
            for (long from = 0; from < count; from += ROWS) {
                long to = Math.min(count, from + ROWS);
                float[] block = executable
                        .run(Map.of(x, features.rows(from, to)))
                        .get(scores)
                        .toFloats();
                for (int row = 0; row < to - from; row++) {
                    best[(int) from + row] = largest(block, row * classes, classes);
                }
            }
        }
        return rows.stream().mapToInt(row -> best[row]).toArray();
    }

    private static Dimension dimension(Tensor tensor, int axis) {
        return Dimension.of(tensor.dimension(axis));
    }

    private static int largest(float[] values, int from, int count) {
        int largest = 0;
        for (int index = 1; index < count; index++) {
            if (values[from + index] > values[from + largest]) {
                largest = index;
            }
        }
        return largest;
    }
}
