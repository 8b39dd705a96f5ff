package dev.vitrine.bench;

import dev.vitrine.engine.rewrite.Cut;
import dev.vitrine.engine.rewrite.FixDimension;
import dev.vitrine.engine.runtime.Executable;
import dev.vitrine.engine.runtime.OnnxRuntimeRunner;
import dev.vitrine.engine.runtime.Runner;
import dev.vitrine.lens.data.PictureSource;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.model.ModelLoader;
import dev.vitrine.lens.session.ModelSession;
import dev.vitrine.lens.store.Question;
import dev.vitrine.lens.unit.ChannelLayer;
import dev.vitrine.study.Batch;
import dev.vitrine.study.StudyContext;
import dev.vitrine.study.Survey;
import dev.vitrine.study.unit.example.ExampleSearch;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Pictures a second of the search for strongest and weakest examples, over those of plain forward passes in batches of 1,
 * 4 and 8, whichever is fastest; both decode every picture, beside the runs.
 *
 * <p>Arguments: the shared folder, the number of counted rounds, the network, the archive.
 */
public final class ExampleBenchmark {
    private static final List<Integer> BATCHES = List.of(1, 4, 8);

    private ExampleBenchmark() {}

    public static void main(String[] arguments) {
        Path shared = Path.of(arguments.length > 0 ? arguments[0] : "../shared");
        int rounds = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 3;
        String network = arguments.length > 2 ? arguments[2] : "tiny-darknet";
        String archive = arguments.length > 3 ? arguments[3] : "imagenet-sample-800.zip";
        try (Runner runner = new OnnxRuntimeRunner();
                PictureSource source = PictureSource.open(shared.resolve("data/" + archive));
                ModelSession session = new ModelSession(
                        new ModelLoader(runner).load(shared.resolve("models/" + network + ".onnx")), runner)) {
            Model model = session.model();
            List<Stopwatch.Work> works = new ArrayList<>();
            for (int batch : BATCHES) {
                works.add(new Stopwatch.Work(
                        "plain, batches of " + batch,
                        () -> new Plain(model, source, batch).run(StudyContext.of(session))));
            }
            for (boolean every : new boolean[] {false, true}) {
                List<ChannelLayer> layers = every ? ChannelLayer.all(model) : ChannelLayer.stages(model);
                int channels = layers.stream().mapToInt(ChannelLayer::channels).sum();
                works.add(new Stopwatch.Work(
                        "top 9 and bottom 9 of " + channels + " channels of " + layers.size() + " layers",
                        () -> ExampleSearch.of(model, source, layers, 9, 9).run(StudyContext.of(session))));
            }
            print(model, source, Stopwatch.interleave(1, rounds, works));
        }
    }

    /** How many pictures went forward. */
    record Passed(int pictures) {}

    /** A forward pass of each picture. */
    record Plain(Model model, PictureSource pictures, int batch) implements Survey<Passed, Passed> {
        @Override
        public String id() {
            return "plain";
        }

        @Override
        public Question question() {
            return Question.of(id(), 1).with(model).with(pictures);
        }

        @Override
        public Class<Passed> part() {
            return Passed.class;
        }

        @Override
        public Look<Passed> open(ModelSession session, int size) {
            Executable forward = session.runner()
                    .load(new Cut(List.of(model.logits()))
                            .then(new FixDimension(model.batch(), size))
                            .apply(model.graph()));
            return new Look<>() {
                @Override
                public Passed at(Batch pictures) {
                    forward.run(Map.of(model.input(), pictures.images()));
                    return new Passed(pictures.items().size());
                }

                @Override
                public void close() {
                    forward.close();
                }
            };
        }

        @Override
        public Passed merge(Passed left, Passed right) {
            return new Passed(left.pictures() + right.pictures());
        }

        @Override
        public Passed finish(Passed all, Seen seen) {
            return all;
        }
    }

    private static void print(Model model, PictureSource source, List<Stopwatch.Times> times) {
        List<Stopwatch.Times> plain = times.subList(0, BATCHES.size());
        double median = plain.stream()
                .min(Comparator.comparingDouble(Stopwatch.Times::median))
                .orElseThrow()
                .median();
        double minimum = plain.stream()
                .min(Comparator.comparingDouble(Stopwatch.Times::minimum))
                .orElseThrow()
                .minimum();
        System.out.println(
                "| network | work | pictures a second, median (best) | of the fastest plain, medians | best |");
        System.out.println("|---|---|---|---|---|");
        for (Stopwatch.Times one : times) {
            System.out.printf(
                    Locale.ROOT,
                    "| %s | %s | %.1f (%.1f) | %.2f | %.2f |%n",
                    model.name(),
                    one.name(),
                    source.size() / one.median(),
                    source.size() / one.minimum(),
                    median / one.median(),
                    minimum / one.minimum());
        }
    }
}
