package dev.vitrine.bench;

import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.onnx.OnnxWriter;
import dev.vitrine.engine.oracle.Architectures;
import dev.vitrine.engine.rewrite.Cut;
import dev.vitrine.engine.rewrite.FixDimension;
import dev.vitrine.engine.runtime.Executable;
import dev.vitrine.engine.runtime.OnnxRuntimeRunner;
import dev.vitrine.engine.runtime.Runner;
import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.attribution.Baseline;
import dev.vitrine.lens.attribution.Explainer;
import dev.vitrine.lens.attribution.Progress;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.model.ModelLoader;
import dev.vitrine.lens.objective.ClassScore;
import dev.vitrine.lens.perturbation.Occlusion;
import dev.vitrine.lens.session.ModelSession;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Random;

/**
 * Time of an occlusion map, 16×16 windows with stride 8, over the time of as many whole forward passes in batches.
 *
 * <p>Arguments: the shared folder, and optionally the names of the networks.
 */
public final class OcclusionBenchmark {
    private static final int ROUNDS = 3;

    /** Batches of whole pictures that are tried; the fastest counts. */
    private static final List<Integer> BATCHES = List.of(1, 4, 16);

    /** Whole pictures that are timed, for as many as there are windows. */
    private static final int WHOLE = 32;

    private OcclusionBenchmark() {}

    public static void main(String[] arguments) throws IOException {
        Path shared = Path.of(arguments.length > 0 ? arguments[0] : "../shared");
        List<String> chosen = arguments.length > 1
                ? List.of(arguments).subList(1, arguments.length)
                : List.of("tiny-darknet", "squeezenet-caltech101", "vgg-16");
        System.out.println("| network | windows | whole, s (batch) | map, s | first map with opening, s | ratio |");
        System.out.println("|---|---|---|---|---|---|");
        try (Runner runner = new OnnxRuntimeRunner()) {
            for (String name : chosen) {
                measure(new ModelLoader(runner).load(file(name, shared)), runner);
            }
        }
    }

    private static Path file(String name, Path shared) throws IOException {
        if (!name.equals("vgg-16")) {
            return shared.resolve("models/" + name + ".onnx");
        }
        Path file = Files.createTempDirectory("vitrine-bench").resolve(name + ".onnx");
        OnnxWriter.write(Architectures.vgg16(Architectures.Size.FULL), file);
        return file;
    }

    private static void measure(Model model, Runner runner) {
        Random random = new Random(1);
        Tensor image = noise(random, model, 1);
        Occlusion method = new Occlusion(
                OptionalInt.of(16), OptionalInt.of(8), Baseline.ZERO, Occlusion.Shape.SQUARE, Occlusion.Measure.DROP);
        int windows = method.windows(model).count();
        double[] whole = whole(model, runner, random, windows);
        try (ModelSession session = new ModelSession(model, runner)) {
            long start = System.nanoTime();
            Explainer explainer = session.explainer(method, ClassScore.of(ClassScore.Scale.LOGIT));
            explainer.explain(image, ModelSession.targets(0), Progress.NONE);
            double first = (System.nanoTime() - start) / 1e9;
            double best = Double.POSITIVE_INFINITY;
            for (int round = 0; round < ROUNDS; round++) {
                Tensor other = noise(random, model, 1);
                long from = System.nanoTime();
                explainer.explain(other, ModelSession.targets(0), Progress.NONE);
                best = Math.min(best, (System.nanoTime() - from) / 1e9);
            }
            System.out.printf(
                    Locale.ROOT,
                    "| %s | %d | %.2f (%.0f) | %.2f | %.2f | %.1f |%n",
                    model.name(),
                    windows,
                    whole[0],
                    whole[1],
                    best,
                    first,
                    whole[0] / best);
        }
    }

    /** Seconds for all windows at the best batch, and that batch. */
    private static double[] whole(Model model, Runner runner, Random random, int windows) {
        double[] best = {Double.POSITIVE_INFINITY, 0};
        Graph forward = new Cut(List.of(model.logits())).apply(model.graph());
        for (int batch : BATCHES) {
            Tensor images = noise(random, model, batch);
            try (Executable executable = runner.load(new FixDimension(model.batch(), batch).apply(forward))) {
                executable.run(Map.of(model.input(), images));
                for (int round = 0; round < ROUNDS; round++) {
                    long start = System.nanoTime();
                    for (int done = 0; done < WHOLE; done += batch) {
                        executable.run(Map.of(model.input(), images));
                    }
                    double seconds = (System.nanoTime() - start) / 1e9 / WHOLE * windows;
                    if (seconds < best[0]) {
                        best = new double[] {seconds, batch};
                    }
                }
            }
        }
        return best;
    }

    private static Tensor noise(Random random, Model model, int batch) {
        long[] shape = model.sampleShape();
        shape[0] = batch;
        float[] values = new float[Math.toIntExact(Tensor.elements(shape))];
        for (int i = 0; i < values.length; i++) {
            values[i] = random.nextFloat();
        }
        return Tensor.floats(values, shape);
    }
}
