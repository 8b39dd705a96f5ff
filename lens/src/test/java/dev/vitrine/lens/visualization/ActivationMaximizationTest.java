package dev.vitrine.lens.visualization;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.graph.GraphBuilder;
import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.tensor.ElementType;
import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.attribution.Nets;
import dev.vitrine.lens.attribution.Progress;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.model.anatomy.Anatomy;
import dev.vitrine.lens.objective.ClassScore;
import dev.vitrine.lens.objective.Objective;
import dev.vitrine.lens.objective.UnitScore;
import dev.vitrine.lens.session.ModelSession;
import dev.vitrine.lens.visualization.optimization.Search;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ActivationMaximizationTest {
    private static final Objective CLASS = new ClassScore(ClassScore.Scale.LOGIT, OptionalLong.of(3));

    private static Synthesis made(Model model, ActivationMaximization method, Objective objective, long seed) {
        try (ModelSession session = new ModelSession(model, Nets.RUNNER);
                ActivationMaximization.Maximizer maximizer = method.on(session, objective)) {
            return maximizer.run(seed, Progress.NONE);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"squeezenet", "densenet", "resnet18"})
    void bothFormsRaiseTheScoreOfAClass(String name) {
        Model model = Nets.architecture(name);
        for (ActivationMaximization method : List.of(ActivationMaximization.MODERN, ActivationMaximization.CLASSIC)) {
            Synthesis synthesis = made(model, method.withSteps(40), CLASS, 1);
            List<Double> course = synthesis.course().scores();
            assertThat(course).hasSize(40);
            assertThat(synthesis.scores().get(0).doubleValue())
                    .as("%s %s", name, method)
                    .isGreaterThan(course.get(0));
        }
    }

    @Test
    void raisesChannelsNeuronsAndDirections() {
        Model model = Nets.architecture("squeezenet");
        Anatomy layers = model.anatomy();
        var layer = layers.lastSpatial();
        int channels = (int) model.graph().types().get(layer).dimension(1).size();
        List<Float> direction = new ArrayList<>();
        for (int i = 0; i < channels; i++) {
            direction.add(i % 3 - 1f);
        }
        for (UnitScore.Unit unit :
                List.of(new UnitScore.Channel(1), new UnitScore.Neuron(1, 1, 1), new UnitScore.Direction(direction))) {
            Synthesis synthesis =
                    made(model, ActivationMaximization.MODERN.withSteps(30), new UnitScore(layer, unit), 2);
            assertThat(synthesis.scores().get(0).doubleValue())
                    .as("%s", unit)
                    .isGreaterThan(synthesis.course().scores().get(0));
        }
    }

    @Test
    void theSameSeedGivesTheSamePicture() {
        Model model = Nets.architecture("squeezenet");
        ActivationMaximization method =
                ActivationMaximization.MODERN.withSteps(12).withImages(2, 1);
        Tensor first = made(model, method, CLASS, 7).pictures();
        assertThat(made(model, method, CLASS, 7).pictures()).isEqualTo(first);
        assertThat(made(model, method, CLASS, 8).pictures()).isNotEqualTo(first);
    }

    @Test
    void diversityMakesImagesLessAlike() {
        Model model = Nets.architecture("squeezenet");
        ActivationMaximization method = ActivationMaximization.MODERN.withSteps(40);
        assertThat(distance(made(model, method.withImages(2, 100), CLASS, 1).pictures()))
                .isGreaterThan(
                        distance(made(model, method.withImages(2, 0), CLASS, 1).pictures()));
    }

    private static double distance(Tensor pictures) {
        float[] values = pictures.toFloats();
        double sum = 0;
        for (int i = 0; i < values.length / 2; i++) {
            sum += Math.abs(values[i] - values[values.length / 2 + i]);
        }
        return sum;
    }

    @Test
    void runsAtAnotherSizeAndShowsTheWay() {
        Model model = Nets.architecture("squeezenet");
        ActivationMaximization method =
                ActivationMaximization.MODERN.withSteps(3).withSize(80, 72);
        List<Integer> seen = new ArrayList<>();
        Search.Watch watch = (step, pictures) -> {
            seen.add(step);
            assertThat(pictures.get().shape()).containsExactly(1, 3, 72, 80);
        };
        try (ModelSession session = new ModelSession(model, Nets.RUNNER);
                ActivationMaximization.Maximizer maximizer = method.on(session, CLASS)) {
            maximizer.run(1, watch, Progress.NONE);
        }
        assertThat(seen).containsExactly(0, 1, 2, 3);
    }

    @Test
    void aFullyConnectedHeadAllowsOneSizeOnly() {
        Model model = Nets.architecture("vgg-small");
        ActivationMaximization method =
                ActivationMaximization.MODERN.withSteps(3).withSize(80, 80);
        assertThatThrownBy(() -> made(model, method, CLASS, 1))
                .isInstanceOf(VitrineException.class)
                .hasMessageContaining("does not run on pictures of 80×80 pixels")
                .hasMessageContaining("own size, 64×64");
        Objective channel = new UnitScore(model.anatomy().lastSpatial(), new UnitScore.Channel(0));
        assertThat(made(model, method, channel, 1).pictures().shape()).containsExactly(1, 3, 80, 80);
    }

    /** One 1×1 convolution, a rectifier, and the mean over all places. */
    private static Model rectified(float bias, Value... resized) {
        GraphBuilder builder = new GraphBuilder();
        Value input = builder.input("image", TensorType.of(ElementType.FLOAT32, 1, 3, 32, 32));
        Value weights = builder.constant("w", Tensor.floats(new float[] {1, 1, 1, -1, 0, 1}, 2, 3, 1, 1));
        Value biases = builder.constant("b", Tensor.floats(new float[] {bias, bias}, 2));
        Value on = builder.node("Relu", builder.node("Conv", input, weights, biases));
        for (Value unused : resized) {
            on = builder.node("Resize", on, Value.NONE, Value.NONE, builder.vector(1, 2, 16, 16));
        }
        builder.output(builder.node("Flatten", builder.node("GlobalAveragePool", on)));
        return Nets.open("rectified", builder.build());
    }

    @Test
    void aSilentUnitIsWoken() {
        Model model = rectified(-4);
        Objective score = new ClassScore(ClassScore.Scale.LOGIT, OptionalLong.of(0));
        Synthesis synthesis =
                made(model, ActivationMaximization.MODERN.withSteps(60).withStart(Start.GRAY), score, 1);
        assertThat(synthesis.course().scores().get(0)).isZero();
        assertThat(synthesis.scores().get(0)).isGreaterThan(0.1f);
    }

    @Test
    void aFixedResizeAllowsOneSizeOnly() {
        Objective score = new ClassScore(ClassScore.Scale.LOGIT, OptionalLong.of(0));
        ActivationMaximization method =
                ActivationMaximization.MODERN.withSteps(1).withSize(40, 40);
        assertThat(made(rectified(0), method, score, 1).pictures().shape()).containsExactly(1, 3, 40, 40);
        Model resized = rectified(0, Value.NONE);
        assertThatThrownBy(() -> made(resized, method, score, 1))
                .isInstanceOf(VitrineException.class)
                .hasMessageContaining("(Resize) has a fixed size");
    }
}
