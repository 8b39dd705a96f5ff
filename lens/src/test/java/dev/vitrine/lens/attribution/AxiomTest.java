package dev.vitrine.lens.attribution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.vitrine.engine.gradient.BackwardRules;
import dev.vitrine.engine.gradient.Differentiator;
import dev.vitrine.engine.gradient.RelevanceRule;
import dev.vitrine.engine.gradient.RelevanceRules;
import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.GraphBuilder;
import dev.vitrine.engine.graph.Node;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.oracle.Architectures;
import dev.vitrine.engine.oracle.NeedsShared;
import dev.vitrine.engine.rewrite.Prune;
import dev.vitrine.engine.runtime.Executable;
import dev.vitrine.engine.tensor.ElementType;
import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.attribution.gradient.DeepLift;
import dev.vitrine.lens.attribution.gradient.Gradient;
import dev.vitrine.lens.attribution.gradient.LayerwiseRelevance;
import dev.vitrine.lens.method.Attributions;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.objective.ClassScore;
import dev.vitrine.lens.objective.Objective;
import dev.vitrine.lens.objective.UnitScore;
import dev.vitrine.lens.session.ModelSession;
import dev.vitrine.lens.setting.SettingValues;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the papers prove of their methods. */
class AxiomTest {
    private static final Objective LOGIT = ClassScore.of(ClassScore.Scale.LOGIT);
    private static final SettingValues QUICK = SettingValues.NONE
            .with("steps", 5)
            .with("quadrature", Quadrature.GAUSS_LEGENDRE_SQUARED)
            .with("baseline", Baseline.BLACK)
            .with("samples", 3);

    static List<String> sharedModels() {
        return Nets.SHARED_MODELS;
    }

    static Tensor photos(Model model) {
        return model.preprocessing().apply(List.of(Nets.photo("chelsea.png"), Nets.photo("coffee.png")));
    }

    private static Explanation explain(
            Model model, Attribution method, Objective objective, Tensor images, long... targets) {
        try (ModelSession session = new ModelSession(model, Nets.RUNNER)) {
            return session.explainer(method, objective).explain(images, ModelSession.targets(targets), Progress.NONE);
        }
    }

    private static long[] top(Model model, Tensor images) {
        return Nets.top(
                explain(model, new Gradient(Gradient.Kind.PLAIN), LOGIT, images, new long[(int) images.dimension(0)])
                        .logits());
    }

    /** DeepLIFT: Σ = score(x) − score(x₀). */
    @ParameterizedTest
    @MethodSource("sharedModels")
    void deepLiftSumsToTheChangeOfScore(String name) {
        Model model = Nets.shared(name);
        Tensor images = photos(model);
        long[] top = top(model, images);
        Explanation explanation = explain(model, new DeepLift(Baseline.BLACK), LOGIT, images, top);
        Tensor black = explanationInput(model);
        for (int i = 0; i < top.length; i++) {
            double there = explain(model, new Gradient(Gradient.Kind.PLAIN), LOGIT, black, top[i])
                    .scores()
                    .floats()
                    .get(0);
            double change = explanation.scores().floats().get(i) - there;
            assertThat(Nets.sum(explanation.attribution().rows(i, i + 1)))
                    .isCloseTo(change, within(1e-3 * Math.abs(change)));
        }
    }

    private static Tensor explanationInput(Model model) {
        return model.preprocessing()
                .apply(dev.vitrine.lens.data.Picture.filled(
                        model.preprocessing().width(), model.preprocessing().height(), 0));
    }

