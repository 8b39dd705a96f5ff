package dev.vitrine.engine.runtime;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.graph.Attributes;
import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.Node;
import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.tensor.ElementType;
import dev.vitrine.engine.tensor.Tensor;
import java.util.List;
import java.util.Map;

/** Determines the channels per block of the runtime's blocked layout, from where it stores the second position. */
final class ChannelBlock {
    private static final int MOST = 64;

    private ChannelBlock() {}

    /** The size of a block, or 1 where the runtime cannot reorder. */
    static int measure(Runner runner) {
        Value input = new Value("input");
        Value output = new Value("output");
        TensorType type = TensorType.of(ElementType.FLOAT32, 1, MOST, 1, 2);
        Node node = new Node(
                "reorder", "com.microsoft.nchwc", "ReorderInput", List.of(input), List.of(output), Attributes.NONE);
        Graph graph = new Graph(
                List.of(input),
                List.of(output),
                List.of(node),
                Map.of(),
                Map.of(input, type, output, type),
                Map.of("", 21L, "com.microsoft.nchwc", 1L));
        float[] values = new float[2 * MOST];
        values[1] = 1;
        try (Executable executable = runner.load(graph)) {
            float[] found = executable
                    .run(Map.of(input, Tensor.floats(values, 1, MOST, 1, 2)))
                    .get(output)
                    .toFloats();
            int block = 0;
            while (found[block] == 0) {
                block++;
            }
            return block;
        } catch (VitrineException unknownOperator) {
            return 1;
        }
    }
}
