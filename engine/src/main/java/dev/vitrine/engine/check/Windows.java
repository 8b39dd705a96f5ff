package dev.vitrine.engine.check;

import dev.vitrine.engine.graph.Node;
import java.util.Set;

/** Which operators move a window over their input. */
final class Windows {
    private static final Set<String> POOLS = Set.of("MaxPool", "AveragePool", "LpPool");

    private static final Set<String> CONVOLUTIONS = Set.of("Conv", "ConvInteger", "QLinearConv", "DeformConv");

    private Windows() {}

    static boolean isPool(Node node) {
        return node.domain().isEmpty() && POOLS.contains(node.opType());
    }

    static boolean isConvolution(Node node) {
        return node.domain().isEmpty() && CONVOLUTIONS.contains(node.opType());
    }

    static boolean has(Node node) {
        return isPool(node) || isConvolution(node) || node.operator().equals("ConvTranspose");
    }

    /** The input that a kernel comes as. */
    static int kernelInput(Node node) {
        return node.opType().equals("QLinearConv") ? 3 : 1;
    }
}
