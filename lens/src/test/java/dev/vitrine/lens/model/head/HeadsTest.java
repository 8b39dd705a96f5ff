package dev.vitrine.lens.model.head;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.graph.Attributes;
import dev.vitrine.engine.graph.Dimension;
import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.GraphBuilder;
import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.onnx.OnnxWriter;
import dev.vitrine.engine.oracle.NeedsShared;
import dev.vitrine.engine.tensor.ElementType;
import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.attribution.Nets;
import dev.vitrine.lens.attribution.Progress;
import dev.vitrine.lens.attribution.gradient.ClassActivationMap;
import dev.vitrine.lens.data.PictureReader;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.model.ModelLoader;
import dev.vitrine.lens.model.Probabilities;
import dev.vitrine.lens.model.label.Labels;
import dev.vitrine.lens.objective.ClassScore;
import dev.vitrine.lens.objective.ClassScore.Scale;
import dev.vitrine.lens.session.ModelSession;
import dev.vitrine.lens.session.ScoreReader;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What outputs mean, by the ways that networks end. */
class HeadsTest {
    private static final Attributes NONE = Attributes.NONE;
    private static final int SIDE = 8;
    private static final int CLASSES = 4;

    @TempDir
    private Path folder;

    private final GraphBuilder b = new GraphBuilder();
    private final Value input = b.input(
            "x",
            new TensorType(
                    ElementType.FLOAT32,
                    List.of(Dimension.named("batch"), Dimension.of(3), Dimension.of(SIDE), Dimension.of(SIDE))));
    private final Value maps = b.node("Relu", b.node("Conv", input, b.constant("kernel", Nets.normal(1, 6, 3, 3, 3))));

    private Value dense(int outputs) {
        Value pooled = b.node("Flatten", b.node("GlobalAveragePool", maps));
        return b.node("Gemm", pooled, b.constant("head", Nets.normal(2, 6, outputs)));
    }

    private Model open(Value... outputs) {
        return open(card -> card, outputs);
    }

    private Model open(UnaryOperator<OutputCard> adjust, Value... outputs) {
        int number = 0;
        for (Value output : outputs) {
            b.outputAs(output, b.fresh("out" + number++));
        }
        return load(b.build(), adjust, Labels.NONE);
    }

    private Model load(Graph graph, UnaryOperator<OutputCard> adjust, Labels labels) {
        Path file = folder.resolve("net.onnx");
        OnnxWriter.write(graph, file);
        return new ModelLoader(Nets.RUNNER)
                .load(file, card -> card.withLabels(labels).withOutput(adjust.apply(card.output())));
    }

    private static final class Said implements AutoCloseable {
        private final ModelSession session;
        private final Tensor image;

        Said(Model model) {
            session = new ModelSession(model, Nets.RUNNER);
            image = Nets.noise(model, 1, 3);
        }

        float[] scores() {
            return session.logits(image).toFloats();
        }

        double[] shown() {
            return Probabilities.shown(session.logits(image), session.model());
        }

        double score(Scale scale, int target) {
            return ScoreReader.read(session, ClassScore.of(scale), image, ModelSession.targets(target))
                    .scores()
                    .floats()
                    .get(0);
        }

        @Override
        public void close() {
            session.close();
        }
    }

    private static double[] softmax(float[] z) {
        double total = 0;
        double[] p = new double[z.length];
        for (int i = 0; i < z.length; i++) {
            p[i] = Math.exp(z[i]);
            total += p[i];
        }
        for (int i = 0; i < z.length; i++) {
            p[i] /= total;
        }
        return p;
    }

    private float[] logits() {
        GraphBuilder kept = new GraphBuilder(b.build()).clearOutputs();
        kept.outputAs(new Value("Gemm"), new Value("plain"));
        try (Said said = new Said(load(kept.build(), card -> card, Labels.NONE))) {
            return said.scores();
        }
    }

