package dev.vitrine.engine.operator;

import dev.vitrine.engine.graph.Node;
import dev.vitrine.engine.graph.Value;
import java.util.List;

/**
 * Gradients straight through rounding: dx = dy. The gradient of a quantized value is that of the real number it stands for,
 * so dequantization hands it on as it is. Bengio et al. 2013, arXiv:1308.3432.
 *
 * <p>It passes where a value is cut off at the end of the range as well: that the range ends there is a choice of the
 * quantizer, and a network that was quantized is to be explained as the one that was trained. Where the range begins at 0,
 * a Relu stands before it.
 */
final class QuantizationRules {
    private QuantizationRules() {}

    static InputGradients straight(Node node, List<Value> gradients, BackwardContext c) {
        boolean dynamic = c.forward()
                .producer(node.input(1))
                .filter(source -> source.operator().equals("DynamicQuantizeLinear"))
                .isPresent();
        if (c.wants(1) && !dynamic) {
            throw c.unsupported(
                    "a scale that is computed from the input", "a scale that is fixed", "Quantize statically");
        }
        return InputGradients.of(gradients.get(0));
    }

    /** The scale and zero that are computed with the quantized value have no gradient. */
    static InputGradients dynamic(Node node, List<Value> gradients, BackwardContext c) {
        return gradients.get(0).isPresent() ? InputGradients.of(gradients.get(0)) : InputGradients.NOTHING;
    }
}
