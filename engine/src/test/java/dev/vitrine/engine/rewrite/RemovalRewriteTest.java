package dev.vitrine.engine.rewrite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.GraphBuilder;
import dev.vitrine.engine.graph.GraphPrinter;
import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.oracle.Interpreter;
import dev.vitrine.engine.oracle.NDArray;
import dev.vitrine.engine.runtime.TypeInference;
import dev.vitrine.engine.tensor.ElementType;
import dev.vitrine.engine.tensor.Tensor;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Rewrites that take something out: as text files beside this class, and by their numbers. */
class RemovalRewriteTest {
    private final GraphBuilder builder = new GraphBuilder();
    private final Value x = builder.input("x", TensorType.of(ElementType.FLOAT32, 1, 2, 3, 3));
    private final NDArray image = NDArray.normal(new Random(8), 1, 2, 3, 3);
    private final Value weights =
            builder.constant("w", NDArray.normal(new Random(3), 2, 2, 1, 1).toTensor());

    private static void isAsIn(String file, Graph graph) throws IOException {
        try (InputStream stream = RemovalRewriteTest.class.getResourceAsStream(file)) {
            String expected =
                    stream == null ? "(no " + file + ")" : new String(stream.readAllBytes(), StandardCharsets.UTF_8);
            assertThat(GraphPrinter.print(graph)).as(file).isEqualTo(expected);
        }
    }

    @Test
    void bypassReadsWhatComesBefore() throws IOException {
        Value first = builder.node("Relu", x);
        Value inner = builder.node("Conv", first, weights);
        Value last = builder.node("Neg", builder.node("Add", inner, first));
        Graph graph = TypeInference.infer(builder.output(last).build());
        Graph bypassed = new Bypass(inner, first).apply(graph);
        isAsIn("bypass.txt", bypassed);
        double[] found =
                Interpreter.evaluate(bypassed, Map.of(x, image)).get(last).data();
        for (int index = 0; index < found.length; index++) {
            assertThat(found[index]).isCloseTo(-2 * Math.max(0, image.data()[index]), within(1e-12));
        }
    }

    @Test
    void bypassOfAnOutputPutsTheSourceOut() {
        Value inner = builder.node("Conv", x, weights);
        Graph graph = TypeInference.infer(builder.output(inner).build());
        Graph bypassed = new Bypass(inner, x).apply(graph);
        assertThat(bypassed.outputs()).containsExactly(x);
        assertThat(bypassed.nodes()).isEmpty();
        assertThat(bypassed.constants()).isEmpty();
    }

    @Test
    void bypassRefusesAnotherShape() {
        Value pooled = builder.node("GlobalAveragePool", builder.node("Relu", x));
        Graph graph =
                TypeInference.infer(builder.output(builder.node("Neg", pooled)).build());
        assertThatThrownBy(() -> new Bypass(pooled, x).apply(graph))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("[1, 2, 3, 3]")
                .hasMessageContaining("[1, 2, 1, 1]");
    }

    @Test
    void holdChannelsKeepsSomeAndHoldsTheOthersAtTheirLevels() throws IOException {
        Value inner = builder.node("Relu", x);
        Value last = builder.node("Neg", inner);
        Graph graph = TypeInference.infer(builder.output(last).output(inner).build());
        HoldChannels hold = new HoldChannels(inner);
        Graph held = hold.apply(graph);
        isAsIn("hold-channels.txt", held);
        Map<Value, NDArray> results = Interpreter.evaluate(
                held,
                Map.of(
                        x,
                        image,
                        hold.kept(),
                        NDArray.of(Tensor.floats(new float[] {1, 0}, 2)),
                        hold.level(),
                        NDArray.of(Tensor.floats(new float[] {7, 0.5f}, 2))));
        double[] found = results.get(last).data();
        for (int index = 0; index < 18; index++) {
            double expected = index < 9 ? -Math.max(0, image.data()[index]) : -0.5;
            assertThat(found[index]).isCloseTo(expected, within(1e-12));
        }
        assertThat(results.get(held.outputs().get(1)).data()[17]).isEqualTo(0.5);
    }

    @Test
    void holdChannelsOfAnInputAndOfARow() {
        Value row = builder.input("row", TensorType.of(ElementType.FLOAT32, 2, 3));
        Value last = builder.node("Exp", row);
        Graph graph = TypeInference.infer(builder.output(last).build());
        HoldChannels hold = new HoldChannels(row);
        Graph held = new Prune().apply(hold.apply(graph));
        NDArray given = NDArray.of(Tensor.floats(new float[] {1, 2, 3, 4, 5, 6}, 2, 3));
        double[] found = Interpreter.evaluate(
                        held,
                        Map.of(
                                x,
                                image,
                                row,
                                given,
                                hold.kept(),
                                NDArray.of(Tensor.floats(new float[] {0, 1, 0}, 3)),
                                hold.level(),
                                NDArray.of(Tensor.floats(new float[] {0, 0, -1}, 3))))
                .get(last)
                .data();
        assertThat(found)
                .containsExactly(
                        new double[] {1, Math.exp(2), Math.exp(-1), 1, Math.exp(5), Math.exp(-1)}, within(1e-12));
    }
}
