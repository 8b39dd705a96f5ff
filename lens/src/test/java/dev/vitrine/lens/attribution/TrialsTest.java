package dev.vitrine.lens.attribution;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.attribution.gradient.ClassActivationMap;
import dev.vitrine.lens.attribution.gradient.Gradient;
import dev.vitrine.lens.data.Npy;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.model.ModelLoader;
import dev.vitrine.lens.model.card.ModelCard;
import dev.vitrine.lens.model.preprocessing.Preprocessing;
import dev.vitrine.lens.objective.ClassScore;
import dev.vitrine.lens.session.ModelSession;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Small exported networks, each of a kind that was answered wrongly once, against PyTorch in float64. */
class TrialsTest {
    /** Rounding of float32; 6e-7 was measured. */
    private static final double TOLERANCE = 1e-5;

    /** Behind a square root, slopes grow without bound where maps near 0: so do errors of rounding. */
    private static final Map<String, Double> TOLERANCES = Map.of("root-at-zero", 5e-3);

    @TempDir
    Path folder;

    static Stream<String> names() throws IOException {
        Path trials = Nets.existing(Path.of("data", "trials"));
        try (Stream<Path> files = Files.list(trials)) {
            return files
                    .map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".npz"))
                    .map(name -> name.substring(0, name.length() - 4))
                    .sorted()
                    .toList()
                    .stream();
        }
    }

    @ParameterizedTest
    @MethodSource("names")
    void agreesWithPyTorch(String name) throws IOException {
        Map<String, Double> errors = errors(name);
        assertThat(errors).isNotEmpty();
        double tolerance = TOLERANCES.getOrDefault(name, TOLERANCE);
        assertThat(errors)
                .allSatisfy((method, error) ->
                        assertThat(error).as("%s of %s", method, name).isLessThan(tolerance));
    }

    private Map<String, Double> errors(String name) throws IOException {
        Path trials = Nets.existing(Path.of("data", "trials"));
        Map<String, Tensor> numbers = read(trials.resolve(name + ".npz"));
        boolean first = numbers.containsKey("input");
        Tensor image = numbers.get(first ? "input" : "x");
        Model model = sized(trials.resolve(name + ".onnx"), image);
        // One output for two classes is shown as no and yes; the numbers are of yes.
        long yes = model.classes() - numbers.get("logits").dimension(-1);
        Tensor target = ModelSession.targets(numbers.get("target").longs().get(0) + yes);
        Map<String, Double> errors = new LinkedHashMap<>();
        try (ModelSession session = new ModelSession(model, Nets.RUNNER)) {
            for (Map.Entry<String, Tensor> entry : numbers.entrySet()) {
                Optional<Attribution> method = method(entry.getKey(), first ? 20 : 50);
                if (method.isPresent() && isFinite(entry.getValue())) {
                    Explanation found = session.explainer(method.get(), ClassScore.of(ClassScore.Scale.LOGIT))
                            .explain(image, target, Progress.NONE);
                    errors.put(entry.getKey(), Nets.relativeError(found.attribution(), entry.getValue()));
                }
            }
        }
        return errors;
    }

    /** PyTorch's own hooks of guided backpropagation give NaN behind a root of 0. */
    private static boolean isFinite(Tensor tensor) {
        return Arrays.stream(Nets.doubles(tensor)).allMatch(Double::isFinite);
    }

    /** A network of open size at the size of its picture. */
    private static Model sized(Path file, Tensor image) {
        return new ModelLoader(Nets.RUNNER)
                .load(
                        file,
                        (card, input) ->
                                input.dimension(2).isFixed() ? card : card.withPreprocessing(atSize(card, image)));
    }

    private static Preprocessing atSize(ModelCard card, Tensor image) {
        Preprocessing own = card.preprocessing();
        return new Preprocessing(
                (int) image.dimension(3),
                (int) image.dimension(2),
                own.fit(),
                own.resampling(),
                own.channels(),
                own.layout(),
                own.normalization());
    }

    private static Optional<Attribution> method(String id, int steps) {
        return Optional.ofNullable(
                switch (id) {
                    case "gradient" -> new Gradient(Gradient.Kind.PLAIN);
                    case "input-x-gradient" -> new Gradient(Gradient.Kind.TIMES_INPUT);
                    case "guided-backprop" -> new Gradient(Gradient.Kind.GUIDED);
                    case "deconvnet" -> new Gradient(Gradient.Kind.DECONVNET);
                    case "integrated-gradients" ->
                        new IntegratedGradients(steps, Quadrature.GAUSS_LEGENDRE, Baseline.ZERO);
                    case "grad-cam" -> new ClassActivationMap(ClassActivationMap.Variant.GRAD, Optional.empty());
                    default -> null;
                });
    }

    private Map<String, Tensor> read(Path npz) throws IOException {
        Map<String, Tensor> arrays = new LinkedHashMap<>();
        try (InputStream stream = Files.newInputStream(npz);
                ZipInputStream zip = new ZipInputStream(stream)) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                Path file = folder.resolve(entry.getName());
                Files.write(file, zip.readAllBytes());
                arrays.put(entry.getName().replace(".npy", ""), Npy.read(file));
            }
        }
        return arrays;
    }
}
