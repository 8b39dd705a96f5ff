package dev.vitrine.engine.operator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vitrine.engine.gradient.BackwardRules;
import dev.vitrine.engine.gradient.Differentiator;
import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.Node;
import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.operator.OperatorCases.Batch;
import dev.vitrine.engine.operator.OperatorCases.Case;
import dev.vitrine.engine.runtime.TypeInference;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** The types that builders infer for the nodes they write, against those that the runtime tells. */
class InferredTypesTest {
    /** Operators that no rule and no rewrite writes, at least not in the forms of some cases. */
    private static final Set<String> UNTYPED = Set.of(
            "BatchNormalization",
            "Compress",
            "ConvTranspose",
            "Expand",
            "GatherND",
            "NonZero",
            "Reshape",
            "Split",
            "TopK");

    private static void compare(Graph graph, String label, Set<String> untyped) {
        Graph typed = TypeInference.infer(graph);
        for (Node node : graph.nodes()) {
            for (Value output : node.outputs()) {
                TensorType expected = typed.types().get(output);
                TensorType found = graph.types().get(output);
                if (found == null) {
                    untyped.add(node.operator());
                } else {
                    assertThat(found.agrees(expected))
                            .as("%s: %s: inferred %s; the runtime tells %s", label, node.label(), found, expected)
                            .isTrue();
                }
            }
        }
    }

    private static Graph gradient(Graph graph) {
        Graph typed = TypeInference.infer(graph);
        List<Value> floats = new ArrayList<>();
        for (Value output : graph.outputs()) {
            if (typed.types().get(output).elementType().isFloating()) {
                floats.add(output);
            }
        }
        return new Differentiator(BackwardRules.PLAIN)
                .gradient(typed, floats.get(0), graph.inputs())
                .graph();
    }

    @Test
    void agreeWithTheRuntimeForEveryOperatorAndItsGradient() {
        Set<String> untyped = new TreeSet<>();
        for (Case each : OperatorCases.ALL) {
            compare(each.fixed(), each.label(), untyped);
            compare(gradient(each.fixed()), each.label() + ", gradient", untyped);
            if (each.batch() == Batch.ANY) {
                compare(each.open(), each.label() + ", open", untyped);
                compare(gradient(each.open()), each.label() + ", open, gradient", untyped);
            }
        }
        assertThat(UNTYPED).containsAll(untyped);
    }
}
