package dev.vitrine.engine.operator;

import dev.vitrine.engine.graph.Node;
import dev.vitrine.engine.graph.Value;
import java.util.List;

/**
 * Straight-through estimator: dx = dy. A quantized value has the gradient of the real number it represents, so
 * dequantization passes it unchanged. Bengio et al. 2013, arXiv:1308.3432.
 *
 * <p>The gradient also passes where a value saturates: the range is the quantizer's choice, and a quantized network is
 * explained as the network that was trained. Where the range starts at 0, a Relu precedes it.
 */
final class QuantizationRules {
    private QuantizationRules() {}

    static InputGradients straight(Node node, List<Value> gradients, BackwardContext c) {
        boolean dynamic = c.forward()
                .producer(node.input(1))
                .filter(source -> source.operator().equals("DynamicQuantizeLinear"))
                .isPresent();
        if (c.wants(1) && !dynamic) {
            throw c.unsupported("a scale computed from the input", "a fixed scale", "Quantize statically");
        }
        return InputGradients.of(gradients.get(0));
    }

    /** DynamicQuantizeLinear: dx = dy; the computed scale and zero point have no gradient. */
    static InputGradients dynamic(Node node, List<Value> gradients, BackwardContext c) {
        return gradients.get(0).isPresent() ? InputGradients.of(gradients.get(0)) : InputGradients.NOTHING;
    }
}
