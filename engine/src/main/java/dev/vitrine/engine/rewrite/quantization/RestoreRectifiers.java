package dev.vitrine.engine.rewrite.quantization;

import dev.vitrine.engine.graph.Attributes;
import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.GraphTransform;
import dev.vitrine.engine.graph.Node;
import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.operator.Operator;
import dev.vitrine.engine.operator.OperatorTable;
import dev.vitrine.engine.operator.property.Role;
import dev.vitrine.engine.operator.property.Space;
import dev.vitrine.engine.rewrite.Pattern;
import dev.vitrine.engine.rewrite.Wiring;
import dev.vitrine.engine.tensor.ElementType;
import dev.vitrine.engine.tensor.Tensor;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;

/**
 * Restores the Relu that quantizers drop before a quantization whose smallest value represents 0, which clips negative
 * values itself. Written after linear operators, so that rules for rectifiers find it; no value changes.
 *
 * <p>Requires the types of the quantized values.
 */
final class RestoreRectifiers implements GraphTransform {
    private static final Pattern LINEAR = Pattern.of(RestoreRectifiers::isLinear);
    private static final Pattern ROUNDED =
            Pattern.of("QuantizeLinear").where(RestoreRectifiers::startsAtZero).reading(0, LINEAR);

    @Override
    public Graph apply(Graph graph) {
        return ROUNDED.rewrite(graph, (match, patch) -> {
            Node node = match.node(ROUNDED);
            patch.replace(node);
            Value rectified = patch.fresh(node.input(0).name() + "/rectified");
            String name = patch.fresh(rectified.name()).name();
            patch.add(new Node(name, "", "Relu", List.of(node.input(0)), List.of(rectified), Attributes.NONE));
            patch.add(node.withInput(0, rectified));
        });
    }

    private static boolean isLinear(Node node) {
        Operator row = OperatorTable.row(node);
        return row.kind() == Operator.Kind.LINEAR
                || row.space() == Space.PER_CHANNEL
                || row.kind() == Operator.Kind.ARITHMETIC && (row.role() == Role.SUM || row.role() == Role.DIFFERENCE);
    }

    private static boolean startsAtZero(Node quantize, Wiring wiring) {
        ElementType type =
                wiring.type(quantize.output()).map(TensorType::elementType).orElse(ElementType.BOOL);
        Optional<Tensor> zero = wiring.constant(quantize.input(2));
        return switch (type) {
            case UINT8, UINT16 ->
                zero.map(tensor -> all(tensor, 0)).orElse(!quantize.input(2).isPresent());
            case INT8 -> zero.filter(tensor -> all(tensor, Byte.MIN_VALUE)).isPresent();
            case INT16 -> zero.filter(tensor -> all(tensor, Short.MIN_VALUE)).isPresent();
            default -> false;
        };
    }

    private static boolean all(Tensor tensor, int expected) {
        ByteBuffer bytes = tensor.bytes();
        while (bytes.hasRemaining()) {
            int found = tensor.elementType().bytes() == 1 ? bytes.get() : bytes.getShort();
            if (found != expected) {
                return false;
            }
        }
        return true;
    }
}
