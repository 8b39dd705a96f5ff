package dev.vitrine.bench;

import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.rewrite.Cut;
import dev.vitrine.engine.rewrite.FixDimension;
import dev.vitrine.engine.rewrite.lowering.ComposeLocalResponse;
import dev.vitrine.engine.runtime.Executable;
import dev.vitrine.engine.runtime.OnnxRuntimeRunner;
import dev.vitrine.engine.runtime.Runner;
import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.model.EmbeddedModels;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.model.ModelLoader;
import dev.vitrine.lens.training.data.Batch;
import dev.vitrine.lens.training.network.Network;
import dev.vitrine.lens.training.network.Parameters;
import dev.vitrine.lens.training.step.Loss;
import dev.vitrine.lens.training.step.Sgd;
import dev.vitrine.lens.training.step.TrainingGraph;
import dev.vitrine.lens.training.step.TrainingStep;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.LongStream;

/**
 * Time of one training step over the time of one forward pass, batches of 64, all cores, for the networks that come with
 * the program.
 *
 * <p>The forward pass is that of the ordinary file with its weights as constants; once as it is, once with local
 * response normalization written out as the training step has it.
 */
public final class TrainingBenchmark {
    private static final int BATCH = 64;

    private TrainingBenchmark() {}

    public static void main(String[] arguments) {
        System.out.println(
                "| network | forward ms | forward, LRN written out ms | step ms | step / forward | step / forward,"
                        + " LRN written out | pictures a second | handover ns |");
        System.out.println("|---|---|---|---|---|---|---|---|");
        for (String name : EmbeddedModels.NAMES) {
            measure(name);
        }
    }

    private static void measure(String name) {
        Runner runner = new OnnxRuntimeRunner();
        Model model = new ModelLoader(runner).load(Path.of(name));
        Graph plain = new Cut(List.of(model.logits())).apply(model.graph());
        Graph fixed = new FixDimension(model.batch(), BATCH).apply(plain);
        long[] shape = model.sampleShape();
        shape[0] = BATCH;
        int classes = (int) model.classes();
        Tensor images = Networks.noise(shape);
        long[] labels = LongStream.range(0, BATCH).map(i -> i % classes).toArray();
        Batch batch = new Batch(images, Tensor.longs(labels, BATCH));
        Network network = new Network(plain, model.input(), model.logits());
        Sgd optimizer = new Sgd(0.9, 1e-3, Sgd.Momentum.NESTEROV);
        TrainingGraph graph = TrainingGraph.of(
                network,
                Parameters.all(plain),
                new TrainingGraph.Settings(
                        BATCH,
                        new Loss(0.1, Collections.nCopies(classes, 1.0)),
                        optimizer,
                        OptionalDouble.empty(),
                        runner.channelBlock()));
        Map<Value, Tensor> inputs = Map.of(model.input(), images);
        try (Executable forward = runner.load(fixed);
                Executable composed = runner.load(new ComposeLocalResponse().apply(fixed));
                TrainingStep step = new TrainingStep(graph, optimizer, 1, runner)) {
            List<Stopwatch.Times> times = Stopwatch.interleave(
                    3,
                    30,
                    List.of(
                            new Stopwatch.Work("forward", () -> forward.run(inputs)),
                            new Stopwatch.Work("composed", () -> composed.run(inputs)),
                            new Stopwatch.Work("step", () -> step.run(batch, 1e-4))));
            double once = times.get(0).median();
            double faster = times.get(1).median();
            double whole = times.get(2).median();
            System.out.printf(
                    Locale.ROOT,
                    "| %s | %.1f | %.1f | %.1f | %.2f | %.2f | %.0f | %.0f |%n",
                    name,
                    once * 1e3,
                    faster * 1e3,
                    whole * 1e3,
                    whole / once,
                    whole / faster,
                    BATCH / whole,
                    Handover.nanoseconds());
        }
    }
}
