package dev.vitrine.lens.unit.filter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.vitrine.engine.graph.Attributes;
import dev.vitrine.engine.graph.Dimension;
import dev.vitrine.engine.graph.GraphBuilder;
import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.tensor.ElementType;
import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.attribution.Nets;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.session.ModelSession;
import dev.vitrine.lens.unit.ChannelLayer;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Weights as pictures: their noise, the linear path, and what drives a unit. */
class FilterTest {
    private static final int SIDE = 8;

    private static Tensor plane(float... values) {
        int side = (int) Math.round(Math.sqrt(values.length));
        return Tensor.floats(values, 1, side, side);
    }

    @Test
    void roughnessTellsSmoothFromAlternating() {
        // Two columns alike: of 12 neighbors 3 differ; C = (9 − 1) · 2 · 3 / (2 · 24 · 2).
        assertThat(Roughness.of(plane(0, 0, 1, 0, 0, 1, 0, 0, 1)).getAsDouble()).isCloseTo(0.5, within(1e-9));
        assertThat(Roughness.of(plane(1, 0, 1, 0, 1, 0, 1, 0, 1)).getAsDouble()).isGreaterThan(1.5);
        float[] ramp = new float[49];
        float[] noise = new float[49 * 100];
        Random random = new Random(1);
        for (int index = 0; index < noise.length; index++) {
            ramp[index % 49] = index % 49 % 7 + index % 49 / 7;
            noise[index] = (float) random.nextGaussian();
        }
        assertThat(Roughness.of(plane(ramp)).getAsDouble()).isLessThan(0.2);
        assertThat(Roughness.of(Tensor.floats(noise, 100, 7, 7)).getAsDouble()).isCloseTo(1, within(0.05));
        assertThat(Roughness.of(plane(3))).isEmpty();
        assertThat(Roughness.of(plane(2, 2, 2, 2))).isEmpty();
    }

    /** Convolution (2 maps), leaky rectifier, matrix product over all of it (2 classes). */
    private static Model network() {
        GraphBuilder builder = new GraphBuilder();
        Value image = builder.input(
                "image",
                new TensorType(
                        ElementType.FLOAT32,
                        List.of(Dimension.named("N"), Dimension.of(3), Dimension.of(SIDE), Dimension.of(SIDE))));
        Value maps = builder.node(
                "Conv",
                Attributes.NONE.with("pads", 1, 1, 1, 1).with("strides", 2, 2),
                image,
                builder.constant("kernels", Nets.normal(1, 2, 3, 3, 3)),
                builder.constant(Tensor.floats(new float[] {0.5f, -0.25f}, 2)));
        Value rectified = builder.outputAs(
                builder.node("LeakyRelu", Attributes.NONE.with("alpha", 0.1f), maps), builder.fresh("maps"));
        Value scores = builder.node(
                "Gemm",
                Attributes.NONE.with("transB", 1),
                builder.node("Flatten", Attributes.NONE.with("axis", 1), rectified),
                builder.constant("templates", Nets.normal(2, 2, 2 * SIDE * SIDE / 4)),
                builder.constant(Tensor.floats(new float[2], 2)));
        builder.clearOutputs();
        builder.outputAs(scores, builder.fresh("logits"));
        return Nets.open("filters", builder.build());
    }

    /** ∂ of a composition of linear maps, applied to a picture, against the two maps one after the other. */
    @Test
    void theLinearPathIsTheProductOfItsSteps() {
        Model model = network();
        ChannelLayer logits = ChannelLayer.find(model, "logits");
        ChannelLayer maps = ChannelLayer.find(model, "maps");
        try (ModelSession session = new ModelSession(model, Nets.RUNNER);
                LinearPath path = new LinearPath(session)) {
            float[] whole = path.weights(logits, 1, 0, 0).toFloats();
            LinearStep head = LinearStep.of(model, logits.value()).orElseThrow();
            float[] head1 = head.kernel(1).toFloats();
            float[] sum = new float[whole.length];
            for (int place = 0; place < head1.length; place++) {
                int side = SIDE / 2;
                float[] below = path.weights(maps, place / (side * side), place / side % side, place % side)
                        .toFloats();
                for (int pixel = 0; pixel < sum.length; pixel++) {
                    sum[pixel] += head1[place] * below[pixel];
                }
            }
            assertThat(Nets.relativeError(Tensor.floats(whole, whole.length), Tensor.floats(sum, sum.length)))
                    .isLessThan(1e-5);
        }
        LinearStep first = LinearStep.of(model, maps.value()).orElseThrow();
        assertThat(first.input()).isEqualTo(model.input());
        assertThat(LinearStep.first(model)).isEqualTo(first.node().output());
    }

    /** With the bias what the channels give is the unit's value before its rectifier. */
    @Test
    void contributionsAddUpToTheUnit() {
        Model model = Nets.architecture("vgg-small");
        ChannelLayer layer = ChannelLayer.stages(model).get(1);
        LinearStep step = LinearStep.of(model, layer.value()).orElseThrow();
        Tensor image = Nets.noise(model, 1, 4);
        try (ModelSession session = new ModelSession(model, Nets.RUNNER)) {
            List<Contributions.Input> inputs =
                    Contributions.of(session, step, 1, image, List.of(new Contributions.Place(0, 3)));
            double sum =
                    inputs.stream().mapToDouble(Contributions.Input::amount).sum();
            double bias =
                    model.graph().constant(step.node().input(2)).orElseThrow().toFloats()[1];
            Value before = step.node().output();
            Tensor maps = Nets.RUNNER
                    .load(new dev.vitrine.engine.rewrite.Cut(List.of(before)).apply(model.graph()))
                    .run(Map.of(model.input(), image))
                    .get(before);
            float expected = maps.toFloats()[layer.places() + 3];
            assertThat(sum + bias).isCloseTo(expected, within(1e-4 * (1 + Math.abs(expected))));
            assertThat(inputs).isSortedAccordingTo((a, b) -> Double.compare(b.amount(), a.amount()));
        }
    }
}
