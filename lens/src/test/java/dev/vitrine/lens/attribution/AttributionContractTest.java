package dev.vitrine.lens.attribution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.runtime.Executable;
import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.method.Attributions;
import dev.vitrine.lens.method.Attributions.Entry;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.model.anatomy.Anatomy;
import dev.vitrine.lens.objective.ClassScore;
import dev.vitrine.lens.objective.Objective;
import dev.vitrine.lens.objective.UnitScore;
import dev.vitrine.lens.session.ModelSession;
import dev.vitrine.lens.setting.SettingValues;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What every method of the list promises. */
class AttributionContractTest {
    private static final Objective LOGIT = ClassScore.of(ClassScore.Scale.LOGIT);
    private static final SettingValues QUICK = SettingValues.NONE
            .with("steps", 5)
            .with("samples", 3)
            .with("superpixels", 9)
            .with("cells", 3)
            .with("iterations", 3);

    /** Plain with a dense head, gated, and trained. */
    private static final List<String> NETWORKS = List.of("vgg-small", "mobilenet-v3", "cifar10-resnet20");

    /** Concatenated with LRN, dense, and with channels last inside. */
    private static final List<String> MORE_NETWORKS = List.of("googlenet", "densenet", "squeezenet", "convnext");

    static Stream<Entry> methods() {
        // D-RISE takes detectors alone; DetectorRiseTest has its contract.
        return Attributions.ALL.stream().filter(entry -> !entry.id().equals("d-rise"));
    }

    static Stream<Arguments> methodsOnNetworks() {
        return NETWORKS.stream().flatMap(network -> methods().map(entry -> Arguments.of(entry.id(), network)));
    }

    static Stream<Arguments> methodsOnMoreNetworks() {
        return MORE_NETWORKS.stream().flatMap(network -> methods().map(entry -> Arguments.of(entry.id(), network)));
    }

    private static Attribution quick(String id) {
        return Attributions.find(id).with(QUICK);
    }

    /** CAM needs a linear head; VGG and MobileNet have hidden layers there, SqueezeNet a rectifier, ConvNeXt a norm. */
    private static boolean fits(String id, String network) {
        return !(id.equals("cam")
                && List.of("vgg-small", "mobilenet-v3", "squeezenet", "convnext")
                        .contains(network));
    }

    @ParameterizedTest(name = "{0} on {1}")
    @MethodSource("methodsOnNetworks")
    void aBatchIsItsSingles(String id, String network) {
        Model model = Nets.named(network);
        Attribution method = quick(id);
        try (ModelSession session = new ModelSession(model, Nets.RUNNER)) {
            if (!fits(id, network)) {
                assertThatThrownBy(() -> session.explainer(method, LOGIT))
                        .isInstanceOf(VitrineException.class)
                        .hasMessageContaining("Use grad-cam");
                return;
            }
            Tensor images = Nets.noise(model, 2, 1);
            Tensor targets = ModelSession.targets(3, 7);
            Explainer explainer = session.explainer(method, LOGIT);
            Explanation both = explainer.explain(images, targets, Progress.NONE);
            assertThat(both.attribution().shape()).containsExactly(declaredShape(method, model, 2));
            assertThat(both.scores().shape()).containsExactly(2);
            assertThat(both.logits().shape()).containsExactly(2, model.classes());
            assertThat(both.notes()).hasSize(2);
            for (int i = 0; i < 2; i++) {
                Explanation single = explainer.explain(images.rows(i, i + 1), targets.rows(i, i + 1), Progress.NONE);
                // The runtime may add up in another order for another batch: a few units of the last place.
                assertThat(Nets.relativeError(both.attribution().rows(i, i + 1), single.attribution()))
                        .isLessThan(1e-5);
                assertThat(Nets.relativeError(both.scores().rows(i, i + 1), single.scores()))
                        .isLessThan(1e-5);
                assertThat(single.scores().floats().get(0))
                        .isEqualTo(single.logits().floats().get((int)
                                targets.longs().get(i)));
            }
            if (method.sign() == Attribution.Sign.POSITIVE) {
                assertThat(both.attribution().toFloats()).doesNotContain(-1f).satisfies(values -> {
                    for (float value : values) {
                        assertThat(value).isNotNegative();
                    }
                });
            }
        }
    }

