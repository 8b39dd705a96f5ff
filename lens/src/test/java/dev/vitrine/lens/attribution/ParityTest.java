package dev.vitrine.lens.attribution;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vitrine.engine.oracle.NeedsShared;
import dev.vitrine.engine.oracle.Reference;
import dev.vitrine.engine.oracle.ReferenceInputs;
import dev.vitrine.engine.oracle.ReferenceMethod;
import dev.vitrine.engine.oracle.ReferenceModel;
import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.attribution.gradient.ClassActivationMap;
import dev.vitrine.lens.attribution.gradient.Gradient;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.objective.ClassScore;
import dev.vitrine.lens.session.ModelSession;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Methods on the trained networks against what PyTorch computed in double precision. */
@NeedsShared
class ParityTest {
    static Stream<Arguments> numbers() {
        return Stream.of(ReferenceModel.values())
                .flatMap(model -> model.methods().stream().map(method -> Arguments.of(model, method)));
    }

    /**
     * Single precision against double: rounding costs about 1e-6, and where an activation lies within rounding of zero a
     * rectifier's mask flips. Of some million activations a few do at each point of a path: integrated gradients differ
     * by 1.5e-4 (ResNet-20) to 1.1e-3 (Tiny Darknet).
     */
    @ParameterizedTest
    @MethodSource("numbers")
    void agreesWithPublishedImplementations(ReferenceModel reference, ReferenceMethod what) {
        Model model = Nets.trained(reference.file());
        Attribution method = switch (what) {
            case LOGITS, GRADIENT -> new Gradient(Gradient.Kind.PLAIN);
            case GUIDED -> new Gradient(Gradient.Kind.GUIDED);
            case DECONVNET -> new Gradient(Gradient.Kind.DECONVNET);
            case INTEGRATED -> new IntegratedGradients(50, Quadrature.RIEMANN_MIDDLE, Baseline.ZERO);
            case GRADCAM -> new ClassActivationMap(ClassActivationMap.Variant.GRAD, Optional.of(reference.camLayer()));
        };
        try (ModelSession session = new ModelSession(model, Nets.RUNNER)) {
            Explanation explanation = session.explainer(method, ClassScore.of(ClassScore.Scale.LOGIT))
                    .explain(ReferenceInputs.image(reference), ModelSession.targets(reference.target()), Progress.NONE);
            Tensor found = what == ReferenceMethod.LOGITS ? explanation.logits() : explanation.attribution();
            assertThat(Reference.of(reference, what).relativeError(Nets.doubles(found)))
                    .isLessThan(what == ReferenceMethod.INTEGRATED ? 2e-3 : 1e-4);
        }
    }
}
