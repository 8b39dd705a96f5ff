package dev.vitrine.engine.rewrite.weight;

import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.GraphTransform;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.tensor.ElementType;
import dev.vitrine.engine.tensor.Tensor;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/**
 * W' ~ N(mean W, deviation W): what a network has learned in some weights is gone, their spread stays. As Adebayo et al.
 * 2018, arXiv:1810.03292, ask whether a map depends on what was learned.
 *
 * @param weights float32 constants; each gets the same numbers whatever others are named
 */
public record RandomizeWeights(Set<Value> weights, long seed) implements GraphTransform {
    public RandomizeWeights {
        weights = Set.copyOf(weights);
    }

    @Override
    public Graph apply(Graph graph) {
        Map<Value, Tensor> constants = new LinkedHashMap<>(graph.constants());
        for (Value weight : weights) {
            Tensor tensor = constants.get(weight);
            if (tensor == null || tensor.elementType() != ElementType.FLOAT32) {
                throw new IllegalArgumentException(
                        "'" + weight + "' is " + tensor + "; expected a float32 constant of the graph");
            }
            constants.put(
                    weight,
                    drawn(tensor, seed ^ 0x9e3779b97f4a7c15L * weight.name().hashCode()));
        }
        return new Graph(graph.inputs(), graph.outputs(), graph.nodes(), constants, graph.types(), graph.opsets());
    }

    private static Tensor drawn(Tensor tensor, long ownSeed) {
        FloatBuffer values = tensor.floats();
        int count = values.remaining();
        double sum = 0;
        for (int index = 0; index < count; index++) {
            sum += values.get(index);
        }
        double mean = sum / Math.max(1, count);
        double squares = 0;
        for (int index = 0; index < count; index++) {
            squares += (values.get(index) - mean) * (values.get(index) - mean);
        }
        double deviation = Math.sqrt(squares / Math.max(1, count));
        ByteBuffer bytes = Tensor.allocate(ElementType.FLOAT32, tensor.shape());
        FloatBuffer target = bytes.asFloatBuffer();
        Random random = new Random(ownSeed);
        for (int index = 0; index < count; index++) {
            target.put(index, (float) (mean + deviation * random.nextGaussian()));
        }
        return Tensor.wrap(ElementType.FLOAT32, tensor.shape(), bytes);
    }
}
