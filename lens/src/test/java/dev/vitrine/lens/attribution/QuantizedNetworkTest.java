package dev.vitrine.lens.attribution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.vitrine.engine.oracle.NeedsShared;
import dev.vitrine.engine.runtime.OnnxRuntimeRunner;
import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.method.Attributions;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.model.ModelLoader;
import dev.vitrine.lens.objective.ClassScore;
import dev.vitrine.lens.session.ModelSession;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One network in float32, with QuantizeLinear around float operators, and in QLinear operators: near answers, like maps. */
@NeedsShared
class QuantizedNetworkTest {
    /** Least cosine of a map with the float network's; measured .89 to 1. */
    private static final Map<String, Double> LIKENESS = Map.of(
            "gradient", .9,
            "integrated-gradients", .95,
            "guided-backprop", .95,
            "deconvnet", .95,
            "grad-cam", .98,
            "hires-cam", .95,
            "lrp-epsilon", .85,
            "lrp-epsilon-plus", .95,
            "lrp-z-plus", .98,
            "deep-lift", .9);

    private static final int PICTURES = 2;

    private record Answer(Model model, float[] logits, Map<String, float[]> maps) {}

    private static Path file(String name) {
        return Path.of(System.getProperty("vitrine.shared", "../shared"), "models", "zoo", name + ".onnx");
    }

    private static Tensor pictures() {
        Random random = new Random(4);
        float[] data = new float[PICTURES * 49 * 40];
        for (int i = 0; i < data.length; i++) {
            int picture = i / (49 * 40);
            double row = i / 40 % 49;
            double wave = 2 * Math.sin(.2 * row * (picture + 1)) * Math.cos(.13 * (i % 40) * (picture + .5));
            data[i] = (float) (wave + random.nextGaussian() / 2);
        }
        return Tensor.floats(data, PICTURES, 1, 49, 40);
    }

    /** Maps of the class that the float network finds likeliest in each picture. */
    private static Answer answer(String name, long... targets) {
        try (OnnxRuntimeRunner runner = new OnnxRuntimeRunner()) {
            Model model = new ModelLoader(runner).load(file(name), UnaryOperator.identity());
            Map<String, float[]> maps = new LinkedHashMap<>();
            float[] logits = {};
            try (ModelSession session = new ModelSession(model, runner)) {
                for (String id : LIKENESS.keySet()) {
                    Attribution method = Attributions.find(id).standard();
                    Explanation explanation = session.explainer(method, ClassScore.of(ClassScore.Scale.LOGIT))
                            .explain(pictures(), Tensor.vector(targets), Progress.NONE);
                    maps.put(id, explanation.attribution().toFloats());
                    logits = explanation.logits().toFloats();
                }
            }
            return new Answer(model, logits, maps);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"kws-qdq", "kws-qoperator"})
    void isExplainedAsTheFloatNetworkIs(String name) {
        assumeTrue(Files.exists(file(name)), () -> "no " + file(name) + ": the shared models are not here");
        float[] logits = answer("kws-fp32", new long[PICTURES]).logits();
        long[] likeliest = new long[PICTURES];
        int classes = logits.length / PICTURES;
        for (int i = 0; i < logits.length; i++) {
            int picture = i / classes;
            if (logits[i] > logits[(int) (picture * classes + likeliest[picture])]) {
                likeliest[picture] = i % classes;
            }
        }
        Answer exact = answer("kws-fp32", likeliest);
        Answer quantized = answer(name, likeliest);

        assertThat(exact.model().card().notes()).noneMatch(note -> note.contains("quantized"));
        assertThat(quantized.model().card().notes()).anyMatch(note -> note.startsWith("The network is quantized."));
        // the greatest is 4.4; steps of the last layer are .037
        for (int i = 0; i < exact.logits().length; i++) {
            assertThat(quantized.logits()[i]).isCloseTo(exact.logits()[i], within(.7f));
        }
        LIKENESS.forEach((id, least) -> {
            float[] expected = exact.maps().get(id);
            float[] found = quantized.maps().get(id);
            int each = expected.length / PICTURES;
            for (int picture = 0; picture < PICTURES; picture++) {
                int from = picture * each;
                double likeness = cosine(
                        Arrays.copyOfRange(expected, from, from + each), Arrays.copyOfRange(found, from, from + each));
                assertThat(likeness).as("%s of picture %d", id, picture).isGreaterThan(least);
            }
        });
    }

    private static double cosine(float[] a, float[] b) {
        double product = 0;
        double left = 0;
        double right = 0;
        for (int i = 0; i < a.length; i++) {
            product += (double) a[i] * b[i];
            left += (double) a[i] * a[i];
            right += (double) b[i] * b[i];
        }
        return product / Math.sqrt(left * right);
    }
}
