package dev.vitrine.lens.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.runtime.OnnxRuntimeRunner;
import dev.vitrine.lens.attribution.Progress;
import dev.vitrine.lens.data.Picture;
import dev.vitrine.lens.data.PictureReader;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.model.ModelLoader;
import dev.vitrine.lens.store.Cadence;
import dev.vitrine.lens.training.data.PictureSamples;
import dev.vitrine.lens.training.data.Samples;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whole trainings on pictures of bars: lying, standing and leaning. */
class TrainerTest {
    private static final List<String> CLASSES = List.of("leaning", "lying", "standing");

    @TempDir
    private Path folder;

    private Path pictures;

    @BeforeEach
    void draw() throws IOException {
        pictures = folder.resolve("pictures");
        Random random = new Random(1);
        for (String name : CLASSES) {
            Files.createDirectories(pictures.resolve(name));
            for (int i = 0; i < 20; i++) {
                BufferedImage image = new BufferedImage(16, 16, BufferedImage.TYPE_INT_RGB);
                int at = 3 + random.nextInt(10);
                for (int k = 0; k < 16; k++) {
                    int lean = Math.floorMod(at + k, 16);
                    int x = name.equals("lying") ? k : name.equals("standing") ? at : lean;
                    int y = name.equals("lying") ? at : k;
                    image.setRGB(x, y, 0x404040 + random.nextInt(0x80) * 0x10101);
                }
                ImageIO.write(
                        image, "png", pictures.resolve(name).resolve(i + ".png").toFile());
            }
        }
    }

    private static final String RECIPE = """
            name: bars
            input: {size: 16, channels: gray, fit: squash, mean: [0.1], deviation: [0.2]}
            network:
              - conv: {name: conv1, filters: 16, size: 3, pad: 1}
              - batch-norm: {}
              - relu: {}
              - max-pool: {size: 2}
              - local-response: {size: 3}
              - dropout: {ratio: 0.1}
              - full: {name: full2, units: 24}
              - relu: {}
            data: {pictures: pictures, held-out: 0.2, stored: 18}
            augmentation: {area: 0.9, shift: 0.02}
            optimizer: {kind: sgd, rate: 0.05, weight-decay: 0.0001}
            schedule: {kind: onecycle}
            loss: {smoothing: 0.05, balance: 0.5, orders: balanced}
            batch: 8
            epochs: 8
            checkpoints: [0, 2, 8]
            """;

    private Recipe recipe(String text) {
        return RecipeReader.parse(folder.resolve("bars.yaml"), text);
    }

    /** Hears everything, and may stop the training after some steps. */
    private static final class Recorder implements Trainer.Listener {
        private final List<String> emptyClasses = new ArrayList<>();
        private final List<String> unreadable = new ArrayList<>();
        private final List<EpochRecord> epochs = new ArrayList<>();
        private int steps;
        private int stopAfter = Integer.MAX_VALUE;
        private int killAt;

        void check() {
            if (steps >= stopAfter) {
                throw new CancellationException("stopped");
            }
        }

        @Override
        public Progress reading() {
            return Progress.NONE;
        }

        @Override
        public void emptyClass(String name) {
            emptyClasses.add(name);
        }

        @Override
        public void unreadable(String reason) {
            unreadable.add(reason);
        }

        @Override
        public void begins(int classes, int train, int heldOut, long weights, int epochsDone) {}

        @Override
        public void step(int epoch, int step, int all, double loss, double accuracy) {
            steps++;
            if (steps == killAt) {
                throw new IllegalStateException("killed");
            }
        }

        @Override
        public void epoch(EpochRecord line) {
            epochs.add(line);
        }

        @Override
        public void report(TrainingReport report) {}
    }

    private TrainingReport train(String text, String out, Trainer.Start start, Recorder recorder) {
        return trainer(text, out, recorder, Cadence.usual()).train(start);
    }

    private Trainer trainer(String text, String out, Recorder recorder, Cadence cadence) {
        return new Trainer(
                recipe(text), folder.resolve(out), new OnnxRuntimeRunner(), recorder, recorder::check, cadence);
    }

