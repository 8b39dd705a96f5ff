package dev.vitrine.engine.gradient;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vitrine.engine.graph.Dimension;
import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.GraphBuilder;
import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.oracle.Agreement;
import dev.vitrine.engine.oracle.Architectures;
import dev.vitrine.engine.oracle.Architectures.Architecture;
import dev.vitrine.engine.oracle.Interpreter;
import dev.vitrine.engine.oracle.NDArray;
import dev.vitrine.engine.rewrite.simplification.FoldBatchNormalization;
import dev.vitrine.engine.rewrite.simplification.FoldConstants;
import dev.vitrine.engine.runtime.OnnxRuntimeRunner;
import dev.vitrine.engine.runtime.TypeInference;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whole networks, after the rewrites that a user's model goes through. */
class ArchitectureGradientTest {
    private static final Value LOGITS = new Value("logits");

    static List<Architecture> architectures() {
        return Architectures.ALL;
    }

    private static Graph rewritten(Graph graph) {
        Graph folded = new FoldConstants(new OnnxRuntimeRunner()).apply(TypeInference.infer(graph));
        return TypeInference.infer(new FoldBatchNormalization().apply(folded));
    }

    private static Graph withFirstDimension(Graph graph, Dimension dimension) {
        Map<Value, TensorType> types = new LinkedHashMap<>();
        graph.inputs()
                .forEach(input ->
                        types.put(input, graph.type(input).orElseThrow().withDimension(0, dimension)));
        return graph.withTypes(types);
    }

    /** Σ logits · weights, f32[N]. */
    private static Graph withScore(Graph graph, Random random) {
        GraphBuilder builder = new GraphBuilder(graph);
        Value weights =
                builder.constant("weights", NDArray.normal(random, 10, 1).toTensor());
        Value score = builder.node("MatMul", LOGITS, weights);
        return TypeInference.infer(builder.clearOutputs().output(score).build());
    }

    @ParameterizedTest
    @MethodSource("architectures")
    void gradientsAgreeWithDifferencesAndWithTheRuntime(Architecture architecture) {
        Random random = new Random(7);
        Graph given = architecture.tiny().get();
        Graph graph = withScore(rewritten(withFirstDimension(given, Dimension.named("N"))), random);
        Value image = graph.inputs().get(0);
        Value score = graph.outputs().get(0);
        int pixels = (int) graph.type(image).orElseThrow().dimension(-1).size();
        NDArray batch = NDArray.of(NDArray.normal(random, 2, 3, pixels, pixels).toTensor());
        Graph gradient = Gradients.only(Gradients.of(BackwardRules.PLAIN, graph, score, List.of(image)), 1);
        NDArray exact = Interpreter.evaluate(gradient, Map.of(image, batch))
                .get(gradient.outputs().get(0));

        assertThat(exact.shape()).containsExactly(batch.shape());
        for (int trial = 0; trial < 2; trial++) {
            NDArray direction = NDArray.normal(random, batch.shape());
            double along = 0;
            double square = 0;
            for (int i = 0; i < direction.size(); i++) {
                along += direction.data()[i] * exact.data()[i];
                square += exact.data()[i] * exact.data()[i];
            }
            double step = 1e-7;
            double numeric = (total(graph, score, image, moved(batch, direction, step))
                            - total(graph, score, image, moved(batch, direction, -step)))
                    / (2 * step);
            assertThat(Math.abs(numeric - along)).as(architecture.name()).isLessThan(1e-4 * Math.sqrt(square));
        }
        NDArray found = Agreement.run(gradient, Map.of(image, batch))
                .get(gradient.outputs().get(0));
        // single precision sends a few ties of max pools and rectifiers the other way
        assertThat(relativeError(found, exact)).as(architecture.name()).isLessThan(1e-4);
    }

    private static double relativeError(NDArray found, NDArray expected) {
        double error = 0;
        double total = 0;
        for (int i = 0; i < expected.size(); i++) {
            error += Math.pow(found.data()[i] - expected.data()[i], 2);
            total += Math.pow(expected.data()[i], 2);
        }
        return Math.sqrt(error / total);
    }

    private static NDArray moved(NDArray batch, NDArray direction, double step) {
        double[] data = batch.data().clone();
        for (int i = 0; i < data.length; i++) {
            data[i] += step * direction.data()[i];
        }
        return new NDArray(data, batch.shape());
    }

    private static double total(Graph graph, Value score, Value image, NDArray at) {
        double sum = 0;
        for (double value :
                Interpreter.evaluate(graph, Map.of(image, at)).get(score).data()) {
            sum += value;
        }
        return sum;
    }
}
