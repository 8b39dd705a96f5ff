package dev.vitrine.study.ablation;

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
import dev.vitrine.lens.data.PictureSource;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.model.ModelLoader;
import dev.vitrine.lens.session.ModelSession;
import dev.vitrine.lens.training.RecipeReader;
import dev.vitrine.study.StudyContext;
import dev.vitrine.study.Watcher;
import dev.vitrine.study.ablation.ChannelAblation.Importance;
import dev.vitrine.study.ablation.ChannelAblation.Order;
import dev.vitrine.study.ablation.Removal.How;
import dev.vitrine.study.picture.KnownPictures;
import dev.vitrine.study.picture.LabeledPictures;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Ablation of a network whose every part has a known worth: a layer that separates colors, a residual branch of zeros,
 * a layer that copies, and a head.
 */
class AblationTest {
    private static final int SIDE = 4;

    @TempDir
    private Path folder;

    private Model model;
    private Path pictures;

    @BeforeEach
    void files() throws IOException {
        Path file = folder.resolve("known.onnx");
        OnnxWriter.write(network(), file);
        Files.writeString(
                folder.resolve("known.yaml"),
                "name: known\ninput: {size: 4, fit: squash, range: [0, 1]}\nlabels: [red, green]\n");
        model = new ModelLoader(Nets.RUNNER).load(file);
        pictures = folder.resolve("pictures");
        Random random = new Random(5);
        for (int index = 0; index < 40; index++) {
            boolean red = index % 2 == 0;
            BufferedImage image = new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_INT_RGB);
            for (int pixel = 0; pixel < SIDE * SIDE; pixel++) {
                int value = 120 + random.nextInt(100);
                image.setRGB(pixel % SIDE, pixel / SIDE, new Color(red ? value : 0, red ? 0 : value, 0).getRGB());
            }
            Path picture = pictures.resolve(red ? "red" : "green").resolve(index + ".png");
            Files.createDirectories(picture.getParent());
            ImageIO.write(image, "png", picture.toFile());
        }
    }

    /** Four channels: red, green, nothing, and brightness, which the head does not read. */
    private static Graph network() {
        GraphBuilder builder = new GraphBuilder();
        Value image = builder.input(
                "image",
                new TensorType(
                        ElementType.FLOAT32,
                        List.of(Dimension.named("N"), Dimension.of(3), Dimension.of(SIDE), Dimension.of(SIDE))));
        float[] separate = {1, 0, 0, 0, 1, 0, 0, 0, 0, 1, 1, 1};
        Value split = builder.node(
                "Relu", builder.node("Conv", image, builder.constant("separate", Tensor.floats(separate, 4, 3, 1, 1))));
        Value idle = builder.node("Conv", split, builder.constant("zeros", Tensor.floats(new float[16], 4, 4, 1, 1)));
        Value sum = builder.node("Add", split, idle);
        float[] copy = {1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1};
        Value copied = builder.node(
                "Relu", builder.node("Conv", sum, builder.constant("copy", Tensor.floats(copy, 4, 4, 1, 1))));
        Value means =
                builder.node("Flatten", Attributes.NONE.with("axis", 1L), builder.node("GlobalAveragePool", copied));
        float[] head = {5, 0, 0, 5, 0, 0, 0, 0};
        return builder.output(builder.node("MatMul", means, builder.constant("head", Tensor.floats(head, 4, 2))))
                .build();
    }

    /** Something asked of the pictures. */
    private interface Question<T> {
        T ask(ModelSession session, KnownPictures known);
    }

    private <T> T asked(Question<T> question) {
        try (PictureSource source = PictureSource.open(pictures);
                ModelSession session = new ModelSession(model, Nets.RUNNER)) {
            LabeledPictures all = LabeledPictures.of(pictures, source, List.of());
            return question.ask(session, KnownPictures.of(all, model));
        }
    }

    private List<LayerAblation.Result> layers(List<String> names) {
        return asked((session, known) -> {
            return layers(session, known, names);
        });
    }

    private static List<LayerAblation.Result> layers(ModelSession session, KnownPictures known, List<String> names) {
        return new LayerAblation(session.model(), known, Fill.MEAN, names, Optional.empty())
                .run(StudyContext.of(session))
                .result()
                .layers();
    }

    private ChannelAblation.Result channels(Importance importance, Fill fill) {
        AblationSettings settings = new AblationSettings(fill, importance);
        return asked((session, known) -> new ChannelAblation(model, known, settings, Optional.of(1), List.of("Relu"))
                .run(StudyContext.of(session))
                .result()
                .channels()
                .get(0));
    }

    @Test
    void whatIsIdleChangesNothingAndWhatSeparatesDecides() {
        List<LayerAblation.Result> results = layers(List.of());
        assertThat(results)
                .extracting(result ->
                        result.removal().layer() + " " + result.removal().how())
                .containsExactly("Relu HELD", "Conv_1 BYPASSED", "Add BYPASSED", "Relu_1 BYPASSED");
        for (LayerAblation.Result result : results) {
            assertThat(result.whole().topOneError()).isZero();
            assertThat(result.whole().pictures()).isEqualTo(40);
        }
        Outcome first = results.get(0).outcome();
        assertThat(first.topOneError()).isEqualTo(0.5);
        assertThat(first.rise()).isEqualTo(0.5);
        assertThat(first.isWorse()).isTrue();
        assertThat(results.get(1).outcome().loss())
                .isLessThan(results.get(1).whole().loss());
        for (LayerAblation.Result idle : results.subList(2, 4)) {
            assertThat(idle.outcome().loss()).isCloseTo(idle.whole().loss(), within(1e-6));
            assertThat(idle.outcome().rise()).isZero();
            assertThat(idle.outcome().isWorse()).isFalse();
        }
        assertThat(results.get(2).removal().taken()).containsExactly("Conv_1");
        assertThat(results.get(2).removal().parameters()).isEqualTo(16);
    }

    @Test
    void channelsThatNothingReadsCanGoAndTheTwoColorsCannot() {
        for (Importance importance : Importance.values()) {
            ChannelAblation.Result result = channels(importance, Fill.MEAN);
            assertThat(result.ranking().subList(0, 2)).containsExactlyInAnyOrder(0, 1);
            assertThat(result.importance().get(2)).isCloseTo(0, within(1e-6));
            assertThat(result.importance().get(3)).isCloseTo(0, within(1e-6));
            assertThat(result.importance().get(0)).isGreaterThan(0.02);
            assertThat(result.curves().get(Order.WEAKEST_FIRST))
                    .extracting(ChannelAblation.Step::held)
                    .containsExactly(0, 1, 2, 3, 4);
            assertThat(result.dispensable(0.01)).isGreaterThanOrEqualTo(2);
            List<ChannelAblation.Step> strongest = result.curves().get(Order.STRONGEST_FIRST);
            assertThat(strongest.get(0).outcome().rise()).isZero();
            assertThat(strongest.get(2).outcome().topOneError()).isEqualTo(0.5);
        }
    }

    /** The rise of the loss with one color held, computed here on its own. */
    @Test
    void theExactImportanceIsTheRiseOfTheLoss() {
        ChannelAblation.Result result = channels(Importance.EXACT, Fill.ZERO);
        double rise = asked((session, known) -> {
            double sum = 0;
            for (LabeledPictures.Item item : known.pictures().items()) {
                Tensor logits = session.logits(
                        model.preprocessing().apply(known.pictures().read(item)));
                double red = logits.floats().get(0);
                double green = logits.floats().get(1);
                double right = known.pictures().classes().get(item.label()).equals("red") ? red : green;
                double without = known.pictures().classes().get(item.label()).equals("red") ? 0 : green;
                sum += Math.log(Math.exp(0) + Math.exp(green)) - without;
                sum -= Math.log(Math.exp(red) + Math.exp(green)) - right;
            }
            return sum / known.pictures().size();
        });
        assertThat(result.importance().get(0)).isCloseTo(rise, within(1e-6));
    }

    /** What is kept of the way before a change must give what the whole changed network gives. */
    @NeedsShared
    @Test
    void tailsAgreeWithWholeNetworks() {
        Model residual = Nets.shared("cifar10-resnet20");
        List<Removal> removals = Removals.all(residual);
        assertThat(removals).hasSize(28);
        assertThat(removals).extracting(Removal::how).contains(How.BYPASSED, How.BRANCH_CUT, How.HELD);
        Path data = Nets.existing(Path.of("data", "cifar10-test.zip"));
        try (PictureSource source = PictureSource.open(data);
                ModelSession session = new ModelSession(residual, Nets.RUNNER)) {
            KnownPictures known =
                    KnownPictures.of(LabeledPictures.of(data, source, List.of()).atMost(1, 3), residual);
            for (Removal removal : List.of(removals.get(3), removals.get(12), removals.get(20))) {
                if (removal.how() == How.HELD) {
                    continue;
                }
                Graph changed = removal.apply(residual.graph().withOutputs(List.of(residual.logits())));
                List<LayerAblation.Result> results = layers(session, known, List.of(removal.layer()));
                Tally tally = Tally.NONE;
                Tally whole = Tally.NONE;
                try (var executable = Nets.RUNNER.load(changed)) {
                    for (int place = 0; place < known.pictures().size(); place++) {
                        Tensor image = residual.preprocessing()
                                .apply(known.pictures()
                                        .read(known.pictures().items().get(place)));
                        Tensor logits =
                                executable.run(Map.of(residual.input(), image)).get(residual.logits());
                        tally = tally.and(Tally.of(logits, known.target(place), residual));
                        whole = whole.and(Tally.of(session.logits(image), known.target(place), residual));
                    }
                }
                Outcome found = results.stream()
                        .filter(result -> result.removal().equals(removal))
                        .findFirst()
                        .orElseThrow()
                        .outcome();
                assertThat(found.loss()).isCloseTo(tally.against(whole).loss(), within(1e-4));
                assertThat(found.topOneError()).isEqualTo(tally.against(whole).topOneError());
            }
        }
    }

    @NeedsShared
    @Test
    void aSequentialNetworkLosesRunsOfLayersBetweenEqualShapes() {
        Model darknet = Nets.shared("tiny-darknet");
        List<Removal> removals = Removals.all(darknet);
        Removal run = removals.stream()
                .filter(removal ->
                        removal.layer().equals("/net/net.16/LeakyRelu_output_0") && removal.how() == How.BYPASSED)
                .findFirst()
                .orElseThrow();
        assertThat(run.source().orElseThrow().name()).isEqualTo("/net/net.10/LeakyRelu_output_0");
        assertThat(run.entry()).isEqualTo(run.source().orElseThrow());
        assertThat(run.taken()).containsExactly("/net/net.11/Conv", "/net/net.14/Conv");
        assertThat(removals)
                .noneMatch(removal ->
                        removal.layer().contains("net.49") || removal.layer().equals("logits"));
    }

    /** The whole network errs nowhere, and what is left without its idle parts need not either. */
    @Test
    void whatIsLeftLearnsOnAndATrainingThatIsDoneIsNotDoneAgain() throws IOException {
        Path file = folder.resolve("again.yaml");
        Files.writeString(
                file,
                "name: again\nstart: {model: known.onnx}\ndata: {pictures: pictures, classes: [red, green], held-out:"
                        + " 0.25}\n"
                        + "optimizer: {kind: sgd, rate: 0.01}\nbatch: 8\nepochs: 2\n");
        List<Removal> removals = Removals.all(model);
        Retraining.Results first = retrained(file, removals);
        assertThat(first.recipe()).startsWith("again, 2 epochs");
        assertThat(first.whole().error()).isZero();
        assertThat(first.without().keySet())
                .containsExactlyInAnyOrderElementsOf(removals.stream()
                        .filter(removal -> removal.how() != How.HELD)
                        .toList());
        assertThat(first.without().values()).allMatch(result -> result.error() == 0 && result.loss() < 1);
        byte[] log =
                Files.readAllBytes(folder.resolve("learned").resolve("whole").resolve("log.jsonl"));
        assertThat(retrained(file, removals)).isEqualTo(first);
        assertThat(folder.resolve("learned").resolve("whole").resolve("log.jsonl"))
                .hasBinaryContent(log);
    }

    private Retraining.Results retrained(Path recipe, List<Removal> removals) {
        try (ModelSession session = new ModelSession(model, Nets.RUNNER)) {
            return new Retraining(RecipeReader.read(recipe), folder.resolve("learned"))
                    .run(session, removals, Watcher.NONE);
        }
    }

    @Test
    void clearErrors() throws IOException {
        assertThatThrownBy(() -> layers(List.of("GlobalAveragePool")))
                .isInstanceOf(VitrineException.class)
                .hasMessageContaining("cannot be removed");
        assertThatThrownBy(() -> layers(List.of("nowhere")))
                .isInstanceOf(VitrineException.class)
                .hasMessageContaining("No layer 'nowhere'");
        Path other = folder.resolve("other");
        for (String name : List.of("airplane", "truck")) {
            Files.createDirectories(other.resolve(name));
            Files.copy(
                    pictures.resolve("red").resolve("0.png"),
                    other.resolve(name).resolve("0.png"));
        }
        try (PictureSource source = PictureSource.open(other)) {
            LabeledPictures all = LabeledPictures.of(other, source, List.of());
            assertThatThrownBy(() -> KnownPictures.of(all, model))
                    .isInstanceOf(VitrineException.class)
                    .hasMessageContaining("none of its 2 folders (airplane, truck")
                    .hasMessageContaining("2 classes of 'known'");
        }
    }

    @Test
    void ranksAndIntervals() {
        Tally whole = said(0, 2, 1).and(said(1, 2, 2));
        Tally changed = said(0, 1, 2).and(said(1, Float.NaN, 2));
        Outcome outcome = changed.against(whole);
        assertThat(outcome.topOneError()).isEqualTo(1);
        assertThat(whole.against(whole).topOneError()).isEqualTo(0.5);
        assertThat(outcome.rise()).isEqualTo(0.5);
        assertThat(outcome.margin()).isCloseTo(1.96 * Math.sqrt(0.25 / 2), within(1e-3));
    }

    private Tally said(int target, float... scores) {
        return Tally.of(Tensor.floats(scores, 1, 2), target, model);
    }
}