    @Test
    void learnsASmallSetAndLeavesAModelThatOpens() throws IOException {
        Recorder recorder = new Recorder();
        TrainingReport report = train(RECIPE, "out", Trainer.Start.ANEW, recorder);

        assertThat(report.evaluation().accuracy()).isGreaterThan(0.9);
        assertThat(report.learned().orElseThrow().accuracy()).isGreaterThan(0.9);
        assertThat(report.learned().orElseThrow().pictures()).isEqualTo(48);
        assertThat(report.evaluation().confusion())
                .allSatisfy(row -> assertThat(Evaluation.sum(row)).isEqualTo(4));
        assertThat(recorder.epochs).hasSize(8);
        assertThat(recorder.epochs.get(7).trainLoss())
                .isLessThan(recorder.epochs.get(0).trainLoss() / 2);
        Path out = folder.resolve("out");
        assertThat(Files.readAllLines(out.resolve("log.jsonl"))).hasSize(8);
        assertThat(Files.readString(out.resolve("evaluation.json"))).contains("\"epochs\":8");
        Model model = new ModelLoader(new OnnxRuntimeRunner()).load(out.resolve("model.onnx"));
        assertThat(model.name()).isEqualTo("bars");
        assertThat(model.labels().names()).isEqualTo(CLASSES);
        assertThat(model.preprocessing().normalization().mean()).containsExactly(0.1);
        assertThat(model.card().notes()).isEmpty();
        for (int epoch : new int[] {0, 2, 8}) {
            Path checkpoint = out.resolve("checkpoints/epoch-00" + epoch + ".onnx");
            assertThat(new ModelLoader(new OnnxRuntimeRunner())
                            .load(checkpoint)
                            .labels()
                            .names())
                    .isEqualTo(CLASSES);
        }
    }

    @Test
    void aResumedTrainingEndsWithTheSameBytes() throws IOException {
        train(RECIPE, "whole", Trainer.Start.ANEW, new Recorder());
        for (int[] stops : new int[][] {{3, 8}, {6}, {12, 13}}) {
            String out = "stopped-at-" + stops[0];
            Trainer.Start start = Trainer.Start.ANEW;
            for (int stop : stops) {
                Recorder stopped = new Recorder();
                stopped.stopAfter = start == Trainer.Start.ANEW ? stop : stop - stops[0];
                Trainer.Start from = start;
                assertThatThrownBy(() -> train(RECIPE, out, from, stopped)).isInstanceOf(CancellationException.class);
                start = Trainer.Start.RESUMED;
            }
            train(RECIPE, out, start, new Recorder());
            for (String name : List.of("model.onnx", "model.yaml", "checkpoints/epoch-008.onnx", "evaluation.json")) {
                assertThat(folder.resolve(out).resolve(name))
                        .as(out)
                        .hasSameBinaryContentAs(folder.resolve("whole").resolve(name));
            }
        }
    }

    /** Killed after any step, nothing is lost but what came after the last save. */
    @Test
    void aTrainingThatIsKilledGoesOnFromWithinItsEpoch() throws IOException {
        String text = RECIPE.replace("epochs: 8", "epochs: 2").replace("[0, 2, 8]", "[1, 2]");
        train(text, "whole", Trainer.Start.ANEW, new Recorder());
        // 6 steps an epoch, 60 pictures of which 48 are learned from.
        for (int kill : new int[] {1, 4, 5, 6, 7, 11}) {
            String out = "killed-after-" + kill;
            Recorder killed = new Recorder();
            killed.killAt = kill;
            assertThatThrownBy(
                            () -> trainer(text, out, killed, Cadence.always()).train(Trainer.Start.ANEW))
                    .hasMessage("killed");
            if (kill == 1) {
                assertThat(folder.resolve(out).resolve("training.state")).doesNotExist();
                continue;
            }
            Recorder rest = new Recorder();
            train(text, out, Trainer.Start.RESUMED, rest);
            assertThat(rest.steps).as(out).isEqualTo(12 - (kill - 1));
            for (String name : List.of(
                    "model.onnx", "checkpoints/epoch-001.onnx", "checkpoints/epoch-002.onnx", "evaluation.json")) {
                assertThat(folder.resolve(out).resolve(name))
                        .as(out)
                        .hasSameBinaryContentAs(folder.resolve("whole").resolve(name));
            }
            try (Stream<Path> left = Files.list(folder.resolve(out))) {
                assertThat(left.map(file -> file.getFileName().toString()))
                        .containsExactlyInAnyOrder(
                                "model.onnx",
                                "model.yaml",
                                "checkpoints",
                                "evaluation.json",
                                "log.jsonl",
                                "training.state");
            }
        }
    }