    /** The graph's scores at every scale are what Java makes of the logits. */
    private static void scalesAgree(Said said) {
        float[] scores = said.scores();
        Head head = said.session.model().head();
        for (Scale scale : Scale.values()) {
            for (int target = 0; target < scores.length; target++) {
                assertThat(said.score(scale, target))
                        .as(scale + " of " + target)
                        .isCloseTo(ClassScore.of(scale).of(head, scores, target), within(1e-5));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "logits",
                "softmax",
                "log-softmax",
                "reshaped",
                "cast",
                "composed",
                "shifted",
                "log",
                "composed-log",
                "clipped"
            })
    void exclusiveClasses(String ending) {
        Value z = dense(CLASSES);
        Value exponential = b.node("Exp", z);
        Value sum = b.node("ReduceSum", exponential, b.vector(1));
        Value shifted = b.node("Sub", z, b.node("ReduceMax", NONE.with("keepdims", 1), z, b.vector(1)));
        Value small = b.node("Exp", shifted);
        Value output = switch (ending) {
            case "logits" -> z;
            case "softmax" -> b.node("Softmax", z);
            case "log-softmax" -> b.node("LogSoftmax", z);
            case "reshaped" -> b.node("Identity", b.node("Reshape", b.node("Softmax", z), b.vector(-1, CLASSES, 1)));
            case "cast" ->
                b.node("Cast", NONE.with("to", 1), b.node("Cast", NONE.with("to", 11), b.node("Softmax", z)));
            case "composed" -> b.node("Div", exponential, sum);
            case "shifted" -> b.node("Div", small, b.node("ReduceSum", small, b.vector(1)));
            case "log" -> b.node("Log", b.node("Softmax", z));
            case "composed-log" -> b.node("Sub", z, b.node("Log", sum));
            case "clipped" -> b.node("Clip", b.node("Softmax", z), b.constant(1e-7f), b.constant(1 - 1e-7f));
            default -> throw new IllegalArgumentException(ending);
        };
        Model model = open(output);
        assertThat(model.head().kind()).isEqualTo(HeadKind.CLASSES);
        assertThat(model.head().link()).isEqualTo(Link.SOFTMAX);
        float[] z0 = logits();
        try (Said said = new Said(model)) {
            assertThat(said.scores()).containsExactly(z0, within(1e-5f));
            assertThat(said.shown()).containsExactly(softmax(z0), within(1e-5));
            scalesAgree(said);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"sigmoid", "composed", "reciprocal"})
    void independentClasses(String ending) {
        Value z = dense(CLASSES);
        Value below = b.node("Add", b.constant(1f), b.node("Exp", b.node("Neg", z)));
        Model model = open(
                switch (ending) {
                    case "sigmoid" -> b.node("Sigmoid", z);
                    case "composed" -> b.node("Div", b.constant(1f), below);
                    default -> b.node("Reciprocal", below);
                });
        assertThat(model.head().link()).isEqualTo(Link.SIGMOID);
        float[] z0 = logits();
        try (Said said = new Said(model)) {
            assertThat(said.scores()).containsExactly(z0, within(1e-5f));
            for (int i = 0; i < CLASSES; i++) {
                assertThat(said.shown()[i]).isCloseTo(1 / (1 + Math.exp(-z0[i])), within(1e-6));
            }
            scalesAgree(said);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"mean", "mapped", "normalized", "shares", "scaled", "hard"})
    void probabilitiesThatNoLastSoftmaxMakesAreUsedAsTheyAre(String ending) {
        Value first = b.node("Softmax", dense(CLASSES));
        Value second = b.node("Sigmoid", dense(CLASSES));
        Value output = switch (ending) {
            case "mean" -> b.node("Mul", b.node("Add", first, second), b.constant(0.5f));
            case "mapped" ->
                b.node(
                        "MatMul",
                        first,
                        b.constant("groups", Tensor.floats(new float[] {1, 0, 1, 0, 0, 1, 0, 1}, CLASSES, 2)));
            case "normalized" ->
                b.node("Div", second, b.node("Add", b.node("ReduceSum", second, b.vector(1)), b.constant(1e-6f)));
            case "shares" -> {
                Value positive = b.node("Relu", b.node("Add", dense(CLASSES), b.constant(100f)));
                yield b.node("Div", positive, b.node("ReduceSum", positive, b.vector(1)));
            }
            case "scaled" -> b.node("Mul", first, b.constant(0.9f));
            default -> b.node("HardSigmoid", dense(CLASSES));
        };
        Model model = open(output);
        assertThat(model.head().link()).isEqualTo(Link.GIVEN);
        try (Said said = new Said(model)) {
            float[] scores = said.scores();
            for (int i = 0; i < scores.length; i++) {
                assertThat(said.shown()[i]).isEqualTo(scores[i]).isBetween(0.0, 1.0);
            }
            scalesAgree(said);
        }
    }

    /** Attention inside, or a softmax over another axis, is no ending. */
    @Test
    void aGateBeforeTheLastLayerIsNoEnding() {
        Value gated = b.node("Mul", dense(CLASSES), b.node("Sigmoid", dense(CLASSES)));
        assertThat(open(gated).head().link()).isEqualTo(Link.SOFTMAX);
    }

    @ParameterizedTest
    @EnumSource(Scale.class)
    void oneSigmoidTellsNoFromYes(Scale scale) {
        Model model = open(b.node("Sigmoid", dense(1)));
        assertThat(model.head().isBinary()).isTrue();
        assertThat(model.labels().names()).containsExactly("no", "yes");
        float z = logits()[0];
        double p = 1 / (1 + Math.exp(-z));
        try (Said said = new Said(model)) {
            assertThat(said.shown()).containsExactly(new double[] {1 - p, p}, within(1e-6));
            double[] expected = switch (scale) {
                case LOGIT -> new double[] {-z, z};
                case PROBABILITY -> new double[] {1 - p, p};
                case LOG_PROBABILITY -> new double[] {Math.log(1 - p), Math.log(p)};
                case LOSS -> new double[] {-Math.log(1 - p), -Math.log(p)};
            };
            assertThat(said.score(scale, 0)).isCloseTo(expected[0], within(1e-5));
            assertThat(said.score(scale, 1)).isCloseTo(expected[1], within(1e-5));
        }
    }

    @ParameterizedTest
    @CsvSource({"cat, not cat|cat", "dog;cat, dog|cat"})
    void labelsOfOneOutput(String labels, String expected) {
        b.outputAs(dense(1), b.fresh("out"));
        Model model =
                load(b.build(), card -> card.withActivation(Activation.SIGMOID), Labels.of(List.of(labels.split(";"))));
        assertThat(model.labels().names()).containsExactly(expected.split("\\|"));
        assertThat(model.display(1)).isEqualTo("cat");
    }

    @Test
    void labelsThatDoNotFitAreRefused() {
        b.outputAs(b.node("Sigmoid", dense(1)), b.fresh("out"));
        assertThatThrownBy(() -> load(b.build(), card -> card, Labels.of(List.of("a", "b", "c"))))
                .isInstanceOf(VitrineException.class)
                .hasMessageContaining("has 2 classes, but there are 3 labels")
                .hasMessageContaining("two, for no and yes, or one, for yes");
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 3})
    void plainNumbersHaveNoProbability(long count) {
        Model model =
                open(count == 1 ? card -> card : card -> card.withActivation(Activation.NONE), dense((int) count));
        assertThat(model.head().kind()).isEqualTo(HeadKind.NUMBERS);
        try (Said said = new Said(model)) {
            assertThat(said.shown()[0]).isEqualTo(said.scores()[0]);
            assertThat(said.score(Scale.LOGIT, 0)).isCloseTo(said.scores()[0], within(1e-5));
            assertThatThrownBy(() -> said.score(Scale.PROBABILITY, 0))
                    .isInstanceOf(VitrineException.class)
                    .hasMessageContaining("no probability or loss");
        }
    }

