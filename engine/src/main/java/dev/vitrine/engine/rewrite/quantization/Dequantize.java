package dev.vitrine.engine.rewrite.quantization;

import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.GraphTransform;
import dev.vitrine.engine.graph.Node;
import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.operator.Operator;
import dev.vitrine.engine.operator.OperatorTable;
import dev.vitrine.engine.operator.property.Effect;
import dev.vitrine.engine.operator.property.Role;
import dev.vitrine.engine.rewrite.Cut;
import dev.vitrine.engine.rewrite.Prune;
import dev.vitrine.engine.runtime.Executable;
import dev.vitrine.engine.runtime.Runner;
import dev.vitrine.engine.runtime.TypeInference;
import dev.vitrine.engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Rewrites a quantized network in floating point: weights are dequantized once, and every integer operator becomes its
 * floating-point form between DequantizeLinear and QuantizeLinear. Activations are rounded as before.
 *
 * <p>Requires the types of all values, and infers those of the result. A graph without quantized operators is
 * unchanged.
 */
public record Dequantize(Runner runner) implements GraphTransform {
    /** Whether some activations of a network are rounded: quantized, and dequantized again. */
    public static boolean rounds(Graph graph) {
        Map<Value, Node> producers = graph.producers();
        return graph.nodes().stream()
                .filter(node -> OperatorTable.row(node).effect() == Effect.DECODES)
                .anyMatch(node -> producers.containsKey(node.input(0)));
    }

    @Override
    public Graph apply(Graph graph) {
        boolean quantized = graph.nodes().stream().anyMatch(Dequantize::isQuantized);
        if (!quantized) {
            return graph;
        }
        Graph real = TypeInference.infer(withRealWeights(new RealNumbers().apply(graph)));
        return TypeInference.infer(new RestoreRectifiers().apply(real));
    }

    private static boolean isQuantized(Node node) {
        return OperatorTable.row(node).effect().isQuantized() || QuantizedForms.ALL.containsKey(node.operator());
    }

    /** Codes of weights and the biases between them, in other types and scaled. */
    private static boolean isCoding(Node node) {
        Operator row = OperatorTable.row(node);
        return row.effect() == Effect.CODES
                || row.effect() == Effect.DECODES
                || row.effect() == Effect.CASTS
                || row.role() == Role.PRODUCT;
    }

    /** Folds quantization and dequantization of constants, and the biases between them. */
    private Graph withRealWeights(Graph graph) {
        Map<Value, Tensor> constants = new LinkedHashMap<>(graph.constants());
        Set<Value> known = new HashSet<>(constants.keySet());
        List<Node> folded = new ArrayList<>();
        List<Node> kept = new ArrayList<>();
        for (Node node : graph.nodes()) {
            boolean constant = node.inputs().stream().filter(Value::isPresent).allMatch(known::contains);
            if (constant && isCoding(node) && !node.inputs().isEmpty()) {
                folded.add(node);
                known.addAll(node.outputs());
            } else {
                kept.add(node);
            }
        }
        Set<Value> wanted = new HashSet<>(graph.outputs());
        kept.forEach(node -> wanted.addAll(node.reads()));
        List<Value> results =
                folded.stream().map(Node::output).filter(wanted::contains).toList();
        if (results.isEmpty()) {
            return graph;
        }
        Graph weights =
                new Cut(results).apply(new Graph(List.of(), results, folded, constants, Map.of(), graph.opsets()));
        try (Executable executable = runner.load(weights)) {
            constants.putAll(executable.run(Map.of()));
        }
        Map<Value, TensorType> types = new LinkedHashMap<>(graph.types());
        constants.forEach((value, tensor) -> types.put(value, TensorType.of(tensor)));
        return new Prune().apply(new Graph(graph.inputs(), graph.outputs(), kept, constants, types, graph.opsets()));
    }
}
