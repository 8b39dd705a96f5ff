package dev.vitrine.engine.onnx;

import dev.vitrine.engine.graph.AttributeValue;
import dev.vitrine.engine.graph.Attributes;
import dev.vitrine.engine.graph.Node;
import java.util.Map;
import java.util.Set;

/**
 * Attributes that mean yes or no, written as 1 or 0. ONNX knows only these two; what another number means is the
 * runtime's reading, which was measured for each of them: yes for most, no for some.
 */
final class Flags {
    /** Every number but 0 is a yes. */
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

    /** Every number but 1 is a no. */
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