    /** LRP-ε: Σ over pixels + Σ over biases = score; the rest is what ε takes. */
    @NeedsShared
    @ParameterizedTest
    @MethodSource("sharedModels")
    void relevanceIsConservedWhenBiasesAreCounted(String name) {
        Model model = Nets.shared(name);
        Tensor image = photos(model).rows(0, 1);
        long top = top(model, image)[0];
        Backward backward = Backward.of(model, LOGIT, List.of());
        List<Value> sources = new ArrayList<>(List.of(model.input()));
        for (Node node : backward.graph().nodes()) {
            boolean linear = node.operator().equals("Conv") || node.operator().equals("Gemm");
            if (linear && node.input(2).isPresent()) {
                sources.add(node.input(2));
            }
        }
        assertThat(sources).hasSizeGreaterThan(5);
        Value anchor = backward.objective().anchor();
        Differentiator.Result seeded = backward.gradient(BackwardRules.PLAIN, List.of(anchor));
        GraphBuilder builder = new GraphBuilder(seeded.graph());
        Value seed = builder.node("Mul", anchor, seeded.of(anchor));
        Differentiator.Result result = new Differentiator(RelevanceRules.of(
                        backward.graph(), RelevanceRules.Composite.everywhere(new RelevanceRule.Epsilon(1e-6))))
                .propagate(builder.build(), Map.of(anchor, seed), sources);
        List<Value> outputs = new ArrayList<>(sources.stream().map(result::of).toList());
        outputs.add(backward.objective().score());
        Graph graph = new Prune().apply(result.graph().withOutputs(outputs));
        try (Executable executable = Nets.RUNNER.load(graph)) {
            Map<Value, Tensor> found = executable.run(
                    Map.of(model.input(), image, new Value(Objective.TARGET), ModelSession.targets(top)));
            double score = found.get(backward.objective().score()).floats().get(0);
            double total = sources.stream()
                    .mapToDouble(source -> Nets.sum(found.get(result.of(source))))
                    .sum();
            assertThat(total).isCloseTo(score, within(1e-2 * Math.abs(score)));
            double pixels = Nets.sum(found.get(result.of(model.input())));
            assertThat(Math.abs(pixels - score)).isGreaterThan(1e-2 * Math.abs(score));
        }
    }

    private static Graph withoutBiases(Graph graph) {
        Map<Value, Tensor> constants = new HashMap<>(graph.constants());
        for (Node node : graph.nodes()) {
            if (List.of("Conv", "Gemm").contains(node.operator())
                    && node.input(2).isPresent()) {
                constants.computeIfPresent(
                        node.input(2), (value, bias) -> Tensor.zeros(ElementType.FLOAT32, bias.shape()));
            }
        }
        return new Graph(graph.inputs(), graph.outputs(), graph.nodes(), constants, graph.types(), graph.opsets());
    }

    /** Without biases every rule but z^B hands on all that it gets. */
    @ParameterizedTest
    @ValueSource(strings = {"lrp-epsilon", "lrp-gamma", "lrp-z-plus", "lrp-alpha-beta", "lrp-epsilon-plus"})
    void relevanceIsConservedWithoutBiases(String id) {
        Model model = Nets.open(
                "bias-free", withoutBiases(Architectures.vgg(new Architectures.Size(1 / 16.0, 32, 10, 1), 1, 1, 1)));
        Tensor images = Nets.noise(model, 2, 8);
        Explanation explanation = explain(model, Attributions.find(id).with(QUICK), LOGIT, images, 3, 4);
        for (int i = 0; i < 2; i++) {
            double score = explanation.scores().floats().get(i);
            assertThat(Nets.sum(explanation.attribution().rows(i, i + 1)))
                    .isCloseTo(score, within(2e-3 * Math.abs(score)));
        }
    }

    /** On networks of rectifiers LRP-ε is input × gradient as ε goes to zero, biases or not. Ancona et al. 2018. */
    @ParameterizedTest
    @ValueSource(strings = {"vgg-small", "cifar10-resnet20"})
    void relevanceIsInputTimesGradientOnRectifiers(String name) {
        Model model = Nets.named(name);
        Tensor images = Nets.noise(model, 2, 9);
        Tensor relevance = explain(model, new LayerwiseRelevance.Epsilon(1e-9), LOGIT, images, 3, 4)
                .attribution();
        Tensor product = explain(model, new Gradient(Gradient.Kind.TIMES_INPUT), LOGIT, images, 3, 4)
                .attribution();
        assertThat(Nets.relativeError(relevance, product)).isLessThan(1e-3);
    }

