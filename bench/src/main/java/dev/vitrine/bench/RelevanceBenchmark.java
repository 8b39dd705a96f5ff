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
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Time of every method of one graph over the time of one forward pass, one picture, all cores, all run in turn.
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
        System.out.println("| network | method | ms (min) | ratio of medians | of minima |");
        System.out.println("|---|---|---|---|---|");
        for (String name : chosen) {
            Stopwatch.Times forward = null;
            for (Stopwatch.Times times : measure(name, Networks.file(name, shared, folder))) {
                forward = forward == null ? times : forward;
                System.out.printf(
                        Locale.ROOT,
                        "| %s | %s | %.2f (%.2f) | %.2f | %.2f |%n",
                        name,
                        times.name(),
                        times.median() * 1e3,
                        times.minimum() * 1e3,
                        times.median() / forward.median(),
                        times.minimum() / forward.minimum());
            }
            System.out.printf(Locale.ROOT, "handover %.0f ns%n", Handover.nanoseconds());
        }
    }

    private static List<Stopwatch.Times> measure(String name, Path file) {
        Runner runner = new OnnxRuntimeRunner();
        Model model = new ModelLoader(runner).load(file);
        Objective objective = ClassScore.of(ClassScore.Scale.LOGIT);
        FixDimension single = new FixDimension(model.batch(), 1);
        Graph forwardGraph = new Cut(List.of(model.logits())).then(single).apply(model.graph());
        Tensor image = Networks.noise(model.sampleShape());
        Map<Value, Tensor> inputs = Map.of(model.input(), image, new Value(Objective.TARGET), Tensor.vector(7));
        List<Executable> opened = new ArrayList<>();
        try {
            List<Stopwatch.Work> works = new ArrayList<>();
            Executable forward = runner.load(forwardGraph);
            opened.add(forward);
            works.add(new Stopwatch.Work("forward", () -> forward.run(Map.of(model.input(), image))));
            for (String id : METHODS) {
                GraphAttribution method =
                        (GraphAttribution) Attributions.find(id).make().apply(Attributions.Options.DEFAULT);
                ExplanationGraph explanation = method.graph(model, objective);
                Executable executable = runner.load(single.apply(explanation.graph()));
                opened.add(executable);
                works.add(new Stopwatch.Work(id, () -> executable.run(inputs, List.of(explanation.attribution()))));
            }
            return Stopwatch.interleave(3, name.startsWith("resnet-5") ? 9 : 50, works);
        } finally {
            opened.forEach(Executable::close);
        }
    }
}
