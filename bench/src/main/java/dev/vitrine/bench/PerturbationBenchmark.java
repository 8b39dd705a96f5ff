package dev.vitrine.bench;

import dev.vitrine.engine.rewrite.Cut;
import dev.vitrine.engine.rewrite.FixDimension;
import dev.vitrine.engine.runtime.Executable;
import dev.vitrine.engine.runtime.OnnxRuntimeRunner;
import dev.vitrine.engine.runtime.Runner;
import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.attribution.Attribution;
import dev.vitrine.lens.attribution.Explainer;
import dev.vitrine.lens.attribution.ModelSession;
import dev.vitrine.lens.attribution.Progress;
import dev.vitrine.lens.data.PictureReader;
import dev.vitrine.lens.method.Attributions;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.model.ModelLoader;
import dev.vitrine.lens.objective.ClassScore;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Time of RISE and LIME over the time of as many plain forward passes of the same network, in batches of 1, 4 and 16,
 * whichever is fastest.
 *
 * <p>Arguments: the shared folder, the number of masks, the number of counted rounds, and the names of the networks.
 */
public final class PerturbationBenchmark {
    private static final List<Integer> BATCHES = List.of(1, 4, 16);

    private PerturbationBenchmark() {}

    public static void main(String[] arguments) {
        Path shared = Path.of(arguments.length > 0 ? arguments[0] : "../shared");
        int masks = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 800;
        int rounds = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 3;
        List<String> names = arguments.length > 3
                ? List.of(arguments).subList(3, arguments.length)
                : List.of("tiny-darknet", "squeezenet-caltech101");
        System.out.println("| network | work | ms each, median (min) | over the fastest plain, medians | minima |");
        System.out.println("|---|---|---|---|---|");
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
        try (ModelSession session = new ModelSession(model, runner)) {
            for (int batch : BATCHES) {
                Executable plain = runner.load(new Cut(List.of(model.logits()))
                        .then(new FixDimension(model.batch(), batch))
                        .apply(model.graph()));
                opened.add(plain);
                Tensor images = Tensor.concatenate(Collections.nCopies(batch, image));
                works.add(new Stopwatch.Work("plain, batches of " + batch, () -> {
                    for (int run = 0; run < masks / batch; run++) {
                        plain.run(Map.of(model.input(), images));
                    }
                }));
            }
            for (String id : List.of("rise", "lime")) {
                Attribution method =
                        Attributions.find(id).make().apply(Attributions.Options.DEFAULT.withSamples(masks));
                Explainer explainer = session.explainer(method, ClassScore.of(ClassScore.Scale.LOGIT));
                works.add(
                        new Stopwatch.Work(id, () -> explainer.explain(image, ModelSession.targets(0), Progress.NONE)));
            }
            print(model, masks, Stopwatch.interleave(1, rounds, works));
        } finally {
            opened.forEach(Executable::close);
        }
    }

    private static void print(Model model, int masks, List<Stopwatch.Times> times) {
        List<Stopwatch.Times> plain = times.subList(0, BATCHES.size());
        double median = plain.stream()
                .min(Comparator.comparingDouble(Stopwatch.Times::median))
                .orElseThrow()
                .median();
        double minimum = plain.stream()
                .min(Comparator.comparingDouble(Stopwatch.Times::minimum))
                .orElseThrow()
                .minimum();
        for (Stopwatch.Times one : times) {
            System.out.printf(
                    Locale.ROOT,
                    "| %s | %s | %.2f (%.2f) | %.3f | %.3f |%n",
                    model.name(),
                    one.name(),
                    1e3 * one.median() / masks,
                    1e3 * one.minimum() / masks,
                    one.median() / median,
                    one.minimum() / minimum);
        }
    }
}
