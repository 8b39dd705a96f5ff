package dev.vitrine.lens.training.step;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.runtime.OnnxRuntimeRunner;
import dev.vitrine.engine.runtime.TypeInference;
import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.training.data.Batch;
import dev.vitrine.lens.training.network.Network;
import dev.vitrine.lens.training.network.NetworkBuilder;
import dev.vitrine.lens.training.network.Parameters;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Against a network written out in double precision here, whose gradient is taken by central differences. */
class TrainingStepTest {
    private static final int BATCH = 4;
    private static final int CHANNELS = 2;
    private static final int SIDE = 6;
    private static final int FILTERS = 3;
    private static final int CLASSES = 3;
    private static final double SMOOTHING = 0.1;
    private static final List<Double> CLASS_WEIGHTS = List.of(0.5, 1.0, 2.0);

    private final Random random = new Random(5);
    private final double[] images = normal(BATCH * CHANNELS * SIDE * SIDE);
    private final int[] labels = {0, 2, 1, 2};
    private final int[] others = labels.clone();
    private final double[] shares = {1, 1, 1, 1};
    private final double[][] teacher = new double[BATCH][];
    private Optional<Distillation> distillation = Optional.empty();

    private double[] normal(int count) {
        return random.doubles(count).map(value -> 2 * value - 1).toArray();
    }

    private static Network network() {
        NetworkBuilder builder = new NetworkBuilder(CHANNELS, SIDE, SIDE, new SplittableRandom(3))
                .convolution("conv", FILTERS, 3, 2, 1)
                .batchNormalization()
                .relu()
                .maxPool(2, 1, 0);
        Graph graph = builder.classifier("classes", CLASSES);
        return Network.of(TypeInference.infer(graph));
    }

    /** Loss of the network with the given weights, by name. */
    private double loss(Map<String, double[]> weights) {
        double total = 0;
        double weightSum = 0;
        double[][][] maps = convolved(weights.get("conv.weight"), weights.get("conv.bias"));
        normalize(maps, weights.get("batchnorm1.scale"), weights.get("batchnorm1.bias"));
        for (int n = 0; n < BATCH; n++) {
            double[] features = pooled(maps[n]);
            double[] logits = new double[CLASSES];
            for (int k = 0; k < CLASSES; k++) {
                logits[k] = weights.get("classes.bias")[k];
                for (int i = 0; i < features.length; i++) {
                    logits[k] += weights.get("classes.weight")[k * features.length + i] * features[i];
                }
            }
            double logSum = Math.log(Arrays.stream(logits).map(Math::exp).sum());
            double hard = 0;
            for (int k = 0; k < CLASSES; k++) {
                double right = (k == labels[n] ? shares[n] : 0) + (k == others[n] ? 1 - shares[n] : 0);
                hard -= (SMOOTHING / CLASSES + (1 - SMOOTHING) * right) * (logits[k] - logSum);
            }
            double each = hard;
            if (distillation.isPresent()) {
                Distillation soft = distillation.get();
                each = soft.hard() * hard + (1 - soft.hard()) * divergence(teacher[n], logits, soft);
            }
            double weight = shares[n] * CLASS_WEIGHTS.get(labels[n]) + (1 - shares[n]) * CLASS_WEIGHTS.get(others[n]);
            total += each * weight;
            weightSum += weight;
        }
        return total / weightSum;
    }

    /** T² KL(softmax(teacher/T) ‖ softmax(logits/T)). */
    private static double divergence(double[] teacher, double[] logits, Distillation soft) {
        double temperature = soft.temperature();
        double teacherSum = Arrays.stream(teacher)
                .map(value -> Math.exp(value / temperature))
                .sum();
        double sum = Arrays.stream(logits)
                .map(value -> Math.exp(value / temperature))
                .sum();
        double divergence = 0;
        for (int k = 0; k < CLASSES; k++) {
            double wanted = Math.exp(teacher[k] / temperature) / teacherSum;
            divergence += wanted * Math.log(wanted / (Math.exp(logits[k] / temperature) / sum));
        }
        return temperature * temperature * divergence;
    }

