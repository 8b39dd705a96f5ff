package dev.vitrine.lens.attribution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.graph.Attributes;
import dev.vitrine.engine.graph.Dimension;
import dev.vitrine.engine.graph.GraphBuilder;
import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.tensor.ElementType;
import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.attribution.gradient.ClassActivationMap;
import dev.vitrine.lens.attribution.gradient.FinerCam;
import dev.vitrine.lens.attribution.gradient.FullGrad;
import dev.vitrine.lens.attribution.gradient.Gradient;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.objective.ClassContrast;
import dev.vitrine.lens.objective.ClassScore;
import dev.vitrine.lens.objective.Objective;
import dev.vitrine.lens.perturbation.Occlusion;
import dev.vitrine.lens.session.ModelSession;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** One class against others, and FullGrad, by their formulas on a network of one convolution. */
class ContrastTest {
    private static final ClassScore LOGIT = ClassScore.of(ClassScore.Scale.LOGIT);
    private static final int SIDE = 6;
    private static final int PLACES = SIDE * SIDE;
    private static final int MAPS = 4;
    private static final int CLASSES = 6;
    private static final int TARGET = 2;

    private final Tensor bias = Nets.normal(42, MAPS);
    private final Tensor head = Nets.normal(43, CLASSES, MAPS);
    private final Model model = Nets.open("contrast", network());
    private final Tensor image = Nets.normal(44, 1, 3, SIDE, SIDE);

    private dev.vitrine.engine.graph.Graph network() {
        GraphBuilder b = new GraphBuilder();
        Value input = b.input(
                "image",
                TensorType.of(ElementType.FLOAT32, 1, 3, SIDE, SIDE).withDimension(0, Dimension.named("batch")));
        Value maps = b.node(
                "Conv",
                Attributes.NONE.with("pads", 1, 1, 1, 1),
                input,
                b.constant("kernel", Nets.normal(41, MAPS, 3, 3, 3)),
                b.constant("bias", bias));
        Value rows = b.node("Flatten", b.node("GlobalAveragePool", b.node("Relu", maps)));
        Value logits = b.node("Gemm", Attributes.NONE.with("transB", 1), rows, b.constant("head", head));
        return b.output(logits).build();
    }

    private Explanation explain(Attribution method, Objective objective, int target) {
        try (ModelSession session = new ModelSession(model, Nets.RUNNER)) {
            return session.explainer(method, objective).explain(image, ModelSession.targets(target), Progress.NONE);
        }
    }

    private static double[] difference(double[] left, double[] right) {
        return IntStream.range(0, left.length)
                .mapToDouble(i -> left[i] - right[i])
                .toArray();
    }

    @Test
    void gradientsAndDropsAgainstAClassAreTheDifference() {
        for (Attribution method : new Attribution[] {new Gradient(Gradient.Kind.PLAIN), new Occlusion()}) {
            double[] own = Nets.doubles(explain(method, LOGIT, TARGET).attribution());
            double[] other = Nets.doubles(explain(method, LOGIT, 5).attribution());
            Explanation found = explain(method, new ClassContrast(LOGIT, 5), TARGET);
            assertThat(Nets.relativeError(Nets.doubles(found.attribution()), difference(own, other)))
                    .as(method.id())
                    .isLessThan(1e-4);
            double[] logits = Nets.doubles(found.logits());
            assertThat((double) found.scores().floats().get(0)).isCloseTo(logits[TARGET] - logits[5], within(1e-5));
        }
    }

    /** Σ p (z_c − γ z) / Σ p over the classes nearest to c. */
    private static double finer(double[] z, int count, double strength) {
        int[] nearest = IntStream.range(0, z.length)
                .filter(i -> i != TARGET)
                .boxed()
                .sorted((i, k) -> Double.compare(Math.abs(z[i] - z[TARGET]), Math.abs(z[k] - z[TARGET])))
                .limit(count)
                .mapToInt(i -> i)
                .toArray();
        double above = 0;
        double below = 0;
        for (int d : nearest) {
            double p = Math.exp(z[d]);
            above += p * (z[TARGET] - strength * z[d]);
            below += p;
        }
        return above / below;
    }