    @Test
    void otherPicturesUnderTheSameNamesAreAnotherTraining() throws IOException {
        Recorder stopped = new Recorder();
        stopped.stopAfter = 2;
        assertThatThrownBy(() -> train(RECIPE, "out", Trainer.Start.ANEW, stopped))
                .isInstanceOf(CancellationException.class);
        Path one = pictures.resolve("lying/3.png");
        byte[] before = Files.readAllBytes(one);
        Files.copy(pictures.resolve("lying/4.png"), one, StandardCopyOption.REPLACE_EXISTING);
        assertThatThrownBy(() -> train(RECIPE, "out", Trainer.Start.RESUMED, new Recorder()))
                .hasMessageContaining("other pictures, or pictures that were changed since");
        Files.write(one, before);
        assertThat(train(RECIPE, "out", Trainer.Start.RESUMED, new Recorder()).evaluation())
                .isNotNull();
    }

    @Test
    void aStateThatIsCutOrChangedOrOfAnEarlierVersionIsRefused() throws IOException {
        Recorder stopped = new Recorder();
        stopped.stopAfter = 2;
        assertThatThrownBy(() -> train(RECIPE, "out", Trainer.Start.ANEW, stopped))
                .isInstanceOf(CancellationException.class);
        Path state = folder.resolve("out/training.state");
        byte[] whole = Files.readAllBytes(state);
        Random random = new Random(3);
        for (int round = 0; round < 40; round++) {
            byte[] broken = round % 2 == 0 ? Arrays.copyOf(whole, random.nextInt(whole.length)) : whole.clone();
            if (round % 2 == 1) {
                broken[4 + random.nextInt(whole.length - 4)] ^= (byte) (1 << random.nextInt(8));
            }
            Files.write(state, broken);
            assertThatThrownBy(() -> train(RECIPE, "out", Trainer.Start.RESUMED, new Recorder()))
                    .isInstanceOf(VitrineException.class)
                    .hasMessageContaining("no training to go on with");
        }
        byte[] earlier = whole.clone();
        earlier[3] = '1';
        Files.write(state, earlier);
        assertThatThrownBy(() -> train(RECIPE, "out", Trainer.Start.RESUMED, new Recorder()))
                .hasMessageContaining("an earlier version");
    }

    @Test
    void onlyTheSameRecipeGoesOn() {
        Recorder stopped = new Recorder();
        stopped.stopAfter = 2;
        assertThatThrownBy(() -> train(RECIPE, "out", Trainer.Start.ANEW, stopped))
                .isInstanceOf(CancellationException.class);
        assertThatThrownBy(() ->
                        train(RECIPE.replace("rate: 0.05", "rate: 0.01"), "out", Trainer.Start.RESUMED, new Recorder()))
                .hasMessageContaining("another recipe");
        assertThatThrownBy(() -> train(RECIPE, "elsewhere", Trainer.Start.RESUMED, new Recorder()))
                .hasMessageContaining("no training to go on with");
    }

    @Test
    void unreadablePicturesAreNamedAndLeftOut() throws IOException {
        Files.writeString(pictures.resolve("lying/3.png"), "no picture");
        Recorder recorder = new Recorder();
        TrainingReport report = train(RECIPE.replace("epochs: 8", "epochs: 1"), "out", Trainer.Start.ANEW, recorder);
        assertThat(recorder.unreadable).singleElement().asString().contains("lying/3.png");
        assertThat(report.facts()).containsEntry("pictures left out as unreadable", "1");
    }

    @Test
    void foldersWithoutPicturesAreNamed() throws IOException {
        Files.createDirectories(pictures.resolve("empty/inner"));
        Files.createDirectories(pictures.resolve(".hidden"));
        Recorder recorder = new Recorder();
        TrainingReport report = train(RECIPE.replace("epochs: 8", "epochs: 1"), "out", Trainer.Start.ANEW, recorder);
        assertThat(recorder.emptyClasses).containsExactly("empty");
        assertThat(report.facts()).isNotEmpty();
    }

    @Test
    void oneIdxFileAloneIsNoData() throws IOException {
        Path alone = Files.write(folder.resolve("images.idx"), new byte[] {0, 0, 8, 3, 0, 0, 0, 0});
        assertThatThrownBy(() -> train(
                        RECIPE.replaceFirst("pictures: [^,}\\n]+", "pictures: " + alone),
                        "out",
                        Trainer.Start.ANEW,
                        new Recorder()))
                .hasMessageContainingAll("images.idx", "one IDX file alone", "labels");
    }

