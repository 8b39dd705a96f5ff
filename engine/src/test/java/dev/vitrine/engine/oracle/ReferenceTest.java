package dev.vitrine.engine.oracle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.onnx.OnnxReader;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The interpreter against PyTorch in double precision, on trained networks. */
class ReferenceTest {
    private static final Value IMAGE = new Value("image");
    private static final Value LOGITS = new Value("logits");

    private static Graph read(ReferenceModel model) {
        assumeTrue(model.path().isPresent(), "skipped: " + model.file() + ".onnx is not in the shared folder");
        return OnnxReader.read(model.path().orElseThrow());
    }

    @NeedsShared
    @ParameterizedTest
    @EnumSource
    void logitsAreEqual(ReferenceModel model) {
        NDArray image = NDArray.of(ReferenceInputs.image(model));
        NDArray logits = Interpreter.evaluate(read(model), Map.of(IMAGE, image)).get(LOGITS);
        assertThat(Reference.of(model, ReferenceMethod.LOGITS).relativeError(logits.data()))
                .isLessThan(1e-12);
    }

    /** The stored gradient along a random direction, in which only stored elements move. */
    @NeedsShared
    @ParameterizedTest
    @EnumSource
    void gradientsAreEqualToCentralDifferences(ReferenceModel model) {
        Graph graph = read(model);
        Reference gradient = Reference.of(model, ReferenceMethod.GRADIENT);
        NDArray image = NDArray.of(ReferenceInputs.image(model));
        double contrast = model == ReferenceModel.SQUEEZENET ? 60 : 1;
        double step = 1e-7 * contrast;
        Random random = new Random(6);
        double[] above = image.data().clone();
        double[] below = image.data().clone();
        double expected = 0;
        for (int i = 0; i < gradient.values().length; i++) {
            // along the gradient, with noise, so that the sum does not cancel
            double direction = Math.signum(gradient.values()[i]) * random.nextDouble();
            above[i * gradient.every()] += step * direction;
            below[i * gradient.every()] -= step * direction;
            expected += direction * gradient.values()[i];
        }
        double up = logit(graph, model, new NDArray(above, image.shape()));
        double down = logit(graph, model, new NDArray(below, image.shape()));
        assertThat((up - down) / (2 * step)).isCloseTo(expected, within(1e-4 * expected));
    }

    private static double logit(Graph graph, ReferenceModel model, NDArray image) {
        return Interpreter.evaluate(graph, Map.of(IMAGE, image)).get(LOGITS).data()[model.target()];
    }

    @ParameterizedTest
    @EnumSource
    void everyStoredMethodLoads(ReferenceModel model) {
        for (ReferenceMethod method : model.methods()) {
            Reference reference = Reference.of(model, method);
            double squares = 0;
            for (double value : reference.values()) {
                squares += value * value;
            }
            // the stored elements stand for the rest
            assertThat(Math.sqrt(squares * reference.every()))
                    .isCloseTo(reference.norm(), within(.05 * reference.norm()));
        }
    }
}