    @Test
    void finerCamWeighsMapsByTheSlopesOfTheWeightedDifferences() {
        for (int count : new int[] {1, 3, 50}) {
            double strength = 0.8;
            Explanation found = explain(new FinerCam(Optional.empty(), count, strength), LOGIT, TARGET);
            double[] z = Nets.doubles(found.logits());
            assertThat((double) found.scores().floats().get(0)).isCloseTo(z[TARGET], within(1e-6));
            double[] maps = activations();
            double[] weights = Nets.doubles(head);
            double[] expected = new double[PLACES];
            for (int d = 0; d < CLASSES; d++) {
                double step = 1e-5;
                double[] up = z.clone();
                double[] down = z.clone();
                up[d] += step;
                down[d] -= step;
                double slope = (finer(up, count, strength) - finer(down, count, strength)) / (2 * step);
                for (int i = 0; i < maps.length; i++) {
                    expected[i % PLACES] += slope * weights[d * MAPS + i / PLACES] / PLACES * maps[i];
                }
            }
            double[] cut = Arrays.stream(expected).map(v -> Math.max(v, 0)).toArray();
            assertThat(Nets.relativeError(Nets.doubles(found.attribution()), cut))
                    .as("nearest " + count)
                    .isLessThan(1e-3);
        }
    }

    /** Of the convolution behind its rectifier, read off as a map of one channel at a time. */
    private double[] activations() {
        double[] all = new double[MAPS * PLACES];
        double[] cam = Nets.doubles(head);
        for (int c = 0; c < MAPS; c++) {
            float[] one = new float[CLASSES * MAPS];
            one[TARGET * MAPS + c] = PLACES;
            GraphBuilder b = new GraphBuilder(model.graph());
            var constants = new java.util.HashMap<>(model.graph().constants());
            constants.put(new Value("head"), Tensor.floats(one, CLASSES, MAPS));
            Model single = Nets.open(
                    "single" + c,
                    new dev.vitrine.engine.graph.Graph(
                            b.build().inputs(),
                            model.graph().outputs(),
                            model.graph().nodes(),
                            constants,
                            model.graph().types(),
                            model.graph().opsets()));
            try (ModelSession session = new ModelSession(single, Nets.RUNNER)) {
                double[] map = Nets.doubles(session.explainer(
                                new ClassActivationMap(ClassActivationMap.Variant.GRAD, Optional.empty()), LOGIT)
                        .explain(image, ModelSession.targets(TARGET), Progress.NONE)
                        .attribution());
                System.arraycopy(map, 0, all, c * PLACES, PLACES);
            }
        }
        assertThat(cam).hasSize(CLASSES * MAPS);
        return all;
    }

    @Test
    void finerCamRefusesWhatComparesNoLogits() {
        Attribution finer = new FinerCam();
        assertThatThrownBy(() -> explain(finer, ClassScore.of(ClassScore.Scale.PROBABILITY), TARGET))
                .isInstanceOf(VitrineException.class)
                .hasMessageContaining("compares the logits");
        assertThatThrownBy(() -> explain(finer, new ClassContrast(LOGIT, 1), TARGET))
                .isInstanceOf(VitrineException.class);
    }

    private static double[] scaled(double[] contributions) {
        double[] sizes = Arrays.stream(contributions).map(Math::abs).toArray();
        double least = Arrays.stream(sizes).min().orElseThrow();
        double most = Arrays.stream(sizes).map(v -> v - least).max().orElseThrow();
        return Arrays.stream(sizes).map(v -> (v - least) / (most + 1e-6)).toArray();
    }

    @Test
    void fullGradAddsInputAndBiasContributions() {
        double[] gradient = Nets.doubles(
                explain(new Gradient(Gradient.Kind.PLAIN), LOGIT, TARGET).attribution());
        double[] pixels = Nets.doubles(image);
        double[] ofInput = scaled(IntStream.range(0, pixels.length)
                .mapToDouble(i -> pixels[i] * gradient[i])
                .toArray());
        double[] maps = activations();
        double[] weights = Nets.doubles(head);
        double[] ofBias = scaled(IntStream.range(0, maps.length)
                .mapToDouble(i ->
                        maps[i] > 0 ? bias.floats().get(i / PLACES) * weights[TARGET * MAPS + i / PLACES] / PLACES : 0)
                .toArray());
        double[] expected = new double[PLACES];
        for (int i = 0; i < ofInput.length; i++) {
            expected[i % PLACES] += ofInput[i];
        }
        for (int i = 0; i < ofBias.length; i++) {
            expected[i % PLACES] += ofBias[i];
        }
        Explanation found = explain(new FullGrad(), LOGIT, TARGET);
        assertThat(found.attribution().shape()).containsExactly(1, 1, SIDE, SIDE);
        assertThat(Nets.relativeError(Nets.doubles(found.attribution()), expected))
                .isLessThan(1e-3);
    }
}
