package dev.vitrine.engine.onnx;

import dev.vitrine.engine.graph.AttributeValue;
import dev.vitrine.engine.graph.Attributes;
import dev.vitrine.engine.graph.Node;
import java.util.Map;
import java.util.Set;

/**
 * Boolean attributes, written as 1 or 0. ONNX defines only these two values; others are read as ONNX Runtime reads
 * them, which was tested for each attribute.
 */
final class Flags {
    /** True unless 0. */
    private static final Set<String> UNLESS_ZERO = Set.of(
            "align_corners",
            "antialias",
            "count_include_pad",
            "exclude_outside",
            "input_forget",
            "linear_before_reset",
            "select_last_index",
            "storage_order",
            "training_mode",
            "transA",
            "transB",
            "upper");

    /** True only if 1. */
    private static final Set<String> ONLY_ONE =
            Set.of("allowzero", "ceil_mode", "keepdims", "largest", "noop_with_empty_axes", "sorted");

    private Flags() {}

    static Node read(Node node) {
        Attributes attributes = node.attributes();
        for (Map.Entry<String, AttributeValue> entry : attributes.values().entrySet()) {
            if (entry.getValue() instanceof AttributeValue.OfLong number
                    && number.value() != 0
                    && number.value() != 1) {
                if (UNLESS_ZERO.contains(entry.getKey())) {
                    attributes = attributes.with(entry.getKey(), 1L);
                } else if (ONLY_ONE.contains(entry.getKey())) {
                    attributes = attributes.with(entry.getKey(), 0L);
                }
            }
        }
        return attributes.equals(node.attributes()) ? node : node.withAttributes(attributes);
    }
}
