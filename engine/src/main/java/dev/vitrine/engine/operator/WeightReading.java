package dev.vitrine.engine.operator;

import dev.vitrine.engine.graph.Node;
import dev.vitrine.engine.graph.Value;
import java.util.Set;

/** How a node reads a weight, which decides whether the runtime makes a copy of it. */
public enum WeightReading {
    /** As a matrix of a dense layer, which the runtime packs or reads as it is. */
    DENSE,
    /** As the kernel of a convolution that is in the runtime's blocked layout already, which it reads as it is. */
    BLOCKED,
    /** In another way. */
    ANY;

    private static final Set<String> PRODUCTS = Set.of("Gemm", "MatMul");

    /** How {@code node}, which reads {@code weight}, does so. */
    public static WeightReading of(Node node, Value weight) {
        int place = node.inputs().indexOf(weight);
        if (node.domain().isEmpty() && PRODUCTS.contains(node.opType()) && place < 2 && place >= 0) {
            return DENSE;
        }
        boolean kernel = node.domain().equals("com.microsoft.nchwc")
                && node.opType().equals("Conv")
                && place == 1
                && node.inputs().lastIndexOf(weight) == 1;
        return kernel ? BLOCKED : ANY;
    }
}
