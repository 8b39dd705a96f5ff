package dev.vitrine.engine.rewrite.quantization;

import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.GraphTransform;
import dev.vitrine.engine.graph.Node;
import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.operator.Operator;
import dev.vitrine.engine.operator.OperatorTable;
import dev.vitrine.engine.operator.property.Effect;
import dev.vitrine.engine.operator.property.Kernel;
import dev.vitrine.engine.operator.property.Operands;
import dev.vitrine.engine.operator.property.Space;
import dev.vitrine.engine.rewrite.NodeWriter;
import dev.vitrine.engine.rewrite.Prune;
import dev.vitrine.engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Operators on quantized values become DequantizeLinear, the floating-point operator and QuantizeLinear: the same
 * network up to float32 rounding where the runtime sums integers. Operators that only move integers or take maxima do
 * so on the real values.
 *
 * <p>Requires the types of all values.
 */
final class RealNumbers implements GraphTransform {
    @Override
    public Graph apply(Graph graph) {
        IntegerProducts products = new IntegerProducts(graph);
        Graph real = NodeWriter.rewrite(graph, writer -> {
            CodedValues values = new CodedValues(writer);
            return node -> {
                QuantizedForms.Form form = QuantizedForms.ALL.get(node.operator());
                boolean written = (form != null && form.write(node, values))
                        || products.write(node, values)
                        || moved(node, values);
                if (!written) {
                    declare(node, values);
                }
                return written;
            };
        });
        return new Prune().apply(real);
    }

    private static void declare(Node node, CodedValues values) {
        if (node.operator().equals("QuantizeLinear") && node.attributes().integer("block_size", 0) == 0) {
            values.declare(
                    node.output(),
                    new Code(node.input(1), node.input(2), node.attributes().integer("axis", 1)));
        }
        if (node.operator().equals("DynamicQuantizeLinear")) {
            values.declare(node.output(0), new Code(node.output(1), node.output(2)));
        }
    }

    private static boolean moved(Node node, CodedValues values) {
        int coded =
                OperatorTable.row(node).space() == Space.JOIN ? node.inputs().size() : 1;
        Optional<Code> code = values.code(node.input(0)).filter(found -> isSingle(found, values));
        boolean alike = code.isPresent()
                && node.inputs().subList(0, coded).stream()
                        .allMatch(input -> values.code(input).equals(code));
        boolean indices =
                OperatorTable.row(node).isMaxPooling() && node.output(1).isPresent();
        if (!moves(node) || !alike || indices) {
            return false;
        }
        List<Value> inputs = new ArrayList<>(node.inputs());
        for (int i = 0; i < coded; i++) {
            inputs.set(i, values.real(node.input(i), code.get()));
        }
        List<Value> outputs = node.outputs().stream()
                .map(output -> output.isPresent() ? values.writer().fresh(output.name() + "/real") : output)
                .toList();
        values.writer().add(node.withInputs(inputs).withOutputs(outputs));
        for (int i = 0; i < outputs.size(); i++) {
            if (outputs.get(i).isPresent()) {
                values.quantize(
                        outputs.get(i),
                        node.output(i),
                        code.get().scale(),
                        code.get().zero());
            }
        }
        return true;
    }

    /** Whether a node takes the same numbers from where the codes are; fillings are codes, or 0 of another kind. */
    private static boolean moves(Node node) {
        Operator row = OperatorTable.row(node);
        boolean plain = row.effect() == Effect.NONE || row.effect() == Effect.MOVES;
        return plain && row.numbers() != Operands.SECOND_AND_THIRD
                || row.isMaxPooling() && row.kernel() == Kernel.ATTRIBUTE;
    }

    private static boolean isSingle(Code code, CodedValues values) {
        return values.writer()
                .type(code.scale())
                .filter(TensorType::isStatic)
                .filter(type -> Tensor.elements(type.shape()) == 1)
                .isPresent();
    }
}