    /** A batch of single numbers without an axis of their own. */
    @Test
    void aLoneBatchAxisIsOneNumberEach() {
        Model model = open(b.node("Sigmoid", b.node("Squeeze", dense(1), b.vector(1))));
        assertThat(model.head().isBinary()).isTrue();
        try (Said said = new Said(model)) {
            assertThat(said.shown()[0] + said.shown()[1]).isCloseTo(1, within(1e-9));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"lp", "l2", "composed", "said"})
    void embeddings(String ending) {
        Value e = dense(CLASSES);
        Value length = b.node("ReduceL2", NONE.with("keepdims", 1), e, b.vector(1));
        Value square = b.node("ReduceSum", b.node("Mul", e, e), b.vector(1));
        Value output = switch (ending) {
            case "lp" -> b.node("LpNormalization", NONE.with("axis", 1).with("p", 2), e);
            case "l2" -> b.node("Div", e, b.node("Clip", length, b.constant(1e-12f)));
            case "composed" -> b.node("Div", e, b.node("Sqrt", b.node("Add", square, b.constant(1e-9f))));
            default -> e;
        };
        Model model = open(ending.equals("said") ? card -> card.withKind(HeadKind.EMBEDDING) : card -> card, output);
        assertThat(model.head().kind()).isEqualTo(HeadKind.EMBEDDING);
        assertThat(model.head().hasProbabilities()).isFalse();
    }

