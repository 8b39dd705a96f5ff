package dev.vitrine.study.probe;

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
import dev.vitrine.engine.tensor.ElementType;
import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.attribution.Nets;
import dev.vitrine.lens.data.Npy;
import dev.vitrine.lens.data.PictureSource;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.model.ModelLoader;
import dev.vitrine.lens.session.ModelSession;
import dev.vitrine.study.Outcome;
import dev.vitrine.study.Parts;
import dev.vitrine.study.StudyContext;
import dev.vitrine.study.Watcher;
import dev.vitrine.study.picture.LabeledPictures;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Probes of a network that sees colors in its first layer and throws them away in its second. */
class ProbeTest {
    private static final int SIDE = 8;

    private static final ProbePlan PLAN = new ProbePlan(List.of(1), List.of(), 0.3, 50, 1);

    @TempDir
    private Path folder;

    private Model model;

    @BeforeEach
    void model() throws IOException {
        Path file = folder.resolve("colors.onnx");
        OnnxWriter.write(network(), file);
        Files.writeString(
                folder.resolve("colors.yaml"), "name: colors\ninput: {size: 8, fit: squash, range: [0, 1]}\n");
        model = new ModelLoader(Nets.RUNNER).load(file);
    }

    /** relu of each color, then their mean as one map, then two class scores. */
    private static Graph network() {
        GraphBuilder builder = new GraphBuilder();
        Value image = builder.input(
                "image",
                new TensorType(
                        ElementType.FLOAT32,
                        List.of(Dimension.named("N"), Dimension.of(3), Dimension.of(SIDE), Dimension.of(SIDE))));
        Value colors = builder.node("Relu", image);
        Value gray = builder.node(
                "LeakyRelu",
                builder.node(
                        "Conv", colors, builder.constant("mix", Tensor.floats(new float[] {1, 1, 1}, 1, 3, 1, 1))));
        Value mean = builder.node("Flatten", Attributes.NONE.with("axis", 1L), builder.node("GlobalAveragePool", gray));
        return builder.output(builder.node(
                        "MatMul", mean, builder.constant("head", Tensor.floats(new float[] {1, -1}, 1, 2))))
                .build();
    }

    private enum Labels {
        TRUE,
        SHUFFLED
    }