    @Tag("slow")
    @ParameterizedTest(name = "{0} on {1}")
    @MethodSource("methodsOnMoreNetworks")
    void aBatchIsItsSinglesOnMoreNetworks(String id, String network) {
        aBatchIsItsSingles(id, network);
    }

    private static long[] declaredShape(Attribution method, Model model, int batch) {
        long[] shape = method.shape(model);
        shape[0] = batch;
        return shape;
    }

    /** The graph that can be saved and run anywhere says what the explainer says, which may run it in parts. */
    @ParameterizedTest
    @ValueSource(strings = {"integrated-gradients", "smooth-grad", "smooth-grad-squared", "var-grad", "deep-lift"})
    void theGraphSaysWhatTheExplainerSays(String id) {
        Model model = Nets.named("resnet18");
        GraphAttribution method = (GraphAttribution) quick(id);
        Tensor images = Nets.noise(model, 2, 2);
        Tensor targets = ModelSession.targets(1, 8);
        ExplanationGraph whole = method.graph(model, LOGIT);
        try (ModelSession session = new ModelSession(model, Nets.RUNNER);
                Executable executable = Nets.RUNNER.load(whole.graph())) {
            Explanation expected = session.explainer(method, LOGIT).explain(images, targets, Progress.NONE);
            Map<Value, Tensor> found =
                    executable.run(Map.of(model.input(), images, new Value(Objective.TARGET), targets));
            assertThat(Nets.relativeError(found.get(whole.attribution()), expected.attribution()))
                    .isLessThan(1e-4);
            assertThat(Nets.relativeError(found.get(whole.score()), expected.scores()))
                    .isLessThan(1e-5);
            assertThat(Nets.relativeError(found.get(whole.logits()), expected.logits()))
                    .isLessThan(1e-5);
        }
    }

    /** Every other method that is one graph runs it. */
    @ParameterizedTest
    @MethodSource("methods")
    void methodsThatRunInPartsAreTestedAbove(Entry entry) {
        try (ModelSession session = new ModelSession(Nets.named("resnet18"), Nets.RUNNER)) {
            Attribution method = quick(entry.id());
            boolean inParts = method instanceof IntegratedGradients || method instanceof SmoothGradient;
            assertThat(method.on(session, LOGIT) instanceof GraphExplainer)
                    .isEqualTo(method instanceof GraphAttribution && !inParts);
        }
    }

