package dev.vitrine.study.sanity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.onnx.OnnxWriter;
import dev.vitrine.engine.oracle.Architectures;
import dev.vitrine.engine.runtime.OnnxRuntimeRunner;
import dev.vitrine.engine.runtime.Runner;
import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.attribution.Attribution;
import dev.vitrine.lens.attribution.Progress;
import dev.vitrine.lens.method.Attributions;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.model.ModelLoader;
import dev.vitrine.lens.model.anatomy.LearnedLayer;
import dev.vitrine.lens.objective.ClassScore;
import dev.vitrine.lens.objective.Objective;
import dev.vitrine.lens.session.ModelSession;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SanityCheckTest {
    private static final Runner RUNNER = new OnnxRuntimeRunner();
    private static final Objective LOGIT = ClassScore.of(ClassScore.Scale.LOGIT);

    @TempDir
    private Path folder;

    private Model model(Graph graph) {
        Path file = folder.resolve("net.onnx");
        OnnxWriter.write(graph, file);
        return new ModelLoader(RUNNER).load(file);
    }

    private static Tensor noise(Model model, int count) {
        long[] shape = model.sampleShape();
        shape[0] = count;
        Random random = new Random(1);
        float[] data = new float[(int) Tensor.elements(shape)];
        for (int index = 0; index < data.length; index++) {
            data[index] = (float) random.nextGaussian();
        }
        return Tensor.floats(data, shape);
    }

    @Test
    void layersFromTheTopHoldTheirNormalization() {
        Model model = model(Architectures.resNet18(Architectures.Size.tiny(1 / 16.0)));
        List<LearnedLayer> layers = model.anatomy().learned();
        assertThat(layers).hasSize(21);
        Set<Value> all = new HashSet<>();
        for (LearnedLayer layer : layers) {
            assertThat(layer.weights()).isNotEmpty();
            layer.weights().forEach(weight -> assertThat(all.add(weight)).isTrue());
        }
        // 20 convolutions with scale and shift of their normalization, and a dense layer with a bias.
        assertThat(all).hasSize(20 * 3 + 2);
        long[] top = model.graph()
                .constants()
                .get(layers.get(0).weights().stream()
                        .max(java.util.Comparator.comparingLong(
                                value -> model.graph().constants().get(value).elements()))
                        .orElseThrow())
                .shape();
        assertThat(top).contains(model.classes());
    }

    @Test
    void stagesGoDownToTheFirstLayer() {
        Model model = model(Architectures.resNet18(Architectures.Size.tiny(1 / 16.0)));
        SanityCheck check = new SanityCheck(4, 0);
        List<SanityCheck.Stage> cascade = check.stages(model, SanityCheck.Order.CASCADING);
        List<SanityCheck.Stage> single = check.stages(model, SanityCheck.Order.INDEPENDENT);
        assertThat(cascade).extracting(SanityCheck.Stage::layers).containsExactly(5, 11, 16, 21);
        assertThat(single).extracting(SanityCheck.Stage::layers).containsExactly(5, 6, 5, 5);
        assertThat(SanityCheck.weights(model, cascade.get(3))).hasSize(62);
        assertThat(single.stream()
                        .mapToInt(stage -> SanityCheck.weights(model, stage).size())
                        .sum())
                .isEqualTo(62);
        assertThat(new SanityCheck(99, 0).stages(model, SanityCheck.Order.CASCADING))
                .hasSize(21);
    }

    /** Eigen-CAM reads no weights above its layer; the gradient does. */
    @Test
    void aMethodThatReadsNoWeightsOfTheTopDoesNotChangeAndTheGradientDoes() {
        Model model = model(Architectures.vgg(Architectures.Size.tiny(1 / 8.0), 1, 1, 1));
        Attribution gradient = Attributions.find("gradient").standard();
        Attribution eigen = Attributions.find("eigen-cam").standard();
        Tensor images = noise(model, 2);
        Tensor targets = ModelSession.targets(1, 2);
        List<SanityCheck.Original> originals = new ArrayList<>();
        try (ModelSession session = new ModelSession(model, RUNNER)) {
            for (Attribution method : List.of(gradient, eigen)) {
                originals.add(new SanityCheck.Original(
                        method,
                        session.explainer(method, LOGIT)
                                .explain(images, targets, Progress.NONE)
                                .attribution()));
            }
        }
        SanityCheck check = new SanityCheck(99, 0);
        SanityCheck.Stage head =
                check.stages(model, SanityCheck.Order.INDEPENDENT).get(0);
        List<List<Similarity>> heard = new ArrayList<>();
        List<Tensor> heats = new ArrayList<>();
        for (int time = 0; time < 2; time++) {
            check.run(
                    model,
                    RUNNER,
                    head,
                    originals,
                    LOGIT,
                    images,
                    targets,
                    new SanityCheck.Listener() {
                        @Override
                        public void hear(
                                SanityCheck.Stage stage, int method, List<Similarity> similarities, Tensor heat) {
                            heard.add(similarities);
                            heats.add(heat);
                        }

                        @Override
                        public void missed(SanityCheck.Stage stage, int method, VitrineException reason) {
                            throw reason;
                        }
                    },
                    Progress.NONE);
        }
        Similarity ofGradient = Similarity.mean(heard.get(0));
        Similarity ofEigen = Similarity.mean(heard.get(1));
        assertThat(Math.abs(ofGradient.signed())).isLessThan(0.5);
        assertThat(ofEigen.signed()).isEqualTo(1);
        assertThat(ofEigen.structural()).isGreaterThan(0.999);
        assertThat(heard.get(2)).isEqualTo(heard.get(0));
        assertThat(heats.get(2)).isEqualTo(heats.get(0));
    }

    @Test
    void chanceIsWhatMapsOfDifferentPicturesHaveInCommon() {
        Model model = model(Architectures.vgg(Architectures.Size.tiny(1 / 8.0), 1, 1, 2));
        Attribution method = Attributions.find("eigen-cam").standard();
        long[] shape = method.shape(model);
        int places = (int) (shape[2] * shape[3]);
        float[] values = new float[2 * places];
        for (int place = 0; place < places; place++) {
            values[place] = place;
            values[places + place] = place * place;
        }
        Tensor both = Tensor.floats(values, 2, 1, shape[2], shape[3]);
        Similarity alike = SanityCheck.betweenPictures(model, new SanityCheck.Original(method, both));
        assertThat(alike.signed()).isEqualTo(1);
        Similarity alone = SanityCheck.betweenPictures(model, new SanityCheck.Original(method, both.rows(0, 1)));
        assertThat(alone).isEqualTo(new Similarity(0, 0, 0));
        Similarity chance = new Similarity(-0.2, 0.6, 1);
        Similarity above = new Similarity(0.3, 0.8, 0.9).above(chance);
        assertThat(above.signed()).isCloseTo(0.125, within(1e-12));
        assertThat(new Similarity(-0.1, 0, 0).above(chance).signed()).isZero();
        assertThat(new Similarity(-1, 0, 0).above(chance).signed()).isEqualTo(-1);
        assertThat(above.unsigned()).isCloseTo(0.5, within(1e-12));
        assertThat(above.structural()).isEqualTo(1);
    }

    @Test
    void randomWeightsKeepTheirSpreadAndOnlyTheNamedChange() {
        Model model = model(Architectures.vgg(Architectures.Size.tiny(1 / 4.0), 1, 1, 1));
        SanityCheck check = new SanityCheck(99, 7);
        SanityCheck.Stage stage =
                check.stages(model, SanityCheck.Order.INDEPENDENT).get(1);
        Model random = check.randomized(model, stage);
        for (Value value : model.graph().constants().keySet()) {
            Tensor before = model.graph().constants().get(value);
            Tensor after = random.graph().constants().get(value);
            if (!SanityCheck.weights(model, stage).contains(value)) {
                assertThat(after).isEqualTo(before);
                continue;
            }
            assertThat(after).isNotEqualTo(before);
            if (before.elements() > 1000) {
                assertThat(deviation(after) / deviation(before)).isBetween(0.9, 1.1);
            }
        }
        assertThat(check.randomized(model, stage).graph().constants())
                .isEqualTo(random.graph().constants());
        assertThat(new SanityCheck(99, 8).randomized(model, stage).graph().constants())
                .isNotEqualTo(random.graph().constants());
    }

    private static double deviation(Tensor tensor) {
        double sum = 0;
        double squares = 0;
        for (float value : tensor.toFloats()) {
            sum += value;
            squares += (double) value * value;
        }
        double mean = sum / tensor.elements();
        return Math.sqrt(squares / tensor.elements() - mean * mean);
    }
}