    @Test
    void classesThatCannotBeLearnedAreNamed() throws IOException {
        Files.createDirectories(pictures.resolve("empty"));
        assertThatThrownBy(() -> train(
                        RECIPE.replace("held-out", "classes: [lying, empty], held-out"),
                        "out",
                        Trainer.Start.ANEW,
                        new Recorder()))
                .hasMessageContaining("'empty'");
        Files.writeString(pictures.resolve("empty/1.png"), "no picture");
        assertThatThrownBy(() -> train(RECIPE, "out", Trainer.Start.ANEW, new Recorder()))
                .hasMessageContainingAll("'empty'", "no readable picture");
        assertThatThrownBy(() -> train(
                        RECIPE.replace("held-out", "classes: [lying], held-out"),
                        "out",
                        Trainer.Start.ANEW,
                        new Recorder()))
                .hasMessageContainingAll("one class", "'lying'");
    }

    @Test
    void aTrainingThatDivergesSaysWhatToDo() {
        assertThatThrownBy(() ->
                        train(RECIPE.replace("rate: 0.05", "rate: 1e30"), "out", Trainer.Start.ANEW, new Recorder()))
                .hasMessageContainingAll("diverged", "Lower the learning rate");
    }

    @Test
    void aModelLearnsOnFromALayerUpWithOtherClasses() throws IOException {
        train(RECIPE, "first", Trainer.Start.ANEW, new Recorder());
        String start = RECIPE.replaceAll(
                        "(?s)input:.*?data:", "start: {model: first/model.onnx, train-from: full2, head: fresh}\ndata:")
                .replace("held-out", "classes: [lying, standing], held-out");
        TrainingReport report = train(start, "second", Trainer.Start.ANEW, new Recorder());
        assertThat(report.evaluation().accuracy()).isGreaterThan(0.8);
        OnnxRuntimeRunner runner = new OnnxRuntimeRunner();
        Model first = new ModelLoader(runner).load(folder.resolve("first/model.onnx"));
        Model second = new ModelLoader(runner).load(folder.resolve("second/model.onnx"));
        assertThat(second.labels().names()).containsExactly("lying", "standing");
        assertThat(second.graph().constants().get(new Value("conv1.weight")))
                .isEqualTo(first.graph().constants().get(new Value("conv1.weight")));
        Picture picture = PictureReader.read(pictures.resolve("lying/1.png"));
        assertThat(second.preprocessing().apply(picture).shape()).containsExactly(1, 1, 16, 16);
    }

    /** It learns from the teacher alone, which has the classes in another order and one more. */
    private String taught(String teacher) {
        return RECIPE.replace("area: 0.9,", "area: 0.9, mixup: 0.3,")
                .replace("batch: 8", "batch: 8\nteacher: {model: " + teacher + ", temperature: 2, hard: 0}");
    }

    private String teacherRecipe() throws IOException {
        Files.createDirectories(pictures.resolve("other"));
        for (int i = 0; i < 5; i++) {
            Files.copy(pictures.resolve("lying/" + i + ".png"), pictures.resolve("other/" + i + ".png"));
        }
        String text = RECIPE.replace(
                "held-out",
                "classes: [standing, other, lying, leaning], labels: [STANDING, other, lying, bars], held-out");
        train(text, "teacher", Trainer.Start.ANEW, new Recorder());
        try (Stream<Path> files = Files.list(pictures.resolve("other"))) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(pictures.resolve("other"));
        return "teacher/model.onnx";
    }

    @Test
    void aNetworkLearnsFromATeacherWhateverTheOrderOfItsClasses() throws IOException {
        String text = taught(teacherRecipe());
        TrainingReport report = train(text, "whole", Trainer.Start.ANEW, new Recorder());
        assertThat(report.evaluation().accuracy()).isGreaterThan(0.9);
        assertThat(report.facts()).containsEntry("teacher", "model.onnx, temperature 2.0, weight of the labels 0.0");
        assertThat(report.facts().get("augmentation")).endsWith("mixup 0.3");

        train(text, "again", Trainer.Start.ANEW, new Recorder());
        Recorder stopped = new Recorder();
        stopped.stopAfter = 9;
        assertThatThrownBy(() -> train(text, "stopped", Trainer.Start.ANEW, stopped))
                .isInstanceOf(CancellationException.class);
        train(text, "stopped", Trainer.Start.RESUMED, new Recorder());
        for (String out : List.of("again", "stopped")) {
            for (String name : List.of("model.onnx", "checkpoints/epoch-008.onnx", "evaluation.json")) {
                assertThat(folder.resolve(out).resolve(name))
                        .as(out)
                        .hasSameBinaryContentAs(folder.resolve("whole").resolve(name));
            }
        }
    }