    /** Two explainers, each with sessions of its own, to the last bit. */
    @ParameterizedTest
    @MethodSource("methods")
    void theSameSeedGivesTheSameBytes(Entry entry) {
        Model model = Nets.architecture("resnet18");
        Tensor image = Nets.noise(model, 1, 3);
        List<Tensor> found = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            try (ModelSession session = new ModelSession(model, Nets.RUNNER)) {
                found.add(session.explainer(quick(entry.id()), LOGIT)
                        .explain(image, ModelSession.targets(4), Progress.NONE)
                        .attribution());
            }
        }
        assertThat(found.get(0)).isEqualTo(found.get(1));
    }

    @ParameterizedTest
    @MethodSource("methods")
    void onlyWhatDrawsNoiseDependsOnTheSeed(Entry entry) {
        Model model = Nets.architecture("resnet18");
        // Smooth, since noise has no superpixels.
        float[] waves = new float[(int) Tensor.elements(model.sampleShape())];
        for (int i = 0; i < waves.length; i++) {
            waves[i] = (float) (0.5 + 0.5 * Math.sin(i * 0.003) * Math.cos(i * 0.09));
        }
        Tensor image = Tensor.floats(waves, model.sampleShape());
        SettingValues other = QUICK.with("seed", 1L);
        try (ModelSession session = new ModelSession(model, Nets.RUNNER)) {
            Attribution first = quick(entry.id());
            Attribution second = entry.with(other);
            Tensor one = session.explainer(first, LOGIT)
                    .explain(image, ModelSession.targets(4), Progress.NONE)
                    .attribution();
            Tensor two = session.explainer(second, LOGIT)
                    .explain(image, ModelSession.targets(4), Progress.NONE)
                    .attribution();
            if (first.options().containsKey("seed")) {
                assertThat(Nets.relativeError(one, two)).isGreaterThan(0.01);
                assertThat(first.options()).isNotEqualTo(second.options());
            } else {
                assertThat(one).isEqualTo(two);
                assertThat(first).isEqualTo(second);
            }
        }
    }

    /** The rectangles about a picture's parts may be larger than those of the picture before. */
    private static final Set<String> SIZED_BY_THE_PICTURE = Set.of("feature-ablation");

    @ParameterizedTest
    @MethodSource("methods")
    void askedAgainItOpensNothing(Entry entry) {
        Model model = Nets.architecture("resnet18");
        CountingRunner runner = new CountingRunner();
        try (ModelSession session = new ModelSession(model, runner)) {
            session.explainer(quick(entry.id()), LOGIT)
                    .explain(Nets.noise(model, 1, 4), ModelSession.targets(0), Progress.NONE);
            int once = runner.loads();
            assertThat(once).isPositive();
            session.explainer(quick(entry.id()), LOGIT)
                    .explain(Nets.noise(model, 3, 5), ModelSession.targets(1, 2, 3), Progress.NONE);
            int twice = runner.loads();
            if (!SIZED_BY_THE_PICTURE.contains(entry.id())) {
                assertThat(twice).isEqualTo(once);
            }
            session.explainer(quick(entry.id()), LOGIT)
                    .explain(Nets.noise(model, 3, 5), ModelSession.targets(3, 2, 1), Progress.NONE);
            assertThat(runner.loads()).isEqualTo(twice);
        }
    }

    @ParameterizedTest
    @MethodSource("methods")
    void everyScaleOfAClassCanBeExplained(Entry entry) {
        Model model = Nets.architecture("resnet18");
        Tensor image = Nets.noise(model, 1, 6);
        Attribution method = quick(entry.id());
        try (ModelSession session = new ModelSession(model, Nets.RUNNER)) {
            float[] logits = null;
            for (ClassScore.Scale scale : ClassScore.Scale.values()) {
                if (entry.id().equals("finer-cam") && scale != ClassScore.Scale.LOGIT) {
                    assertThatThrownBy(() -> session.explainer(method, ClassScore.of(scale)))
                            .isInstanceOf(VitrineException.class)
                            .hasMessageContaining("compares the logits");
                    continue;
                }
                Explanation explanation = session.explainer(method, ClassScore.of(scale))
                        .explain(image, ModelSession.targets(2), Progress.NONE);
                logits = explanation.logits().toFloats();
                double total = 0;
                for (float logit : logits) {
                    total += Math.exp(logit);
                }
                double probability = Math.exp(logits[2]) / total;
                double expected = switch (scale) {
                    case LOGIT -> logits[2];
                    case PROBABILITY -> probability;
                    case LOG_PROBABILITY -> Math.log(probability);
                    case LOSS -> -Math.log(probability);
                };
                assertThat((double) explanation.scores().floats().get(0))
                        .isCloseTo(
                                expected,
                                org.assertj.core.api.Assertions.within(1e-5 * Math.max(1, Math.abs(expected))));
                assertThat(explanation.attribution().shape()).containsExactly(declaredShape(method, model, 1));
                assertThat(Nets.relativeError(explanation.attribution(), explanation.attribution()))
                        .isZero();
            }
        }
    }

    static List<UnitScore.Unit> units() {
        return List.of(
                new UnitScore.Channel(1),
                new UnitScore.Neuron(2, 1, 1),
                new UnitScore.Direction(Collections.nCopies(8, 0.5f)));
    }

    /** A unit inside the network; maps are then those of an earlier layer. */
    @ParameterizedTest
    @MethodSource("methods")
    void everyUnitCanBeExplained(Entry entry) {
        Model model = Nets.architecture("resnet18");
        Anatomy layers = model.anatomy();
        List<Value> spatial = layers.all().stream().filter(layers::isSpatial).toList();
        Value early = spatial.get(1);
        Value unitLayer = spatial.stream()
                .filter(value -> model.graph().types().get(value).dimension(1).size() == 8)
                .reduce((a, b) -> b)
                .orElseThrow();
        Attribution method = entry.with(QUICK.with("layer", early.name()));
        Tensor image = Nets.noise(model, 2, 7);
        try (ModelSession session = new ModelSession(model, Nets.RUNNER)) {
            for (UnitScore.Unit unit : units()) {
                Objective objective = new UnitScore(unitLayer, unit);
                if (entry.id().equals("cam") || entry.id().equals("finer-cam")) {
                    assertThatThrownBy(() -> session.explainer(method, objective))
                            .isInstanceOf(VitrineException.class)
                            .hasMessageMatching("(?s).*(cam needs|compares the logits).*");
                    continue;
                }
                Explanation explanation =
                        session.explainer(method, objective).explain(image, ModelSession.targets(0, 0), Progress.NONE);
                assertThat(explanation.attribution().shape()).containsExactly(declaredShape(method, model, 2));
                assertThat(explanation.scores().shape()).containsExactly(2);
                assertThat(Nets.relativeError(
                                explanation.attribution(),
                                Tensor.zeros(
                                        explanation.attribution().elementType(),
                                        explanation.attribution().shape())))
                        .as("some attribution to %s", unit)
                        .isPositive();
            }
        }
    }

    @Test
    void idsAreKebabCaseAndUnique() {
        assertThat(methods().map(Entry::id))
                .doesNotHaveDuplicates()
                .allMatch(id -> id.matches("[a-z0-9]+(-[a-z0-9]+)*"));
        assertThat(methods().map(Entry::title)).doesNotHaveDuplicates();
        assertThat(methods().map(Entry::answers)).doesNotHaveDuplicates().allMatch(text -> text.endsWith("?"));
        methods().forEach(entry -> assertThat(entry.standard().id()).isEqualTo(entry.id()));
    }

    /** Two methods that differ say so in their options, since caches and captions go by them. */
    @ParameterizedTest
    @MethodSource("methods")
    void optionsTellMethodsApart(Entry entry) {
        List<SettingValues> all = List.of(
                SettingValues.NONE,
                SettingValues.NONE.with("layer", "x"),
                SettingValues.NONE.with("steps", 51),
                SettingValues.NONE.with("quadrature", Quadrature.TRAPEZOID),
                SettingValues.NONE.with("baseline", Baseline.GRAY),
                SettingValues.NONE.with("samples", 26),
                SettingValues.NONE.with("noise", 0.16),
                SettingValues.NONE.with("seed", 1L),
                QUICK);
        for (SettingValues left : all) {
            for (SettingValues right : all) {
                Attribution one = entry.with(left);
                Attribution two = entry.with(right);
                assertThat(one.equals(two)).isEqualTo(one.options().equals(two.options()));
            }
        }
    }

    @Test
    void anUnknownIdNamesItsNearMisses() {
        assertThat(Attributions.find(" Grad-CAM ").id()).isEqualTo("grad-cam");
        assertThatThrownBy(() -> Attributions.find("lrp"))
                .isInstanceOf(VitrineException.class)
                .hasMessageContaining("Did you mean lrp-epsilon or lrp-gamma");
    }
}
