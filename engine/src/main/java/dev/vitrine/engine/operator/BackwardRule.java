package dev.vitrine.engine.operator;

import dev.vitrine.engine.graph.Node;
import dev.vitrine.engine.graph.Value;
import java.util.List;

/**
 * vjp: given ∂objective/∂outputs of a node, emits nodes that compute ∂objective/∂inputs.
 *
 * <p>Rules other than the true derivative (guided, deconvnet, LRP, DeepLIFT) have the same form; they propagate a
 * relevance or a multiplier in place of a gradient.
 */
@FunctionalInterface
public interface BackwardRule {
    /**
     * Emits the gradient of each input, or what replaces it.
     *
     * @param outputGradients one per output of the node, in its shape; {@link Value#NONE} where zero, but not for all
     *     outputs
     */
    InputGradients emit(Node node, List<Value> outputGradients, BackwardContext context);
}
