package dev.vitrine.bench;

import dev.vitrine.engine.runtime.Executable;
import dev.vitrine.engine.runtime.OnnxRuntimeRunner;
import dev.vitrine.engine.runtime.Runner;
import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.attribution.Progress;
import dev.vitrine.lens.data.Picture;
import dev.vitrine.lens.data.PictureReader;
import dev.vitrine.lens.data.PictureSource;
import dev.vitrine.lens.data.Resampler;
import dev.vitrine.lens.data.Resampling;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.model.ModelAtSize;
import dev.vitrine.lens.model.ModelLoader;
import dev.vitrine.lens.objective.ClassScore;
import dev.vitrine.lens.objective.MeanSquare;
import dev.vitrine.lens.objective.Objective;
import dev.vitrine.lens.objective.WeightedSum;
import dev.vitrine.lens.session.ModelSession;
import dev.vitrine.lens.visualization.ActivationMaximization;
import dev.vitrine.lens.visualization.Start;
import dev.vitrine.lens.visualization.StyleTransfer;
import dev.vitrine.lens.visualization.Synthesis;
import dev.vitrine.lens.visualization.optimization.Adam;
import dev.vitrine.lens.visualization.optimization.LimitedMemory;
import dev.vitrine.lens.visualization.optimization.Optimizer;
import dev.vitrine.lens.visualization.optimization.PictureLoss;
import dev.vitrine.lens.visualization.optimization.Problem;
import dev.vitrine.lens.visualization.optimization.Search;
import dev.vitrine.lens.visualization.parametrization.Parametrization;
import dev.vitrine.lens.visualization.parametrization.Views;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.SplittableRandom;

/**
 * Time of an optimization step over the time of its graph run; time of a style transfer; logits of synthesized class
 * pictures beside the highest logit of any photo.
 *
 * <p>Arguments: the shared folder, the steps of a class picture, and the classes, by part of their names.
 */
public final class VisualizationBenchmark {
    private static final int STEPS = 8;
    private static final int ROUNDS = 15;
    private static final int STYLE_SIDE = 256;
    private static final int STYLE_STEPS = 200;

    private VisualizationBenchmark() {}

    public static void main(String[] arguments) {
        Path shared = Path.of(arguments.length > 0 ? arguments[0] : "../shared");
        int classSteps = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 256;
        List<String> classes = arguments.length > 2
                ? List.of(arguments).subList(2, arguments.length)
                : List.of("Egyptian cat", "golden retriever", "king penguin");
        try (Runner runner = new OnnxRuntimeRunner();
                ModelSession darknet = open("tiny-darknet", shared, runner);
                ModelSession squeezenet = open("squeezenet-caltech101", shared, runner)) {
            System.out.println(
                    "| network | pixels | optimizer | graph run ms (min) | step ms (min) | ratio of medians | of minima |");
            System.out.println("|---|---|---|---|---|---|---|");
            for (ModelSession session : List.of(darknet, squeezenet)) {
                Objective score = new ClassScore(ClassScore.Scale.LOGIT, OptionalLong.of(1));
                step(session, 224, score, Views.USUAL, new Adam(0.05));
                Objective layers = WeightedSum.of(session.model().anatomy().textures().stream()
                        .map(MeanSquare::new)
                        .toList());
                step(session, STYLE_SIDE, layers, Views.NONE, new Adam(0.05));
                step(session, STYLE_SIDE, layers, Views.NONE, new LimitedMemory(8));
            }
            style(darknet, shared);
            style(squeezenet, shared);
            logits(darknet, shared, classSteps, classes);
        }
    }

    private static ModelSession open(String name, Path shared, Runner runner) {
        return new ModelSession(new ModelLoader(runner).load(shared.resolve("models/" + name + ".onnx")), runner);
    }

