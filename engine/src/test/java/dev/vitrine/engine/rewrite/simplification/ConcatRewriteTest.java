package dev.vitrine.engine.rewrite.simplification;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vitrine.engine.graph.Attributes;
import dev.vitrine.engine.graph.Dimension;
import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.GraphBuilder;
import dev.vitrine.engine.graph.GraphTransform;
import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.oracle.Interpreter;
import dev.vitrine.engine.oracle.NDArray;
import dev.vitrine.engine.runtime.TypeInference;
import dev.vitrine.engine.tensor.ElementType;
import dev.vitrine.engine.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Rewrites about concatenation keep every number, and leave alone what somebody else reads. */
class ConcatRewriteTest {
    private final Random random = new Random(5);
    private final GraphBuilder builder = new GraphBuilder();
    private final Value image = builder.input(
            "image", TensorType.of(ElementType.FLOAT32, 1, 3, 9, 9).withDimension(0, Dimension.named("N")));

    private Value conv(Value x, int from, int to) {
        Tensor weight = NDArray.normal(random, to, from, 3, 3).toTensor();
        Tensor bias = NDArray.normal(random, to).toTensor();
        Attributes same = Attributes.NONE.with("pads", 1, 1, 1, 1);
        return builder.node("Conv", same, x, builder.constant("w", weight), builder.constant("b", bias));
    }

    private Value joined() {
        return builder.node("Concat", Attributes.NONE.with("axis", 1), conv(image, 3, 2), conv(image, 3, 4));
    }

    private Value pooled(Value x) {
        Attributes window = Attributes.NONE.with("kernel_shape", 3, 3).with("strides", 2, 2);
        return builder.node("MaxPool", window, x);
    }

    private static long count(Graph graph, String operator) {
        return graph.nodes().stream()
                .filter(node -> node.operator().equals(operator))
                .count();
    }

    private Graph unchangedInValue(Value output, GraphTransform transform) {
        Graph before = TypeInference.infer(builder.output(output).build());
        Graph after = transform.apply(before);
        NDArray x = NDArray.normal(random, 2, 3, 9, 9);
        for (Value value : before.outputs()) {
            double[] expected =
                    Interpreter.evaluate(before, Map.of(image, x)).get(value).data();
            double[] found =
                    Interpreter.evaluate(after, Map.of(image, x)).get(value).data();
            assertThat(found).hasSameSizeAs(expected);
            for (int i = 0; i < found.length; i++) {
                assertThat(found[i]).isCloseTo(expected[i], org.assertj.core.data.Offset.offset(1e-9));
            }
        }
        return after;
    }

    @Test
    void convolvesPartsInPlaceOfTheirConcatenation() {
        Graph after = unchangedInValue(conv(joined(), 6, 5), new ConvolveParts());
        assertThat(count(after, "Concat")).isZero();
        assertThat(count(after, "Conv")).isEqualTo(4);
    }

    @Test
    void leavesAConcatenationThatSomebodyElseReads() {
        Value joined = joined();
        builder.output(joined);
        Graph after = unchangedInValue(conv(joined, 6, 5), new ConvolveParts());
        assertThat(count(after, "Concat")).isEqualTo(1);
    }

    @Test
    void poolsPartsBeforeTheirConcatenation() {
        Graph after = unchangedInValue(pooled(joined()), new PoolBeforeConcat());
        assertThat(count(after, "MaxPool")).isEqualTo(2);
        assertThat(after.nodes().get(after.nodes().size() - 1).operator()).isEqualTo("Concat");
    }

    @Test
    void averagesPartsBeforeTheirConcatenation() {
        Graph after = unchangedInValue(builder.node("GlobalAveragePool", joined()), new PoolBeforeConcat());
        assertThat(count(after, "GlobalAveragePool")).isEqualTo(2);
        assertThat(after.nodes().get(after.nodes().size() - 1).operator()).isEqualTo("Concat");
    }

    @Test
    void leavesAPoolingWhoseSwitchesAreAskedFor() {
        List<Value> both = builder.nodes(
                "MaxPool", 2, Attributes.NONE.with("kernel_shape", 3, 3).with("strides", 2, 2), joined());
        Graph after = unchangedInValue(both.get(0), new PoolBeforeConcat());
        assertThat(count(after, "MaxPool")).isEqualTo(1);
    }

    @Test
    void readsPastWhatDoesNothing() {
        Value same = builder.node("Identity", builder.node("Dropout", conv(image, 3, 4)));
        Graph after = unchangedInValue(conv(same, 4, 2), new DropIdentities());
        assertThat(after.nodes()).allMatch(node -> node.operator().equals("Conv"));
    }

    @Test
    void keepsAnIdentityThatMakesAnOutput() {
        Graph after = unchangedInValue(builder.node("Identity", conv(image, 3, 4)), new DropIdentities());
        assertThat(count(after, "Identity")).isEqualTo(1);
    }

    @Test
    void cutsAConvolutionWhoseResultIsSplit() {
        Tensor weight = NDArray.normal(random, 6, 3, 3, 3).toTensor();
        Value plain = builder.node("Conv", image, builder.constant("w", weight));
        List<Value> parts = builder.nodes("Split", 2, Attributes.NONE.with("axis", 1), plain, builder.vector(2, 4));
        builder.output(parts.get(0));
        Graph after = unchangedInValue(parts.get(1), new SplitConvolution());
        assertThat(count(after, "Split")).isZero();
        assertThat(count(after, "Conv")).isEqualTo(2);
    }
}