    /** Red and blue noise of equal brightness, in the folder of their color or of either. */
    private Path pictures(int each, Labels labels) throws IOException {
        Path root = folder.resolve("pictures " + labels);
        Random random = new Random(7);
        for (int index = 0; index < 2 * each; index++) {
            boolean red = index % 2 == 0;
            boolean first = labels == Labels.TRUE ? red : index / 2 % 2 == 0;
            BufferedImage image = new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_INT_RGB);
            for (int pixel = 0; pixel < SIDE * SIDE; pixel++) {
                int value = 100 + random.nextInt(100);
                image.setRGB(pixel % SIDE, pixel / SIDE, new Color(red ? value : 0, 0, red ? 0 : value).getRGB());
            }
            Path file = root.resolve(first ? "one" : "two").resolve(String.format("%03d.png", index));
            Files.createDirectories(file.getParent());
            ImageIO.write(image, "png", file.toFile());
        }
        return root;
    }

    private Outcome<ProbeAnswer> probed(Path root, ProbePlan plan, List<String> layers, Watcher watcher) {
        try (PictureSource source = PictureSource.open(root);
                ModelSession session = new ModelSession(model, Nets.RUNNER)) {
            LabeledPictures pictures = LabeledPictures.of(root, source, List.of());
            return new ProbeStudy(model, pictures, plan, layers, folder.resolve("features"))
                    .run(StudyContext.of(session, watcher, Parts.none()));
        }
    }

    private List<LayerResult> run(Path root, ProbePlan plan, List<String> layers) {
        return probed(root, plan, layers, Watcher.NONE).result().layers();
    }

    /** Writes down how far the pictures are, and stops behind one of them. */
    private static final class Stopping implements Watcher {
        private final List<String> told = new ArrayList<>();
        private final List<Long> done = new ArrayList<>();
        private final long last;
        private boolean pictures;

        Stopping(long last) {
            this.last = last;
        }

        @Override
        public void begin(String work, double share) {
            pictures = work.startsWith("features");
        }

        @Override
        public void report(long now, long total) {
            if (pictures) {
                done.add(now);
            }
        }

        @Override
        public void note(String sentence) {
            told.add(sentence);
        }

        @Override
        public void leftOut(String problem) {
            told.add(problem);
        }

        @Override
        public void check() {
            if (pictures && !done.isEmpty() && done.get(done.size() - 1) > last) {
                throw new CancellationException("stopped");
            }
        }
    }

    @Test
    void colorsAreToldWhereTheNetworkHasThemAndNotWhereItThrewThemAway() throws IOException {
        List<LayerResult> results = run(pictures(60, Labels.TRUE), PLAN, List.of());
        assertThat(results).extracting(LayerResult::layer).startsWith("image", "Relu", "LeakyRelu");
        for (LayerResult seeing : results.subList(0, 2)) {
            assertThat(seeing.full().linear().meanPerClass()).isEqualTo(1);
            assertThat(seeing.full().neighbors().meanPerClass()).isEqualTo(1);
            assertThat(seeing.full().linear().interval().low()).isBetween(0.85, 0.99);
            assertThat(seeing.full().linear().confusions(5)).isEmpty();
        }
        assertThat(results.get(2).size()).isEqualTo(1);
        for (LayerResult blind : results.subList(2, results.size())) {
            assertThat(blind.full().linear().interval().low()).isLessThan(0.5);
            assertThat(blind.full().linear().interval().high()).isGreaterThan(0.5);
        }
    }

    @Test
    void labelsThatMeanNothingStayAtChance() throws IOException {
        for (LayerResult result : run(pictures(60, Labels.SHUFFLED), PLAN, List.of())) {
            assertThat(result.full().linear().interval().low()).isLessThan(0.5);
            assertThat(result.full().neighbors().interval().low()).isLessThan(0.5);
        }
    }

    @Test
    void featuresAreTheMeansOverTheCellsOfAGrid() throws IOException {
        Path root = pictures(2, Labels.TRUE);
        run(root, new ProbePlan(List.of(1, 3), List.of(), 0.3, 50, 1), List.of("image"));
        Tensor whole = read("image", "1x1");
        Tensor cells = read("image", "3x3");
        assertThat(whole.shape()).containsExactly(4, 3);
        assertThat(cells.shape()).containsExactly(4, 27);
        Tensor input;
        try (PictureSource source = PictureSource.open(root)) {
            input = model.preprocessing().apply(source.read(0));
        }
        // The middle cell of 3 over 8 places: two thirds of place 2, places 3 and 4, two thirds of 5 are 8/3 wide in
        // all.
        double[] share = {0, 0, 1 / 3.0, 1, 1, 1 / 3.0, 0, 0};
        double expected = 0;
        for (int y = 0; y < SIDE; y++) {
            for (int x = 0; x < SIDE; x++) {
                expected += share[y] * share[x] * input.floats().get(y * SIDE + x) / (8 / 3.0) / (8 / 3.0);
            }
        }
        assertThat((double) cells.floats().get(4)).isCloseTo(expected, within(1e-5));
        double mean = IntStream.range(0, 9)
                .mapToDouble(cell -> cells.floats().get(cell))
                .average()
                .orElseThrow();
        assertThat((double) whole.floats().get(0)).isCloseTo(mean, within(1e-5));
    }

    private Tensor read(String layer, String grid) throws IOException {
        try (var files = Files.list(folder.resolve("features"))) {
            return Npy.read(files.filter(file -> file.getFileName().toString().startsWith(layer + "-")
                            && file.getFileName().toString().endsWith(grid + ".npy"))
                    .findFirst()
                    .orElseThrow());
        }
    }

    @Test
    void aStopLosesNothingAndASecondRunComputesNothing() throws IOException {
        Path root = pictures(80, Labels.TRUE);
        List<LayerResult> whole = run(root, PLAN, List.of());
        byte[] features = Npy.bytes(read("image", "1x1"));
        try (var files = Files.list(folder.resolve("features"))) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Stopping first = new Stopping(100);
        assertThatThrownBy(() -> probed(root, PLAN, List.of(), first)).isInstanceOf(CancellationException.class);
        Stopping second = new Stopping(160);
        probed(root, PLAN, List.of(), second);
        long kept = first.done.get(first.done.size() - 1);
        assertThat(second.told).singleElement().asString().contains("features of " + kept + " of 160 pictures");
        assertThat(second.done).last().isEqualTo(160 - kept);
        Stopping third = new Stopping(160);
        probed(root, PLAN, List.of(), third);
        assertThat(third.done).isEmpty();
        assertThat(Npy.bytes(read("image", "1x1"))).isEqualTo(features);
        assertThat(run(root, PLAN, List.of())).usingRecursiveComparison().isEqualTo(whole);
    }

    @Test
    void fewerShotsAreABeginningOfMoreAndTheReportIsTheSameEachTime() throws IOException {
        Path root = pictures(30, Labels.TRUE);
        ProbePlan plan = new ProbePlan(List.of(1), List.of(5, 1), 0.3, 50, 3);
        List<LayerResult> results = run(root, plan, List.of("Relu"));
        assertThat(results).hasSize(1);
        assertThat(results.get(0).trials())
                .extracting(LayerResult.Trial::trained)
                .containsExactly(2, 10);
        assertThat(results.get(0).full().linear().pictures()).isEqualTo(50);
        ProbeReport report = new ProbeReport(
                "colors",
                "pictures",
                List.of("one", "two"),
                results,
                Map.of("relu", "relu1"),
                List.of(),
                Optional.empty(),
                Map.of());
        ProbeReport again = new ProbeReport(
                "colors",
                "pictures",
                List.of("one", "two"),
                run(root, plan, List.of("Relu")),
                Map.of("relu", "relu1"),
                List.of(),
                Optional.empty(),
                Map.of());
        assertThat(again.html()).isEqualTo(report.html());
        assertThat(again.json()).isEqualTo(report.json());
    }

    @Test
    void aClassOfOnePictureIsNamed() throws IOException {
        Path root = pictures(3, Labels.TRUE);
        Files.createDirectories(root.resolve("three"));
        Files.copy(root.resolve("one").resolve("000.png"), root.resolve("three").resolve("a.png"));
        assertThatThrownBy(() -> run(root, PLAN, List.of("Relu")))
                .isInstanceOf(VitrineException.class)
                .hasMessageContaining("Class 'three' has 1 picture")
                .hasMessageContaining("exclude the class");
    }

    @Test
    void anUnreadablePictureIsLeftOutAndNamed() throws IOException {
        Path root = pictures(10, Labels.TRUE);
        Files.writeString(root.resolve("one").resolve("broken.png"), "no picture");
        Stopping watcher = new Stopping(100);
        Outcome<ProbeAnswer> outcome = probed(root, PLAN, List.of("Relu"), watcher);
        assertThat(watcher.told).singleElement().asString().contains("broken.png");
        assertThat(outcome.unreadable()).isEqualTo(watcher.told);
        ProbeAnswer answer = outcome.result();
        assertThat(answer.taught() + answer.tested()).isEqualTo(20);
        assertThat(answer.layers().get(0).full().linear().meanPerClass()).isEqualTo(1);
        Stopping again = new Stopping(100);
        assertThat(probed(root, PLAN, List.of("Relu"), again).unreadable()).isEqualTo(outcome.unreadable());
        assertThat(again.told).contains(watcher.told.get(0));
    }
}
