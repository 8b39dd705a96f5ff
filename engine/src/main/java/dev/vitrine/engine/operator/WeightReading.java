package dev.vitrine.engine.operator;

import dev.vitrine.engine.graph.Node;
import dev.vitrine.engine.graph.Value;
import java.util.Set;

/** How a node reads a weight, which determines whether the runtime copies it. */
public enum WeightReading {
    /** As the matrix of a dense layer, which the runtime packs or reads in place. */
    DENSE,
    /** As a convolution kernel already in the runtime's blocked layout, which it reads in place. */
    BLOCKED,
    /** Any other way. */
    ANY;

    private static final Set<String> PRODUCTS = Set.of("Gemm", "MatMul");

    /** How {@code node} reads {@code weight}. */
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
