package dev.vitrine.engine.operator;

import dev.vitrine.engine.graph.Node;
import dev.vitrine.engine.graph.Value;
import java.util.List;

/**
 * vjp: given ∂objective/∂outputs of a node, writes nodes that compute ∂objective/∂inputs.
 *
 * <p>Rules other than the true derivative (guided, deconvnet, LRP, DeepLIFT) have the same form: what they carry
 * backwards is then a relevance or a multiplier in place of a gradient.
 */
@FunctionalInterface
public interface BackwardRule {
    /**
     * Writes the gradient of each input, or what stands for it.
     *
     * @param outputGradients one an output of the node, shaped as that output; {@link Value#NONE} where zero, but never
     *     all of them
     */
    InputGradients emit(Node node, List<Value> outputGradients, BackwardContext context);
}