    static Stream<String> pixelMethods() {
        return Attributions.ALL.stream()
                .filter(entry -> entry.with(QUICK).form() == Attribution.Form.PIXELS)
                .map(Attributions.Entry::id)
                // Its first layer shares evenly, whatever the weights.
                .filter(id -> !id.equals("lrp-epsilon-plus-flat"));
    }

    /** The first layer does not read the third channel. */
    private static Model colorBlind() {
        Graph graph = Architectures.vgg(new Architectures.Size(1 / 16.0, 32, 10, 1), 1, 1, 1);
        Node first = graph.nodes().get(0);
        Map<Value, Tensor> constants = new HashMap<>(graph.constants());
        Tensor weight = constants.get(first.input(1));
        float[] data = weight.toFloats();
        for (int i = 0; i < data.length; i++) {
            data[i] = i / 9 % 3 == 2 ? 0 : data[i];
        }
        constants.put(first.input(1), Tensor.floats(data, weight.shape()));
        return Nets.open(
                "color-blind",
                new Graph(graph.inputs(), graph.outputs(), graph.nodes(), constants, graph.types(), graph.opsets()));
    }

    @ParameterizedTest
    @MethodSource("pixelMethods")
    void whatTheNetworkDoesNotReadGetsNothing(String id) {
        Model model = colorBlind();
        Tensor attribution = explain(model, Attributions.find(id).with(QUICK), LOGIT, Nets.noise(model, 1, 10), 3)
                .attribution();
        float[] values = attribution.toFloats();
        double read = 0;
        for (int i = 0; i < values.length; i++) {
            if (i / 1024 == 2) {
                assertThat(values[i]).isZero();
            } else {
                read += Math.abs(values[i]);
            }
        }
        assertThat(read).isPositive();
    }

    /** The gradient of the graph as it is, batch normalization and all, is that of the folded one. */
    @Test
    void foldingChangesNoGradient() {
        Model model = Nets.architecture("resnet18");
        Tensor image = Nets.noise(model, 1, 11);
        GraphBuilder builder = new GraphBuilder(model.graph()).scope("objective");
        Objective.Emitted emitted =
                new ClassScore(ClassScore.Scale.LOGIT, java.util.OptionalLong.of(3)).emit(model, builder);
        Differentiator.Result result = new Differentiator(BackwardRules.PLAIN)
                .gradient(builder.build(), emitted.score(), List.of(model.input()));
        Value gradient = result.of(model.input());
        assertThat(model.graph().nodes()).anyMatch(node -> node.operator().equals("BatchNormalization"));
        try (Executable executable =
                Nets.RUNNER.load(new Prune().apply(result.graph().withOutputs(List.of(gradient))))) {
            Tensor found = executable.run(Map.of(model.input(), image)).get(gradient);
            Tensor folded = explain(model, new Gradient(Gradient.Kind.PLAIN), LOGIT, image, 3)
                    .attribution();
            assertThat(Nets.relativeError(found, folded)).isLessThan(1e-4);
        }
    }

    /** The explanation of 2 f − g is twice that of f less that of g. */
    @ParameterizedTest
    @ValueSource(strings = {"gradient", "input-x-gradient", "integrated-gradients", "smooth-grad", "deep-lift"})
    void explanationsAreLinearInTheScore(String id) {
        Model model = Nets.architecture("resnet18");
        Tensor image = Nets.noise(model, 1, 12);
        List<Float> direction = new ArrayList<>(java.util.Collections.nCopies(10, 0f));
        direction.set(3, 2f);
        direction.set(5, -1f);
        Attribution method = Attributions.find(id).with(QUICK);
        double[] f = Nets.doubles(explain(model, method, LOGIT, image, 3).attribution());
        double[] g = Nets.doubles(explain(model, method, LOGIT, image, 5).attribution());
        double[] both = Nets.doubles(
                explain(model, method, new UnitScore(model.logits(), new UnitScore.Direction(direction)), image, 0)
                        .attribution());
        for (int i = 0; i < f.length; i++) {
            f[i] = 2 * f[i] - g[i];
        }
        assertThat(Nets.relativeError(both, f)).isLessThan(1e-4);
    }
}