    private static void step(ModelSession session, int side, Objective objective, Views views, Optimizer optimizer) {
        Model model = ModelAtSize.of(session.model(), side, side, objective.layers());
        Problem problem = new Problem(model, Parametrization.FOURIER, views, objective, List.of());
        try (PictureLoss loss = problem.open(session.runner());
                Executable plain = session.runner().load(loss.graph())) {
            SplittableRandom random = new SplittableRandom(1);
            float[] start = Parametrization.FOURIER.noise(random, loss.size());
            Tensor look = views.next(random, side, side);
            int[] runs = {0};
            Search search = new Search(optimizer, STEPS);
            List<Stopwatch.Times> times = Stopwatch.interleave(
                    2,
                    ROUNDS,
                    List.of(
                            new Stopwatch.Work("graph", () -> {
                                for (int run = 0; run < STEPS; run++) {
                                    plain.run(loss.inputs(start, look));
                                }
                            }),
                            new Stopwatch.Work("steps", () -> {
                                long before = loss.runs();
                                search.run(
                                        loss,
                                        start.clone(),
                                        new SplittableRandom(1),
                                        Search.Upkeep.NONE,
                                        Search.Watch.NONE,
                                        Progress.NONE);
                                runs[0] = (int) (loss.runs() - before);
                            })));
            Stopwatch.Times graph = times.get(0);
            Stopwatch.Times steps = times.get(1);
            System.out.printf(
                    Locale.ROOT,
                    "| %s | %d | %s | %.2f (%.2f) | %.2f (%.2f) | %.3f | %.3f |%n",
                    model.name(),
                    side,
                    optimizer.label(),
                    1e3 * graph.median() / STEPS,
                    1e3 * graph.minimum() / STEPS,
                    1e3 * steps.median() / runs[0],
                    1e3 * steps.minimum() / runs[0],
                    steps.median() / runs[0] * STEPS / graph.median(),
                    steps.minimum() / runs[0] * STEPS / graph.minimum());
        }
    }

    private static void style(ModelSession session, Path shared) {
        Picture content = square(PictureReader.read(shared.resolve("data/photos/chelsea.png")));
        Picture style = square(PictureReader.read(shared.resolve("data/photos/coffee.png")));
        Model model = session.model();
        long begin = System.nanoTime();
        StyleTransfer.STYLE
                .withSteps(STYLE_STEPS)
                .run(
                        session,
                        content,
                        style,
                        new StyleTransfer.Chosen(
                                List.of(model.anatomy().content()),
                                model.anatomy().textures()),
                        new Start.Image(content),
                        1,
                        Search.Watch.NONE,
                        Progress.NONE);
        System.out.printf(
                Locale.ROOT,
                "style transfer, %s, %d×%d, %d steps: %.1f s%n",
                model.name(),
                STYLE_SIDE,
                STYLE_SIDE,
                STYLE_STEPS,
                (System.nanoTime() - begin) / 1e9);
    }

    private static Picture square(Picture picture) {
        return Resampler.resize(picture, STYLE_SIDE, STYLE_SIDE, Resampling.LANCZOS);
    }

    private static void logits(ModelSession session, Path shared, int steps, List<String> classes) {
        Model model = session.model();
        float[] highest = new float[Math.toIntExact(model.classes())];
        java.util.Arrays.fill(highest, Float.NEGATIVE_INFINITY);
        try (PictureSource photos = PictureSource.open(shared.resolve("data/imagenet-sample-800.zip"))) {
            for (int index = 0; index < photos.size(); index++) {
                float[] logits = session.logits(model.preprocessing().apply(photos.read(index)))
                        .toFloats();
                for (int i = 0; i < logits.length; i++) {
                    highest[i] = Math.max(highest[i], logits[i]);
                }
            }
        }
        System.out.println("| class | highest logit of 800 photos | logit of the synthesized picture |");
        System.out.println("|---|---|---|");
        for (String name : classes) {
            int target = model.labels().find(name);
            ClassScore score = new ClassScore(ClassScore.Scale.LOGIT, OptionalLong.of(target));
            try (ActivationMaximization.Maximizer maximizer =
                    ActivationMaximization.MODERN.withSteps(steps).on(session, score)) {
                Synthesis made = maximizer.run(1, Progress.NONE);
                float logit = session.logits(model.preprocessing().apply(made.picture(0)))
                        .floats()
                        .get(target);
                System.out.printf(
                        Locale.ROOT, "| %s | %.1f | %.1f |%n", model.labels().display(target), highest[target], logit);
            }
        }
    }
}
