package dev.vitrine.engine.rewrite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vitrine.engine.graph.Attributes;
import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.GraphBuilder;
import dev.vitrine.engine.graph.Node;
import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.tensor.ElementType;
import dev.vitrine.engine.tensor.Tensor;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a patch changes and leaves, and what it refuses; what a pattern finds and does not. */
class PatchTest {
    private final GraphBuilder builder = new GraphBuilder();
    private final Value x = builder.input("x", TensorType.of(ElementType.FLOAT32, 1, 2, 4, 4));

    private static Node node(Graph graph, String operator) {
        return graph.nodes().stream()
                .filter(each -> each.operator().equals(operator))
                .findFirst()
                .orElseThrow();
    }

    private static List<String> operators(Graph graph) {
        return graph.nodes().stream().map(Node::operator).toList();
    }

    private Graph chain() {
        Value relu = builder.node("Relu", x);
        builder.node("Exp", relu);
        return builder.output(builder.node("Neg", builder.node("Sqrt", relu))).build();
    }

    @Test
    void withoutChangesTheGraphIsTheSame() {
        Graph graph = chain();
        Patch patch = new Patch(graph);
        patch.at(node(graph, "Sqrt"));
        assertThat(patch.apply()).isSameAs(graph);
    }

    @Test
    void whatIsLeftUnreadGoesAndWhatNobodyReadBeforeStays() {
        Graph graph = chain();
        Node sqrt = node(graph, "Sqrt");
        Patch patch = new Patch(graph);
        patch.replace(sqrt).into(sqrt.output(), "Tanh", Attributes.NONE, x);
        assertThat(operators(patch.apply())).containsExactly("Relu", "Exp", "Tanh", "Neg");
        Graph shorter = new Prune().apply(graph);
        Patch other = new Patch(shorter);
        other.replace(node(shorter, "Sqrt")).into(sqrt.output(), "Tanh", Attributes.NONE, x);
        assertThat(operators(other.apply())).containsExactly("Tanh", "Neg");
    }

    @Test
    void whatIsWrittenStandsAtItsPlaceAndHasATypeOfItsOwn() {
        Graph graph = new Prune().apply(chain());
        Node neg = node(graph, "Neg");
        Patch patch = new Patch(graph);
        Value pooled = patch.at(neg).builder().node("GlobalAveragePool", neg.input(0));
        Value spread = patch.builder().node("Add", pooled, neg.input(0));
        patch.take(neg).add(neg.withInput(0, spread));
        Graph patched = patch.apply();
        assertThat(operators(patched)).containsExactly("Relu", "Sqrt", "GlobalAveragePool", "Add", "Neg");
        assertThat(patched.types().get(pooled)).isEqualTo(TensorType.of(ElementType.FLOAT32, 1, 2, 1, 1));
    }

    @Test
    void anotherTypeIsRefused() {
        Graph graph = chain();
        Node sqrt = node(graph, "Sqrt");
        Patch patch = new Patch(graph);
        assertThatThrownBy(() -> patch.replace(sqrt).into(sqrt.output(), "GlobalAveragePool", Attributes.NONE, x))
                .hasMessageContainingAll("(GlobalAveragePool)", "[1, 2, 1, 1]", "[1, 2, 4, 4]");
    }

    @Test
    void whatIsReadAndNotComputedIsRefused() {
        Graph graph = chain();
        Patch patch = new Patch(graph);
        patch.take(node(graph, "Relu"));
        assertThatThrownBy(patch::apply).hasMessageContainingAll("reads 'Relu'", "nothing before it computes");
    }

    @Test
    void whatIsReadBeforeItIsComputedIsRefused() {
        Graph graph = chain();
        Patch patch = new Patch(graph);
        Node relu = node(graph, "Relu");
        patch.replace(relu).add(relu.withInput(0, node(graph, "Sqrt").output()));
        assertThatThrownBy(patch::apply).hasMessageContainingAll("reads 'Sqrt'");
    }

    @Test
    void whatIsComputedTwiceIsRefused() {
        Graph graph = chain();
        Patch patch = new Patch(graph);
        Node neg = node(graph, "Neg");
        patch.at(neg).into(neg.output(), "Relu", Attributes.NONE, x);
        assertThatThrownBy(patch::apply).hasMessageContainingAll("'Neg'", "is there already");
    }

    @Test
    void aLostOutputIsRefused() {
        Graph graph = chain();
        Patch patch = new Patch(graph);
        patch.take(node(graph, "Neg"));
        assertThatThrownBy(patch::apply).hasMessageContaining("the output 'Neg' is lost");
    }

    @Test
    void aPatternFindsSingleReadersOnly() {
        Pattern relu = Pattern.of("Relu").inner();
        Pattern neg = Pattern.of("Neg", "Exp").reading(0, relu);
        Value inner = builder.node("Relu", x);
        Graph once = builder.output(builder.node("Neg", inner)).build();
        Graph replaced = neg.rewrite(
                once,
                (match, patch) -> patch.replace(match.node(neg))
                        .add(match.node(neg).withInput(0, match.node(relu).input(0))));
        assertThat(operators(replaced)).containsExactly("Neg");
        Graph twice = builder.output(builder.node("Exp", inner)).build();
        assertThat(neg.rewrite(twice, (match, patch) -> patch.take(match.node(neg))))
                .isSameAs(twice);
        Graph shown = once.withOutputs(List.of(inner, once.outputs().get(0)));
        assertThat(neg.rewrite(shown, (match, patch) -> patch.take(match.node(neg))))
                .isSameAs(shown);
    }

    @Test
    void aPatternAsksForWeights() {
        Pattern scaled = Pattern.of("Mul").weight(1);
        Value weight = builder.constant("w", Tensor.floats(new float[] {1, 2}, 1, 2, 1, 1));
        Graph constant = builder.output(builder.node("Mul", x, weight)).build();
        Wiring wiring = new Wiring(constant);
        assertThat(scaled.at(node(constant, "Mul"), wiring)).isPresent();
        Node computed = node(constant, "Mul").withInput(1, x);
        assertThat(scaled.at(computed, wiring)).isEmpty();
    }
}
