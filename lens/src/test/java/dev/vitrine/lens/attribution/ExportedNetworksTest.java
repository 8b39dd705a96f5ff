package dev.vitrine.lens.attribution;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.rewrite.FixDimension;
import dev.vitrine.engine.runtime.Executable;
import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.attribution.gradient.Gradient;
import dev.vitrine.lens.data.Npy;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.model.ModelLoader;
import dev.vitrine.lens.objective.ClassScore;
import dev.vitrine.lens.objective.Objective;
import dev.vitrine.lens.session.ModelSession;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Networks as exporters write them and as people have them: they open, and explain a batch as its pictures one by one. */
@Tag("slow")
class ExportedNetworksTest {
    private static final Objective LOGIT = ClassScore.of(ClassScore.Scale.LOGIT);
    private static final Gradient PLAIN = new Gradient(Gradient.Kind.PLAIN);

    /** Against PyTorch in float64; relative to the largest value. */
    private static final double TOLERANCE = 1e-4;

    /** Of one batch against singles: float32, in another order of sums. */
    private static final double ROUNDING = 2e-5;

    @TempDir
    Path folder;

    static Stream<Path> exports() throws IOException {
        return files("exports");
    }

    static Stream<Path> zoo() throws IOException {
        return files("zoo");
    }

    private static Stream<Path> files(String name) throws IOException {
        try (Stream<Path> files = Files.list(Nets.existing(Path.of("models", name)))) {
            return files.filter(file -> file.toString().endsWith(".onnx")).sorted().toList().stream();
        }
    }

    @ParameterizedTest
    @MethodSource("exports")
    void agreesWithPyTorch(Path file) throws IOException {
        Path stored = Path.of(file.toString().replaceAll("onnx$", "npz"));
        Model model = new ModelLoader(Nets.RUNNER).load(file);
        Tensor target = array(stored, "target");
        try (ModelSession session = new ModelSession(model, Nets.RUNNER)) {
            Explanation found = session.explainer(PLAIN, LOGIT)
                    .explain(array(stored, "input"), ModelSession.targets(target.toLongs()), Progress.NONE);
            assertThat(Nets.relativeError(found.logits(), array(stored, "logits")))
                    .as("logits")
                    .isLessThan(TOLERANCE);
            assertThat(Nets.relativeError(found.attribution(), array(stored, "gradient")))
                    .as("gradient")
                    .isLessThan(TOLERANCE);
        }
        isItsPicturesOneByOne(model);
    }

    @ParameterizedTest
    @MethodSource("zoo")
    void opensAndExplains(Path file) {
        isItsPicturesOneByOne(new ModelLoader(Nets.RUNNER).load(file));
    }

    /** The graph of a method for three pictures at a time, with a size of its own and with the batch open. */
    private static void isItsPicturesOneByOne(Model model) {
        Tensor pictures = Nets.noise(model, 3, 7);
        Tensor targets = ModelSession.targets(0, 1, 0);
        ExplanationGraph method = PLAIN.graph(model, LOGIT);
        if (model.batch().isFixed()) {
            assertThat(run(method.graph(), method, model, pictures.rows(0, 1), targets.rows(0, 1)))
                    .isNotEmpty();
            return;
        }
        double[] open = run(method.graph(), method, model, pictures, targets);
        double[] together =
                run(new FixDimension(model.batch(), 3).apply(method.graph()), method, model, pictures, targets);
        double[] singles = new double[together.length];
        int each = together.length / 3;
        for (int row = 0; row < 3; row++) {
            double[] one = run(
                    new FixDimension(model.batch(), 1).apply(method.graph()),
                    method,
                    model,
                    pictures.rows(row, row + 1),
                    targets.rows(row, row + 1));
            System.arraycopy(one, 0, singles, row * each, each);
        }
        assertThat(Nets.relativeError(together, singles)).as("a batch of three").isLessThan(ROUNDING);
        assertThat(Nets.relativeError(open, singles)).as("an open batch").isLessThan(ROUNDING);
    }

    private static double[] run(Graph graph, ExplanationGraph method, Model model, Tensor pictures, Tensor targets) {
        try (Executable executable = Nets.RUNNER.load(graph)) {
            Map<Value, Tensor> inputs = Map.of(model.input(), pictures, new Value(Objective.TARGET), targets);
            return Nets.doubles(executable.run(inputs).get(method.attribution()));
        }
    }

    private Tensor array(Path archive, String name) throws IOException {
        try (ZipFile zip = new ZipFile(archive.toFile());
                InputStream stream = zip.getInputStream(zip.getEntry(name + ".npy"))) {
            Path file = folder.resolve(name + ".npy");
            Files.write(file, stream.readAllBytes());
            return Npy.read(file);
        }
    }
}
