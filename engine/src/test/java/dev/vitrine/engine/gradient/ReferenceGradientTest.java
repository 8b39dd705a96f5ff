package dev.vitrine.engine.gradient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.vitrine.engine.graph.Attributes;
import dev.vitrine.engine.graph.Dimension;
import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.GraphBuilder;
import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.onnx.OnnxReader;
import dev.vitrine.engine.oracle.Agreement;
import dev.vitrine.engine.oracle.NDArray;
import dev.vitrine.engine.oracle.NeedsShared;
import dev.vitrine.engine.oracle.Reference;
import dev.vitrine.engine.oracle.ReferenceInputs;
import dev.vitrine.engine.oracle.ReferenceMethod;
import dev.vitrine.engine.oracle.ReferenceModel;
import dev.vitrine.engine.rewrite.simplification.FoldBatchNormalization;
import dev.vitrine.engine.rewrite.simplification.FoldConstants;
import dev.vitrine.engine.runtime.OnnxRuntimeRunner;
import dev.vitrine.engine.runtime.TypeInference;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Gradients of trained networks in ONNX Runtime against PyTorch in double precision. */
@NeedsShared
class ReferenceGradientTest {
    private static final Value IMAGE = new Value("image");
    private static final Value LOGITS = new Value("logits");

    private static double error(ReferenceModel model, Function<Graph, BackwardRules> rules, ReferenceMethod method) {
        assumeTrue(model.path().isPresent(), "skipped: " + model.file() + ".onnx is not in the shared folder");
        Graph read = OnnxReader.read(model.path().orElseThrow());
        TensorType type = read.type(IMAGE).orElseThrow().withDimension(0, Dimension.of(1));
        Graph typed = rewritten(read.withTypes(Map.of(IMAGE, type)));
        GraphBuilder builder = new GraphBuilder(typed);
        Value score = builder.node("Gather", Attributes.NONE.with("axis", 1L), LOGITS, builder.vector(model.target()));
        Graph graph = TypeInference.infer(builder.build());
        Graph gradient = Gradients.only(Gradients.of(rules.apply(graph), graph, score, List.of(IMAGE)), 1);
        NDArray found = Agreement.run(gradient, Map.of(IMAGE, NDArray.of(ReferenceInputs.image(model))))
                .get(gradient.outputs().get(0));
        return Reference.of(model, method).relativeError(found.data());
    }

    /** The rewrites that a user's model goes through. */
    private static Graph rewritten(Graph graph) {
        Graph folded = new FoldConstants(new OnnxRuntimeRunner()).apply(TypeInference.infer(graph));
        return TypeInference.infer(new FoldBatchNormalization().apply(folded));
    }

    @ParameterizedTest
    @CsvSource({
        "TINY_DARKNET, GRADIENT",
        "SQUEEZENET, GRADIENT",
        "RESNET20, GRADIENT",
        "SQUEEZENET, GUIDED",
        "RESNET20, GUIDED",
        "SQUEEZENET, DECONVNET",
        "RESNET20, DECONVNET"
    })
    void agreesWithPyTorch(ReferenceModel model, ReferenceMethod method) {
        Function<Graph, BackwardRules> rules = switch (method) {
            case GUIDED -> RectifierRules::guided;
            case DECONVNET -> RectifierRules::deconvnet;
            default -> graph -> BackwardRules.PLAIN;
        };
        assertThat(error(model, rules, method)).isLessThan(1e-4);
    }
}