    @Test
    void outputsAreChosenByNameAndNumber() {
        Value label = b.node("ArgMax", NONE.with("axis", 1), dense(CLASSES));
        b.declare(label, new TensorType(ElementType.INT64, List.of(Dimension.named("batch"), Dimension.of(1))));
        Value boxes = b.node("Sigmoid", dense(2));
        for (String wanted : List.of("", "scores", "0", "SCORES", "score", "boxes", "1")) {
            GraphBuilder all = new GraphBuilder(b.build()).clearOutputs();
            all.outputAs(label, new Value("label"));
            all.outputAs(new Value("Gemm"), new Value("scores"));
            all.outputAs(boxes, new Value("two"));
            boolean refused = List.of("0", "boxes").contains(wanted);
            if (refused) {
                assertThatThrownBy(() -> load(all.build(), card -> card.withName(wanted), Labels.NONE))
                        .isInstanceOfSatisfying(
                                VitrineException.class,
                                error -> assertThat(error.kind()).isEqualTo(VitrineException.Kind.USAGE))
                        .hasMessageContaining("'two'");
                continue;
            }
            Model model = load(all.build(), card -> wanted.isEmpty() ? card : card.withName(wanted), Labels.NONE);
            assertThat(model.head().output()).isEqualTo("scores");
            assertThat(model.head().notes().stream().anyMatch(note -> note.contains("several outputs")))
                    .isEqualTo(wanted.isEmpty());
        }
    }

    private Value scoreMaps(int classes) {
        return b.node("Conv", maps, b.constant("scores", Nets.normal(4, classes, 6, 1, 1)));
    }

    private static double[] summed(float[] map, int classes, BitSet places) {
        int count = map.length / classes;
        double[] sums = new double[classes];
        for (int i = 0; i < map.length; i++) {
            sums[i / count] += places.get(i % count) ? map[i] : 0;
        }
        return sums;
    }

    /** Sums over regions against the map itself, read as plain numbers. */
    @ParameterizedTest
    @ValueSource(strings = {"all", "box", "place", "mask", "predicted", "best"})
    void mapsAreReadOverRegions(String name) {
        Value scores = scoreMaps(CLASSES);
        b.outputAs(scores, b.fresh("out"));
        Graph graph = b.build();
        float[] map;
        try (Said flat = new Said(load(graph, card -> card.withKind(HeadKind.NUMBERS), Labels.NONE))) {
            map = flat.scores();
        }
        int side = SIDE - 2;
        int count = side * side;
        BitSet places = new BitSet();
        Region region = switch (name) {
            case "all" -> {
                places.set(0, count);
                yield new Region.Usual();
            }
            case "box" -> {
                // Of six places on eight pixels the centers lie at 0.67, 2, 3.33, 4.67, 6 and 7.33.
                places.set(side + 1);
                places.set(side + 2);
                yield new Region.Box(1, 1, 3, 3);
            }
            case "place" -> {
                places.set(5 * side);
                yield new Region.Place(0, 7);
            }
            case "mask" -> {
                places.set(3);
                places.set(20);
                yield new Region.Mask("m.png", side, side, places);
            }
            case "predicted" -> new Region.Predicted();
            default -> new Region.Best();
        };
        if (name.equals("box")) {
            places.clear();
            for (int at = 0; at < count; at++) {
                double x = (at % side + 0.5) * SIDE / side;
                double y = (at / side + 0.5) * SIDE / side;
                places.set(at, x >= 1 && x < 4 && y >= 1 && y < 4);
            }
        }
        double[] expected = new double[CLASSES];
        if (name.equals("best") || name.equals("predicted")) {
            Arrays.fill(expected, name.equals("best") ? Double.NEGATIVE_INFINITY : 0);
            for (int at = 0; at < count; at++) {
                int winner = 0;
                for (int c = 0; c < CLASSES; c++) {
                    expected[c] = name.equals("best") ? Math.max(expected[c], map[c * count + at]) : expected[c];
                    winner = map[c * count + at] > map[winner * count + at] ? c : winner;
                }
                expected[winner] += name.equals("predicted") ? map[winner * count + at] : 0;
            }
        } else {
            expected = summed(map, CLASSES, places);
        }
        Model model = load(graph, card -> card.withRegion(region), Labels.NONE);
        assertThat(model.head().kind()).isEqualTo(HeadKind.MAP);
        assertThat(model.classes()).isEqualTo(CLASSES);
        try (Said said = new Said(model)) {
            float[] found = said.scores();
            for (int c = 0; c < CLASSES; c++) {
                assertThat((double) found[c]).isCloseTo(expected[c], within(1e-3));
            }
            Tensor heat = said.session
                    .explainer(
                            new ClassActivationMap(ClassActivationMap.Variant.GRAD, Optional.empty()),
                            ClassScore.of(Scale.LOGIT))
                    .explain(said.image, ModelSession.targets(1), Progress.NONE)
                    .attribution();
            assertThat(heat.shape()).containsExactly(1, 1, side, side);
        }
    }

