package dev.vitrine.bench;

import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.rewrite.FixDimension;
import dev.vitrine.engine.runtime.Executable;
import dev.vitrine.engine.runtime.OnnxRuntimeRunner;
import dev.vitrine.engine.runtime.Runner;
import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.attribution.Baseline;
import dev.vitrine.lens.attribution.Explainer;
import dev.vitrine.lens.attribution.ExplanationGraph;
import dev.vitrine.lens.attribution.IntegratedGradients;
import dev.vitrine.lens.attribution.Progress;
import dev.vitrine.lens.attribution.Quadrature;
import dev.vitrine.lens.attribution.gradient.Gradient;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.model.ModelLoader;
import dev.vitrine.lens.objective.ClassScore;
import dev.vitrine.lens.objective.Objective;
import dev.vitrine.lens.session.ModelSession;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Time of integrated gradients in 50 steps over the time of one forward and backward pass, one picture, all cores.
 *
 * <p>Arguments: the shared folder, and optionally the names of the networks.
 */
public final class IntegratedGradientsBenchmark {
    private static final int STEPS = 50;

    private IntegratedGradientsBenchmark() {}

    public static void main(String[] arguments) throws IOException {
        Path shared = Path.of(arguments.length > 0 ? arguments[0] : "../shared");
        List<String> chosen = arguments.length > 1
                ? List.of(arguments).subList(1, arguments.length)
                : List.of("squeezenet", "tiny-darknet");
        Path folder = Files.createTempDirectory("vitrine-bench");
        System.out.println(
                "| network | forward + backward ms | quadrature | integrated gradients ms | ratio | handover ns |");
        System.out.println("|---|---|---|---|---|---|");
        for (String name : chosen) {
            measure(name, Networks.file(name, shared, folder));
        }
    }

    private static void measure(String name, Path file) {
        Runner runner = new OnnxRuntimeRunner();
        Model model = new ModelLoader(runner).load(file);
        Objective objective = ClassScore.of(ClassScore.Scale.LOGIT);
        ExplanationGraph gradient = new Gradient(Gradient.Kind.PLAIN).graph(model, objective);
        Tensor image = Networks.noise(model.sampleShape());
        Tensor target = Tensor.vector(7);
        Map<Value, Tensor> inputs = Map.of(model.input(), image, new Value(Objective.TARGET), target);
        try (Executable single = runner.load(new FixDimension(model.batch(), 1).apply(gradient.graph()));
                ModelSession session = new ModelSession(model, runner)) {
            List<Quadrature> quadratures = List.of(Quadrature.GAUSS_LEGENDRE, Quadrature.ADAPTIVE);
            List<Stopwatch.Work> works = new ArrayList<>();
            works.add(new Stopwatch.Work("singles", () -> {
                for (int i = 0; i < STEPS; i++) {
                    single.run(inputs, List.of(gradient.attribution()));
                }
            }));
            for (Quadrature quadrature : quadratures) {
                Explainer explainer =
                        session.explainer(new IntegratedGradients(STEPS, quadrature, Baseline.BLACK), objective);
                works.add(
                        new Stopwatch.Work(quadrature.label(), () -> explainer.explain(image, target, Progress.NONE)));
            }
            List<Stopwatch.Times> times = Stopwatch.interleave(2, 10, works);
            double one = times.get(0).median() / STEPS;
            for (Stopwatch.Times integrated : times.subList(1, times.size())) {
                System.out.printf(
                        Locale.ROOT,
                        "| %s | %.2f | %s | %.1f | %.1f | %.0f |%n",
                        name,
                        one * 1e3,
                        integrated.name(),
                        integrated.median() * 1e3,
                        integrated.median() / one,
                        Handover.nanoseconds());
            }
        }
    }
}