    private double[][][] convolved(double[] weight, double[] bias) {
        double[][][] maps = new double[BATCH][FILTERS][9];
        for (int n = 0; n < BATCH; n++) {
            for (int f = 0; f < FILTERS; f++) {
                for (int place = 0; place < 9; place++) {
                    double sum = bias[f];
                    for (int tap = 0; tap < CHANNELS * 9; tap++) {
                        int y = 2 * (place / 3) - 1 + tap % 9 / 3;
                        int x = 2 * (place % 3) - 1 + tap % 3;
                        if (y >= 0 && y < SIDE && x >= 0 && x < SIDE) {
                            int pixel = ((n * CHANNELS + tap / 9) * SIDE + y) * SIDE + x;
                            sum += weight[f * CHANNELS * 9 + tap] * images[pixel];
                        }
                    }
                    maps[n][f][place] = sum;
                }
            }
        }
        return maps;
    }

    private static void normalize(double[][][] maps, double[] scale, double[] bias) {
        for (int f = 0; f < FILTERS; f++) {
            double mean = mean(maps, f);
            double variance = variance(maps, f);
            for (double[][] sample : maps) {
                for (int place = 0; place < 9; place++) {
                    sample[f][place] = (sample[f][place] - mean) / Math.sqrt(variance + 1e-5) * scale[f] + bias[f];
                }
            }
        }
    }

    private static double mean(double[][][] maps, int filter) {
        return Arrays.stream(maps)
                .flatMapToDouble(sample -> Arrays.stream(sample[filter]))
                .average()
                .orElseThrow();
    }

    private static double variance(double[][][] maps, int filter) {
        double mean = mean(maps, filter);
        return Arrays.stream(maps)
                .flatMapToDouble(sample -> Arrays.stream(sample[filter]))
                .map(value -> (value - mean) * (value - mean))
                .average()
                .orElseThrow();
    }

    /** Rectified, then the largest of each 2×2 of the 3×3 places. */
    private static double[] pooled(double[][] maps) {
        double[] features = new double[FILTERS * 4];
        for (int i = 0; i < features.length; i++) {
            double[] map = maps[i / 4];
            int corner = i % 4 / 2 * 3 + i % 2;
            features[i] = Math.max(
                    0, Math.max(Math.max(map[corner], map[corner + 1]), Math.max(map[corner + 3], map[corner + 4])));
        }
        return features;
    }

