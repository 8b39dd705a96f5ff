package dev.vitrine.engine.operator;

import dev.vitrine.engine.graph.Node;
import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.engine.graph.Value;
import java.util.List;
import java.util.Optional;

/**
 * The true derivative of Conv, with the gradient of its weights as one convolution over the batch: dwᵀ = xᵀ * dyᵀ,
 * where ᵀ exchanges samples and channels. Where batch or channels do not fill whole blocks, the table's rule is used.
 *
 * <p>It pays where {@link dev.vitrine.engine.rewrite.lowering.BlockConvolutions} follows: in the plain layout such a
 * convolution takes several times as long as the table's products.
 *
 * @param block channels per block of the runtime's blocked layout; 1 where it has none
 */
public record WeightsBySamples(int block) implements BackwardRule {
    @Override
    public InputGradients emit(Node node, List<Value> outputGradients, BackwardContext context) {
        return ConvolutionRules.conv(node, outputGradients, context, this);
    }

    /** {@code f32[M,C,k,l]} from {@code x: f32[N,C,H,W]} and the gradient of {@code y: f32[N,M,h,w]}. */
    Optional<Value> of(Value x, Value y, Value gradient, Window window, long group, BackwardContext c) {
        SampleConvolution convolution = new SampleConvolution(x, y, window, c);
        return block > 1 && convolution.suits(group) && fills(c.type(x)) && fills(c.type(y))
                ? Optional.of(convolution.together(gradient))
                : Optional.empty();
    }

    private boolean fills(TensorType type) {
        return type.dimension(0).size() % block == 0 && type.dimension(1).size() % block == 0;
    }
}
