package dev.vitrine.bench;

import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.rewrite.Cut;
import dev.vitrine.engine.rewrite.FixDimension;
import dev.vitrine.engine.runtime.Executable;
import dev.vitrine.engine.runtime.OnnxRuntimeRunner;
import dev.vitrine.engine.runtime.Runner;
import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.attribution.ExplanationGraph;
import dev.vitrine.lens.attribution.GraphAttribution;
import dev.vitrine.lens.method.Attributions;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.model.ModelLoader;
import dev.vitrine.lens.objective.ClassScore;
import dev.vitrine.lens.objective.Objective;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Cost of each single-graph method relative to one forward pass of one picture, measured interleaved: CPU time on one
 * thread, which other load hardly disturbs, and wall-clock time on all cores.
 *
 * <p>Arguments: the shared folder, and optionally the names of the networks.
 */
public final class RelevanceBenchmark {
    private static final List<String> METHODS = List.of(
            "gradient",
            "guided-backprop",
            "deconvnet",
            "grad-cam",
            "lrp-epsilon",
            "lrp-gamma",
            "lrp-z-plus",
            "lrp-alpha-beta",
            "lrp-z-box",
            "lrp-epsilon-plus",
            "lrp-epsilon-gamma-box",
            "deep-lift");

    private RelevanceBenchmark() {}

    public static void main(String[] arguments) throws IOException {
        Path shared = Path.of(arguments.length > 0 ? arguments[0] : "../shared");
        List<String> chosen = arguments.length > 1
                ? List.of(arguments).subList(1, arguments.length)
                : List.of("squeezenet", "tiny-darknet", "resnet-20", "resnet-50");
        Path folder = Files.createTempDirectory("vitrine-bench");
        System.out.println(
                "| network | method | one thread, ms | over forward | all cores, ms | over forward | handover ns |");
        System.out.println("|---|---|---|---|---|---|---|");
        for (String name : chosen) {
            Runner runner = new OnnxRuntimeRunner();
            Model model = new ModelLoader(runner).load(Networks.file(name, shared, folder));
            for (String method : METHODS) {
                List<Stopwatch.Times> times = measure(runner, model, method, name.startsWith("resnet-5") ? 7 : 30);
                double alone = processorMean(times.get(1));
                double together = times.get(3).median();
                System.out.printf(
                        Locale.ROOT,
                        "| %s | %s | %.2f | %.2f | %.2f | %.2f | %.0f |%n",
                        name,
                        method,
                        alone * 1e3,
                        alone / processorMean(times.get(0)),
                        together * 1e3,
                        together / times.get(2).median(),
                        Handover.nanoseconds());
            }
        }
    }

    /** Mean over all rounds: the CPU clock is too coarse for a single one. */
    private static double processorMean(Stopwatch.Times times) {
        return Arrays.stream(times.processor()).average().orElse(0);
    }

    /** Times of the forward pass and of the method on one thread, then of both on all cores. */
    private static List<Stopwatch.Times> measure(Runner runner, Model model, String id, int rounds) {
        Objective objective = ClassScore.of(ClassScore.Scale.LOGIT);
        FixDimension single = new FixDimension(model.batch(), 1);
        Graph forwardGraph = new Cut(List.of(model.logits())).then(single).apply(model.graph());
        GraphAttribution method = (GraphAttribution) Attributions.find(id).standard();
        ExplanationGraph explanation = method.graph(model, objective);
        Graph graph = single.apply(explanation.graph());
        Tensor image = Networks.noise(model.sampleShape());
        Map<Value, Tensor> inputs = Map.of(model.input(), image, new Value(Objective.TARGET), Tensor.vector(7));
        List<Value> asked = List.of(explanation.attribution());
        try (Executable forwardAlone = runner.loadForOneThread(forwardGraph);
                Executable alone = runner.loadForOneThread(graph);
                Executable forward = runner.load(forwardGraph);
                Executable together = runner.load(graph)) {
            Map<Value, Tensor> picture = Map.of(model.input(), image);
            List<Stopwatch.Times> times = new ArrayList<>(Stopwatch.interleave(
                    2,
                    rounds,
                    List.of(
                            new Stopwatch.Work("forward, one thread", () -> forwardAlone.run(picture)),
                            new Stopwatch.Work(id + ", one thread", () -> alone.run(inputs, asked)))));
            times.addAll(Stopwatch.interleave(
                    2,
                    rounds,
                    List.of(
                            new Stopwatch.Work("forward", () -> forward.run(picture)),
                            new Stopwatch.Work(id, () -> together.run(inputs, asked)))));
            return times;
        }
    }
}
