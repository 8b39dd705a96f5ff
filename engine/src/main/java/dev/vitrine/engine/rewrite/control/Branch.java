package dev.vitrine.engine.rewrite.control;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.graph.AttributeValue;
import dev.vitrine.engine.graph.Attributes;
import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.Node;
import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.operator.OperatorTable;
import dev.vitrine.engine.operator.property.Effect;
import dev.vitrine.engine.runtime.TypeInference;
import dev.vitrine.engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/** Replaces an {@code If} with the branch that it takes, or with both and a selection. */
final class Branch {
    private Branch() {}

    /** Inlines the branch that is taken, if the condition is known. */
    static Optional<List<Value>> taken(Node node, ResolveControl.Known known, BodyCopy copy) {
        return known.constant(node.input(0))
                .filter(tensor -> tensor.elements() == 1)
                .flatMap(condition -> {
                    Optional<Graph> body = body(node, isTrue(condition) ? "then_branch" : "else_branch");
                    return body.map(branch -> copy.append(branch, Map.of(), names(node, branch)));
                });
    }

    /** {@code Where(condition, then, else)} for each output. */
    static Optional<List<Value>> both(Node node, BodyCopy copy) {
        Optional<Graph> yes = body(node, "then_branch");
        Optional<Graph> no = body(node, "else_branch");
        if (yes.isEmpty() || no.isEmpty() || !isPure(yes.get()) || !isPure(no.get())) {
            return Optional.empty();
        }
        List<Value> first = copy.append(yes.get(), Map.of(), Map.of());
        copy.forgetConstants();
        List<Value> second = copy.append(no.get(), Map.of(), Map.of());
        Value condition = copy.node(
                        "Reshape",
                        Attributes.NONE,
                        node.output().name() + "/condition",
                        1,
                        node.input(0),
                        copy.constant(node.output().name() + "/scalar", Tensor.vector()))
                .get(0);
        List<Value> outputs = new ArrayList<>();
        for (int i = 0; i < node.outputs().size(); i++) {
            Value output = node.output(i);
            if (output.isPresent()) {
                copy.add("Where", Attributes.NONE, List.of(output), condition, first.get(i), second.get(i));
            }
            outputs.add(output);
        }
        return Optional.of(outputs);
    }

    /** Whether both inlined branches have the same known types, so that an element-wise selection is equivalent. */
    static boolean haveSameTypes(List<Node> nodes, Graph whole, KnownTypes known) {
        Set<Value> outputs = new HashSet<>();
        nodes.forEach(node -> outputs.addAll(node.outputs()));
        List<Node> choices = whole.nodes().stream()
                .filter(each -> each.operator().equals("Where") && outputs.contains(each.output()))
                .toList();
        Set<Value> inputs = new HashSet<>(whole.inputs());
        List<Value> branches = choices.stream()
                .flatMap(choice -> choice.inputs().subList(1, 3).stream())
                .filter(value -> whole.constant(value).isEmpty() && !inputs.contains(value))
                .distinct()
                .toList();
        Map<Value, TensorType> types = new HashMap<>(whole.types());
        try {
            if (!branches.isEmpty()) {
                Map<Value, TensorType> inferred =
                        TypeInference.infer(known.partOf(whole, branches)).types();
                known.learn(inferred);
                types.putAll(inferred);
            }
        } catch (VitrineException e) {
            return false;
        }
        return choices.stream().allMatch(choice -> {
            TensorType yes = types.get(choice.input(1));
            TensorType no = types.get(choice.input(2));
            return yes != null
                    && no != null
                    && yes.elementType() == no.elementType()
                    && yes.rank() == no.rank()
                    && IntStream.range(0, yes.rank())
                            .allMatch(axis -> yes.dimension(axis).matches(no.dimension(axis)));
        });
    }

    private static Optional<Graph> body(Node node, String name) {
        return node.attributes().values().get(name) instanceof AttributeValue.OfGraph found
                ? Optional.of(found.body())
                : Optional.empty();
    }

    /** Whether a branch may be computed in vain: nothing random, no loops. */
    private static boolean isPure(Graph body) {
        return body.nodes().stream()
                .map(OperatorTable::row)
                .noneMatch(row -> row.isRandom() || row.effect() == Effect.LOOPS);
    }

    static boolean isTrue(Tensor flag) {
        return flag.bytes().get(0) != 0;
    }

    /** The node's output names for what its branch computes, where possible. */
    private static Map<Value, Value> names(Node node, Graph body) {
        Set<Value> computed = new HashSet<>();
        body.nodes().forEach(inner -> computed.addAll(inner.outputs()));
        Map<Value, Value> names = new HashMap<>();
        for (int i = 0; i < node.outputs().size(); i++) {
            Value inner = body.outputs().get(i);
            if (node.output(i).isPresent() && computed.contains(inner)) {
                names.putIfAbsent(inner, node.output(i));
            }
        }
        return names;
    }
}
