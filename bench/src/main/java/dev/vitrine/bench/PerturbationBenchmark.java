package dev.vitrine.bench;

import dev.vitrine.engine.rewrite.Cut;
import dev.vitrine.engine.rewrite.FixDimension;
import dev.vitrine.engine.runtime.Executable;
import dev.vitrine.engine.runtime.OnnxRuntimeRunner;
import dev.vitrine.engine.runtime.Runner;
import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.attribution.Attribution;
import dev.vitrine.lens.attribution.Explainer;
import dev.vitrine.lens.attribution.Progress;
import dev.vitrine.lens.data.PictureReader;
import dev.vitrine.lens.method.Attributions;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.model.ModelLoader;
import dev.vitrine.lens.objective.ClassScore;
import dev.vitrine.lens.perturbation.FeatureAblation;
import dev.vitrine.lens.perturbation.Rise;
import dev.vitrine.lens.session.ModelSession;
import dev.vitrine.lens.setting.SettingValues;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.ToDoubleFunction;

/**
 * Time of RISE, LIME and feature ablation over the time of as many plain forward passes of the same network, in batches
 * of 1, 4 and 16, whichever is fastest.
 *
 * <p>Arguments: the shared folder, the number of RISE's masks (LIME takes a quarter, plain passes a fifth of it), the
 * number of counted rounds, and the names of the networks.
 */
public final class PerturbationBenchmark {
    private static final List<Integer> BATCHES = List.of(1, 4, 16);
    private static final int LARGEST_BATCH = 16;

    private PerturbationBenchmark() {}

    public static void main(String[] arguments) {
        Path shared = Path.of(arguments.length > 0 ? arguments[0] : "../shared");
        int masks = arguments.length > 1 ? Integer.parseInt(arguments[1]) : new Rise().samples();
        int rounds = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 3;
        List<String> names = arguments.length > 3
                ? List.of(arguments).subList(3, arguments.length)
                : List.of("tiny-darknet", "squeezenet-caltech101");
        System.out.println(
                "| network | work | ms each, median (min) | over the fastest plain, medians | minima | processor |");
        System.out.println("|---|---|---|---|---|---|");
        try (Runner runner = new OnnxRuntimeRunner()) {
            for (String name : names) {
                measure(
                        new ModelLoader(runner).load(shared.resolve("models/" + name + ".onnx")),
                        runner,
                        shared,
                        masks,
                        rounds);
            }
        }
    }

    private static void measure(Model model, Runner runner, Path shared, int masks, int rounds) {
        Tensor image = model.preprocessing().apply(PictureReader.read(shared.resolve("data/photos/chelsea.png")));
        List<Executable> opened = new ArrayList<>();
        List<Stopwatch.Work> works = new ArrayList<>();
        List<Integer> counts = new ArrayList<>();
        int passes = masks / 5 / LARGEST_BATCH * LARGEST_BATCH;
        try (ModelSession session = new ModelSession(model, runner)) {
            for (int batch : BATCHES) {
                Executable plain = runner.load(new Cut(List.of(model.logits()))
                        .then(new FixDimension(model.batch(), batch))
                        .apply(model.graph()));
                opened.add(plain);
                Tensor images = Tensor.concatenate(Collections.nCopies(batch, image));
                counts.add(passes);
                works.add(new Stopwatch.Work("plain, batches of " + batch, () -> {
                    for (int run = 0; run < passes / batch; run++) {
                        plain.run(Map.of(model.input(), images));
                    }
                }));
            }
            Map<String, Integer> asked = new LinkedHashMap<>();
            asked.put("rise", masks);
            asked.put("lime", masks / 4);
            asked.put("feature-ablation", new FeatureAblation().superpixels());
            asked.forEach((id, count) -> {
                counts.add(count);
                Attribution method = Attributions.find(id).with(SettingValues.NONE.with("samples", count));
                Explainer explainer = session.explainer(method, ClassScore.of(ClassScore.Scale.LOGIT));
                AtomicInteger round = new AtomicInteger();
                works.add(new Stopwatch.Work(id, () -> {
                    // The same question twice would be answered from memory.
                    Tensor darker = darker(image, round.incrementAndGet());
                    explainer.explain(darker, ModelSession.targets(0), Progress.NONE);
                }));
            });
            print(model, counts, Stopwatch.interleave(1, rounds, works));
        } finally {
            opened.forEach(Executable::close);
        }
    }

    private static Tensor darker(Tensor image, int round) {
        float[] values = image.toFloats();
        for (int index = 0; index < values.length; index++) {
            values[index] *= 1 - 0.01f * round;
        }
        return Tensor.floats(values, image.shape());
    }

    private static void print(Model model, List<Integer> counts, List<Stopwatch.Times> times) {
        double median = fastest(counts, times, Stopwatch.Times::median);
        double minimum = fastest(counts, times, Stopwatch.Times::minimum);
        double processor = fastest(counts, times, Stopwatch.Times::processorMedian);
        for (int index = 0; index < times.size(); index++) {
            Stopwatch.Times one = times.get(index);
            int count = counts.get(index);
            System.out.printf(
                    Locale.ROOT,
                    "| %s | %s × %d | %.2f (%.2f) | %.3f | %.3f | %.3f |%n",
                    model.name(),
                    one.name(),
                    count,
                    1e3 * one.median() / count,
                    1e3 * one.minimum() / count,
                    one.median() / count / median,
                    one.minimum() / count / minimum,
                    one.processorMedian() / count / processor);
        }
    }

    /** Of the plain passes, seconds each. */
    private static double fastest(
            List<Integer> counts, List<Stopwatch.Times> times, ToDoubleFunction<Stopwatch.Times> measure) {
        double fastest = Double.POSITIVE_INFINITY;
        for (int index = 0; index < BATCHES.size(); index++) {
            fastest = Math.min(fastest, measure.applyAsDouble(times.get(index)) / counts.get(index));
        }
        return fastest;
    }
}