    @Test
    void anotherTeacherUnderTheSameNameIsAnotherTraining() throws IOException {
        String text = taught(teacherRecipe());
        Recorder stopped = new Recorder();
        stopped.stopAfter = 2;
        assertThatThrownBy(() -> train(text, "out", Trainer.Start.ANEW, stopped))
                .isInstanceOf(CancellationException.class);
        Files.copy(
                folder.resolve("teacher/checkpoints/epoch-000.onnx"),
                folder.resolve("teacher/model.onnx"),
                StandardCopyOption.REPLACE_EXISTING);
        assertThatThrownBy(() -> train(text, "out", Trainer.Start.RESUMED, new Recorder()))
                .hasMessageContainingAll("another recipe", "teacher");
    }

    @Test
    void classesThatATeacherDoesNotKnowAreNamed() throws IOException {
        String text = taught(teacherRecipe());
        Path card = folder.resolve("teacher/model.yaml");
        String whole = Files.readString(card);
        String nameless = whole.replaceAll("(?s)\\n(labels|ids):[^\\n]*(\\n[ -][^\\n]*)*", "");
        Files.writeString(card, nameless + "labels: [STANDING, other, lying, bars]\n");
        assertThatThrownBy(() -> train(text, "out", Trainer.Start.ANEW, new Recorder()))
                .isInstanceOf(VitrineException.class)
                .hasMessageContainingAll("model.onnx", "does not know 1 of the 3 classes", "'leaning'");
        Files.writeString(card, nameless);
        assertThatThrownBy(() -> train(text, "out", Trainer.Start.ANEW, new Recorder()))
                .isInstanceOf(VitrineException.class)
                .hasMessageContainingAll("model.onnx", "has no class names");
        Files.writeString(card, nameless + "labels: [standing, other, lying, leaning]\n");
        String alike = text.replace("held-out", "labels: [lying, lying, standing], held-out");
        assertThatThrownBy(() -> train(alike, "out", Trainer.Start.ANEW, new Recorder()))
                .hasMessageContainingAll("two classes", "'lying'");
    }

    @Test
    void recipesThatAreWrongNameTheKey() {
        assertThatThrownBy(() -> recipe(RECIPE.replace("epochs: 8", "epoch: 8")))
                .hasMessageContainingAll("key 'epoch'", "did you mean 'epochs'");
        assertThatThrownBy(() -> recipe(RECIPE.replace("size: 3, pad: 1", "pad: 1")))
                .hasMessageContainingAll("network[0].conv.size", "cannot be left out");
        assertThatThrownBy(() -> recipe(RECIPE.replace("ratio: 0.1", "ratio: 1")))
                .hasMessageContainingAll("network[5].dropout.ratio");
        assertThatThrownBy(() -> recipe(RECIPE.replace("area: 0.9", "area: 2")))
                .hasMessageContainingAll("'augmentation'", "area 2.0");
        assertThatThrownBy(() -> recipe(RECIPE.replace("batch: 8", "batch: 8\nteacher: {model: x.onnx, hard: 1}")))
                .hasMessageContainingAll("'teacher'", "hard 1.0");
        assertThatThrownBy(() -> recipe(RECIPE.replace("batch: 8", "batch: 8\nteacher: {temperature: 3}")))
                .hasMessageContainingAll("teacher.model", "cannot be left out");
        assertThatThrownBy(() -> recipe(RECIPE.replace("held-out: 0.2", "held-out: 1")))
                .hasMessageContainingAll("data.held-out");
        assertThatThrownBy(() -> recipe(RECIPE.replace("input:", "start: {model: x.onnx}\ninput:")))
                .hasMessageContainingAll("key 'network'", "one of both");
        assertThatThrownBy(() -> recipe(RECIPE.replace("size: 3, pad: 1", "size: 20")))
                .hasMessageContainingAll("bars.yaml", "key 'network'", "conv1", "window is larger");
    }

    @Test
    void classWeightsCountAlikeOnTheMean() {
        try (Samples samples = PictureSamples.open(pictures, List.of())) {
            List<Integer> train = List.of(0, 1, 2, 3, 20, 21, 40);
            List<Double> weights = Trainer.classWeights(samples, train, 1);
            assertThat(weights.get(0) * 4).isEqualTo(weights.get(1) * 2);
            assertThat(weights.get(2)).isEqualTo(weights.get(0) * 4);
            assertThat(4 * weights.get(0) + 2 * weights.get(1) + weights.get(2)).isEqualTo(7, within(1e-9));
            assertThat(Trainer.classWeights(samples, train, 0)).containsExactly(1.0, 1.0, 1.0);
        }
    }
}