    @Test
    void theProbabilityOfAMapIsItsMean() {
        Model logits = open(scoreMaps(CLASSES));
        try (Said said = new Said(logits)) {
            double total = 0;
            for (int c = 0; c < CLASSES; c++) {
                total += said.score(Scale.PROBABILITY, c);
            }
            assertThat(total).isCloseTo(1, within(1e-5));
        }
    }

    @Test
    void aMapEndsWhereItsLogitsAre() {
        Value z = scoreMaps(CLASSES);
        Value turned = b.node("Transpose", NONE.with("perm", 0, 2, 3, 1), z);
        Model model = open(b.node("Softmax", NONE.with("axis", 3), turned));
        assertThat(model.classes()).isEqualTo(CLASSES);
        GraphBuilder plain = new GraphBuilder(b.build()).clearOutputs();
        plain.outputAs(z, new Value("plain"));
        float[] expected;
        try (Said said = new Said(load(plain.build(), card -> card, Labels.NONE))) {
            expected = said.scores();
        }
        try (Said said = new Said(model)) {
            assertThat(said.scores()).containsExactly(expected, within(1e-3f));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "multilabel-sigmoid, 99.7;88.3;6.6;1.1",
        "binary-sigmoid, 19.8;80.2",
        "softmax-clip, 10.7;25.3;22.4;26.9;14.7",
        "fcn-max-sigmoid, 65.8;47.2;69.8;71.0;60.0",
        "argmax-first, 10.7;25.3;22.4;26.9;14.7",
        "multihead, 53.7;46.3"
    })
    void theTrials(String name, String percents) {
        Model model = new ModelLoader(Nets.RUNNER).load(Nets.existing(Path.of("data/trials", name + ".onnx")));
        Tensor image = model.preprocessing().apply(PictureReader.read(Nets.existing(Path.of("data/trials/spot.png"))));
        try (ModelSession session = new ModelSession(model, Nets.RUNNER)) {
            double[] shown = Probabilities.shown(session.logits(image), model);
            double[] expected = Arrays.stream(percents.split(";"))
                    .mapToDouble(Double::parseDouble)
                    .toArray();
            assertThat(Arrays.stream(shown).map(p -> 100 * p).toArray()).containsExactly(expected, within(0.051));
        }
    }

    @Test
    void theTrialOfARegression() {
        Model model = new ModelLoader(Nets.RUNNER).load(Nets.existing(Path.of("data/trials/regression.onnx")));
        Tensor image = model.preprocessing().apply(PictureReader.read(Nets.existing(Path.of("data/trials/spot.png"))));
        try (ModelSession session = new ModelSession(model, Nets.RUNNER)) {
            assertThat(Probabilities.shown(session.logits(image), model)[0]).isCloseTo(43.9, within(0.05));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "NUMBERS, SOFTMAX, with activation softmax",
        "EMBEDDING, SIGMOID, with activation sigmoid",
        "CLASSES, NONE, read as 4 numbers",
        "MAP, SOFTMAX, more than one position",
        "DETECTOR, SIGMOID, boxes and scores"
    })
    void whatIsSaidMustHold(HeadKind kind, Activation activation, String said) {
        Value output = dense(CLASSES);
        assertThatThrownBy(() -> open(card -> card.withKind(kind).withActivation(activation), output))
                .isInstanceOf(VitrineException.class)
                .hasMessageContaining(said);
    }

    @ParameterizedTest
    @CsvSource({"data/trials/segmentation, MAP, 4", "data/trials/detection, DETECTOR, 4"})
    void theHeadsOfOwnFiles(String file, HeadKind kind, long classes) {
        theHeadIs(file, kind, classes);
    }

    @NeedsShared
    @ParameterizedTest
    @CsvSource({
        "models/zoo/fastestdet, DETECTOR, 80",
        "models/zoo/ultraface-rfb-320, DETECTOR, 2",
        "models/zoo/blazeface-front-128, DETECTOR, 1",
        "models/zoo/light_densenet121, CLASSES, 1000"
    })
    void theHeadsOfFiles(String file, HeadKind kind, long classes) {
        theHeadIs(file, kind, classes);
    }

    private static void theHeadIs(String file, HeadKind kind, long classes) {
        Model model = new ModelLoader(Nets.RUNNER).load(Nets.existing(Path.of(file + ".onnx")));
        assertThat(model.head().kind()).isEqualTo(kind);
        assertThat(model.classes()).isEqualTo(classes);
    }
}