    private Batch batch() {
        float[] pixels = new float[images.length];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (float) images[i];
            images[i] = pixels[i];
        }
        return new Batch(
                Tensor.floats(pixels, BATCH, CHANNELS, SIDE, SIDE),
                Tensor.longs(Arrays.stream(labels).asLongStream().toArray(), BATCH));
    }

    /** Each with the next, and a teacher that is fond of wrong answers. */
    private Batch blendedAndTaught() {
        Batch plain = batch();
        for (int n = 0; n < BATCH; n++) {
            others[n] = labels[(n + 1) % BATCH];
            shares[n] = 0.5 + n / 8.0;
            teacher[n] = new double[] {3.0 * n, 2, -1.5};
        }
        return new Batch(
                plain.images(),
                plain.labels(),
                Optional.of(new Batch.Blend(
                        Tensor.longs(Arrays.stream(others).asLongStream().toArray(), BATCH),
                        Tensor.floats(floats(shares), BATCH))),
                Optional.of(Tensor.floats(
                        floats(Arrays.stream(teacher)
                                .flatMapToDouble(Arrays::stream)
                                .toArray()),
                        BATCH,
                        CLASSES)));
    }

    private static Map<String, double[]> doubles(Map<Value, Tensor> state) {
        Map<String, double[]> doubles = new LinkedHashMap<>();
        state.forEach((value, tensor) -> {
            float[] floats = tensor.toFloats();
            double[] copy = new double[floats.length];
            Arrays.setAll(copy, i -> floats[i]);
            doubles.put(value.name(), copy);
        });
        return doubles;
    }

    private static TrainingStep step(Network network, Optimizer optimizer, OptionalDouble radius) {
        TrainingGraph graph = TrainingGraph.of(
                network,
                Parameters.all(network.graph()),
                new TrainingGraph.Settings(BATCH, new Loss(SMOOTHING, CLASS_WEIGHTS), optimizer, radius, 1));
        return new TrainingStep(graph, optimizer, 7, new OnnxRuntimeRunner());
    }

    @Test
    void oneStepAgreesWithDoublePrecision() {
        Batch batch = batch();
        double rate = 0.05;
        double decay = 0.01;
        Sgd optimizer = new Sgd(0.9, decay, Sgd.Momentum.NESTEROV);
        try (TrainingStep step = step(network(), optimizer, OptionalDouble.empty())) {
            Map<String, double[]> before = doubles(step.state());
            TrainingStep.Result result = step.run(batch, rate);
            Map<String, double[]> after = doubles(step.state());

            assertThat(result.loss()).isEqualTo(loss(before), within(1e-5));
            for (String name : List.of(
                    "conv.weight",
                    "conv.bias",
                    "batchnorm1.scale",
                    "batchnorm1.bias",
                    "classes.weight",
                    "classes.bias")) {
                double[] weights = before.get(name);
                double ownDecay = name.equals("conv.weight") || name.equals("classes.weight") ? decay : 0;
                for (int i = 0; i < weights.length; i++) {
                    double pulled = slope(before, name, i) + ownDecay * weights[i];
                    double expected = weights[i] - rate * 1.9 * pulled;
                    assertThat(after.get(name)[i]).as("%s[%d]", name, i).isEqualTo(expected, within(2e-6));
                }
            }
            double[][][] maps = convolved(before.get("conv.weight"), before.get("conv.bias"));
            for (int f = 0; f < FILTERS; f++) {
                assertThat(after.get("batchnorm1.mean")[f]).isEqualTo(0.1 * mean(maps, f), within(1e-6));
                assertThat(after.get("batchnorm1.variance")[f]).isEqualTo(0.9 + 0.1 * variance(maps, f), within(1e-5));
            }
        }
    }

    @Test
    void aStepWithATeacherAndBlendedPicturesAgreesWithDoublePrecision() {
        Batch batch = blendedAndTaught();
        distillation = Optional.of(new Distillation(3, 0.25));
        Network network = network();
        Sgd optimizer = new Sgd(0, 0, Sgd.Momentum.CLASSIC);
        TrainingGraph graph = TrainingGraph.of(
                network,
                Parameters.all(network.graph()),
                new TrainingGraph.Settings(
                        BATCH,
                        new Loss(SMOOTHING, CLASS_WEIGHTS, distillation),
                        TrainingGraph.Pictures.BLENDED,
                        optimizer,
                        OptionalDouble.empty(),
                        1));
        try (TrainingStep step = new TrainingStep(graph, optimizer, 7, new OnnxRuntimeRunner())) {
            Map<String, double[]> before = doubles(step.state());
            TrainingStep.Result result = step.run(batch, 0.05);
            Map<String, double[]> after = doubles(step.state());

            assertThat(result.loss()).isEqualTo(loss(before), within(1e-5));
            for (String name : List.of("conv.weight", "batchnorm1.scale", "classes.weight", "classes.bias")) {
                for (int i = 0; i < before.get(name).length; i++) {
                    double expected = before.get(name)[i] - 0.05 * slope(before, name, i);
                    assertThat(after.get(name)[i]).as("%s[%d]", name, i).isEqualTo(expected, within(2e-6));
                }
            }
        }
    }

    @Test
    void impossibleDistillationsAreRefused() {
        assertThatThrownBy(() -> new Distillation(0, 0.1)).hasMessageContaining("temperature 0.0");
        assertThatThrownBy(() -> new Distillation(4, 1)).hasMessageContaining("hard 1.0");
    }

    private double slope(Map<String, double[]> weights, String name, int index) {
        double[] changed = weights.get(name);
        double old = changed[index];
        double reach = 1e-5;
        changed[index] = old + reach;
        double above = loss(weights);
        changed[index] = old - reach;
        double below = loss(weights);
        changed[index] = old;
        return (above - below) / (2 * reach);
    }

    @Test
    void overfitsATinySet() {
        Batch batch = batch();
        double leastLoss = -Math.log(0.9 + 0.1 / 3) * (0.9 + 0.1 / 3) - 2 * Math.log(0.1 / 3) * 0.1 / 3;
        try (TrainingStep step = step(network(), new AdamW(0.9, 0.99, 1e-8, 0), OptionalDouble.empty())) {
            TrainingStep.Result result = step.run(batch, 0.02);
            for (int i = 0; i < 200; i++) {
                result = step.run(batch, 0.02);
            }
            assertThat(result.correct()).isEqualTo(BATCH);
            assertThat(result.loss()).isBetween(leastLoss - 1e-6, leastLoss + 0.01);
        }
    }

    @Test
    void filtersStayWithinTheirRadius() {
        double radius = 0.1;
        try (TrainingStep step = step(network(), new Sgd(0, 0, Sgd.Momentum.CLASSIC), OptionalDouble.of(radius))) {
            step.run(batch(), 0.05);
            double[] weights = doubles(step.state()).get("conv.weight");
            for (int f = 0; f < FILTERS; f++) {
                double[] filter = Arrays.copyOfRange(weights, f * CHANNELS * 9, (f + 1) * CHANNELS * 9);
                double size = Math.sqrt(Arrays.stream(filter)
                        .map(value -> value * value)
                        .average()
                        .orElseThrow());
                assertThat(size).isEqualTo(radius, within(1e-6));
            }
        }
    }

    @Test
    void aRestoredStateGoesOnToTheSameBytes() {
        Batch batch = batch();
        AdamW optimizer = new AdamW(0.9, 0.999, 1e-8, 0.01);
        try (TrainingStep whole = step(network(), optimizer, OptionalDouble.empty());
                TrainingStep second = step(network(), optimizer, OptionalDouble.empty())) {
            whole.run(batch, 0.01);
            whole.run(batch, 0.01);
            Map<Value, Tensor> middle = whole.state();
            whole.run(batch, 0.01);
            second.restore(middle, 2);
            second.run(batch, 0.01);

            assertThat(second.state()).isEqualTo(whole.state());
            assertThat(whole.state()).isNotEqualTo(middle);
        }
    }

    @Test
    void whatDropsOutDependsOnSeedAndStepAlone() {
        Graph graph = new NetworkBuilder(CHANNELS, SIDE, SIDE, new SplittableRandom(3))
                .fullyConnected("full", 50)
                .dropout(0.5)
                .classifier("classes", CLASSES);
        Network network = Network.of(TypeInference.infer(graph));
        Sgd optimizer = new Sgd(0, 0, Sgd.Momentum.CLASSIC);
        try (TrainingStep first = step(network, optimizer, OptionalDouble.empty());
                TrainingStep second = step(network, optimizer, OptionalDouble.empty())) {
            Batch batch = batch();
            double loss = first.run(batch, 0).loss();
            assertThat(second.run(batch, 0).loss()).isEqualTo(loss);
            assertThat(second.run(batch, 0).loss()).isNotEqualTo(loss);
        }
    }

    @Test
    void theBlockedLayoutTakesTheSameStep() {
        try (OnnxRuntimeRunner runner = new OnnxRuntimeRunner()) {
            int block = runner.channelBlock();
            Graph classifier = new NetworkBuilder(3, 11, 11, new SplittableRandom(3))
                    .convolution("conv1", 2 * block, 3, 1, 1)
                    .batchNormalization()
                    .relu()
                    .maxPool(3, 2, 1)
                    .convolution("conv2", block, 5, 2, 2)
                    .relu()
                    .convolution("conv3", 2 * block, 3, 1, 1)
                    .classifier("classes", CLASSES);
            Network network = Network.of(TypeInference.infer(classifier));
            int batch = Math.max(4, block);
            Batch pictures = new Batch(
                    Tensor.floats(floats(normal(batch * 3 * 121)), batch, 3, 11, 11),
                    Tensor.longs(
                            LongStream.range(0, batch).map(i -> i % CLASSES).toArray(), batch));
            Map<String, double[]> plain = afterAStep(network, pictures, 1, runner);
            Map<String, double[]> blocked = afterAStep(network, pictures, block, runner);
            assertThat(blocked.keySet()).isEqualTo(plain.keySet());
            plain.forEach(
                    (name, values) -> assertThat(blocked.get(name)).as(name).containsExactly(values, within(1e-5)));
        }
    }

    private static float[] floats(double[] values) {
        float[] floats = new float[values.length];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = (float) values[i];
        }
        return floats;
    }

    private static Map<String, double[]> afterAStep(
            Network network, Batch batch, int channelBlock, OnnxRuntimeRunner runner) {
        Sgd optimizer = new Sgd(0.9, 0, Sgd.Momentum.CLASSIC);
        TrainingGraph graph = TrainingGraph.of(
                network,
                Parameters.all(network.graph()),
                new TrainingGraph.Settings(
                        (int) batch.images().dimension(0),
                        new Loss(SMOOTHING, CLASS_WEIGHTS),
                        optimizer,
                        OptionalDouble.empty(),
                        channelBlock));
        assertThat(graph.graph().nodes().stream().anyMatch(node -> node.domain().contains("nchwc")))
                .isEqualTo(channelBlock > 1);
        try (TrainingStep step = new TrainingStep(graph, optimizer, 7, runner)) {
            step.run(batch, 1);
            return doubles(step.state());
        }
    }
}
