package dev.vitrine.engine.check;

import dev.vitrine.engine.graph.Node;
import dev.vitrine.engine.operator.OperatorTable;
import dev.vitrine.engine.operator.property.Kernel;
import dev.vitrine.engine.operator.property.Space;

/** The operators that slide a window over their input. */
final class Windows {
    private Windows() {}

    static boolean isPool(Node node) {
        return kernel(node) == Kernel.ATTRIBUTE;
    }

    static boolean isConvolution(Node node) {
        return kernel(node).isWeighted() && OperatorTable.row(node).space() != Space.SPREAD;
    }

    static boolean has(Node node) {
        return kernel(node) != Kernel.NONE;
    }

    /** What defines the size of the window. */
    static Kernel kernel(Node node) {
        return OperatorTable.row(node).kernel();
    }
}
