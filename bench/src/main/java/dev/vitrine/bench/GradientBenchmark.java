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
import dev.vitrine.lens.attribution.gradient.Gradient;
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
 * Time of one forward and backward pass to the input over the time of one forward pass, one 224×224 picture, all cores.
 *
 * <p>Arguments: the shared folder, and optionally the networks by name or ONNX file.
 */
public final class GradientBenchmark {
    private record Row(String name, double forward, double both, double minimumForward, double minimumBoth) {
        double ratio() {
            return both / forward;
        }
    }

    private GradientBenchmark() {}

    public static void main(String[] arguments) throws IOException {
        Path shared = Path.of(arguments.length > 0 ? arguments[0] : "../shared");
        List<String> chosen = arguments.length > 1
                ? List.of(arguments).subList(1, arguments.length)
                : List.of("squeezenet", "tiny-darknet", "resnet-50", "vgg-16");
        Path folder = Files.createTempDirectory("vitrine-bench");
        List<Row> rows = new ArrayList<>();
        System.out.println(
                "| network | forward ms (min) | forward + backward ms (min) | ratio of medians | of minima | handover ns |");
        System.out.println("|---|---|---|---|---|---|");
        for (String name : chosen) {
            Row row = measure(name, Networks.file(name, shared, folder));
            rows.add(row);
            System.out.printf(
                    Locale.ROOT,
                    "| %s | %.2f (%.2f) | %.2f (%.2f) | %.2f | %.2f | %.0f |%n",
                    name,
                    row.forward() * 1e3,
                    row.minimumForward() * 1e3,
                    row.both() * 1e3,
                    row.minimumBoth() * 1e3,
                    row.ratio(),
                    row.minimumBoth() / row.minimumForward(),
                    Handover.nanoseconds());
        }
        double logarithms = rows.stream()
                .mapToDouble(row -> Math.log(row.ratio()))
                .average()
                .orElse(0);
        System.out.printf(Locale.ROOT, "| geometric mean | | | %.2f | | |%n", Math.exp(logarithms));
    }

    private static Row measure(String name, Path file) {
        Runner runner = new OnnxRuntimeRunner();
        Model model = new ModelLoader(runner).load(file);
        Objective objective = ClassScore.of(ClassScore.Scale.LOGIT);
        ExplanationGraph explanation = new Gradient(Gradient.Kind.PLAIN).graph(model, objective);
        FixDimension single = new FixDimension(model.batch(), 1);
        Graph forwardGraph = new Cut(List.of(model.logits())).then(single).apply(model.graph());
        Tensor image = Networks.noise(model.sampleShape());
        Map<Value, Tensor> forwardInputs = Map.of(model.input(), image);
        Map<Value, Tensor> inputs = Map.of(model.input(), image, new Value(Objective.TARGET), Tensor.vector(7));
        try (Executable forward = runner.load(forwardGraph);
                Executable both = runner.load(single.apply(explanation.graph()))) {
            List<Stopwatch.Times> times = Stopwatch.interleave(
                    5,
                    name.equals("vgg-16") || name.equals("resnet-50") || name.endsWith(".onnx") ? 15 : 100,
                    List.of(
                            new Stopwatch.Work("forward", () -> forward.run(forwardInputs)),
                            new Stopwatch.Work("both", () -> both.run(inputs, List.of(explanation.attribution())))));
            Stopwatch.Times forwardTimes = times.get(0);
            Stopwatch.Times bothTimes = times.get(1);
            return new Row(
                    name, forwardTimes.median(), bothTimes.median(), forwardTimes.minimum(), bothTimes.minimum());
        }
    }
}
