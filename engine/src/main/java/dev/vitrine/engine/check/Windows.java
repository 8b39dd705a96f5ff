package dev.vitrine.engine.check;

import dev.vitrine.engine.graph.Node;
import dev.vitrine.engine.operator.OperatorTable;
import dev.vitrine.engine.operator.property.Kernel;
import dev.vitrine.engine.operator.property.Space;

/** Which operators move a window over their input. */
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

    /** Where the window has its size from. */
    static Kernel kernel(Node node) {
        return OperatorTable.row(node).kernel();
    }
}
