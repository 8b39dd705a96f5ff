package dev.vitrine.study.probe;

import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.runtime.Executable;
import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.attribution.ModelSession;
import dev.vitrine.lens.attribution.Progress;
import dev.vitrine.lens.model.Layers;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.objective.ClassScore;
import dev.vitrine.study.PooledLayers;
import dev.vitrine.study.PooledLayers.Features;
import dev.vitrine.study.picture.LabelledPictures;
import dev.vitrine.study.picture.PictureBatches;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * How well a new set of classes is told from what a layer holds: a linear classifier and nearest neighbours on the
 * features of each layer, which are computed once. Alain and Bengio 2016, arXiv:1610.01644; as in Zeiler and Fergus 2014,
 * tables 4 to 7.
 */
public final class Probe implements AutoCloseable {
    /** Features between two entries in the index: what a stop may cost. */
    private static final int PICTURES_BETWEEN = 64;

    /** Spreads of class scores that are tried, from narrow to wide. */
    private static final double[] SPREADS = {0.3, 1, 3, 10, 30, 100};

    private static final double USUAL_SPREAD = 3;

    private static final int[] NEIGHBOURS = {1, 3, 5, 10, NearestNeighbours.MOST};

    private final ModelSession session;
    private final LabelledPictures pictures;
    private final ProbePlan plan;
    private final PooledLayers pooled;
    private final FeatureStore store;

    /**
     * @param layers names of layers; {@code all}, or none for the picture, the end of each stage, and the class scores
     * @param folder where features are kept
     */
    public Probe(ModelSession session, LabelledPictures pictures, ProbePlan plan, List<String> layers, Path folder) {
        this.session = session;
        this.pictures = pictures;
        this.plan = plan;
        Model model = session.model();
        this.pooled = PooledLayers.of(model, chosen(model, layers), plan.grids());
        String key = model.sha256() + " " + model.preprocessing() + " " + pictures.fingerprint();
        this.store = new FeatureStore(folder, key, pictures.size(), pooled.features());
    }

    private static List<Value> chosen(Model model, List<String> names) {
        if (names.isEmpty()) {
            return PooledLayers.stages(model);
        }
        if (names.equals(List.of("all"))) {
            return PooledLayers.all(model);
        }
        Layers layers = new Layers(model);
        return names.stream()
                .map(name -> name.equals(model.input().name()) ? model.input() : layers.find(name))
                .distinct()
                .toList();
    }

    /** How many of the pictures have features of every layer already. */
    public int stored() {
        return pooled.features().stream().mapToInt(store::done).min().orElse(0);
    }

    /** Numbers that all layers together hold of a picture. */
    public int numbers() {
        return pooled.features().stream().mapToInt(Features::size).sum();
    }

    /** Layers, each grid counting. */
    public int rows() {
        return pooled.features().size();
    }

    /** Computes the features that are not stored yet. */
    public void extract(Progress progress, Consumer<String> unreadable) {
        List<Integer> indices = IntStream.range(0, pooled.features().size())
                .filter(index -> store.done(pooled.features().get(index)) < pictures.size())
                .boxed()
                .toList();
        if (indices.isEmpty()) {
            return;
        }
        List<Features> missing = indices.stream().map(pooled.features()::get).toList();
        List<Value> outputs = indices.stream().map(pooled.outputs()::get).toList();
        int start = missing.stream().mapToInt(store::done).min().orElseThrow();
        List<Integer> wanted = IntStream.range(start, pictures.size()).boxed().toList();
        Model model = session.model();
        int batch = (int) session.forwardRuns(1 << 10, pooled.graph()).get(0)[1];
        int since = start;
        try (PictureBatches batches = new PictureBatches(pictures, model.preprocessing(), wanted, batch)) {
            int done = start;
            while (batches.hasNext()) {
                PictureBatches.Batch next = batches.next();
                PictureBatches.Batch known = next.isEmpty() ? next : run(next, missing, outputs);
                known.unreadable().forEach(one -> {
                    store.mark(one.place(), one.message());
                    unreadable.accept(one.message());
                });
                done += next.places().size() + next.unreadable().size();
                if (done - since >= PICTURES_BETWEEN || done == pictures.size()) {
                    store.commit(missing, done);
                    since = done;
                }
                progress.report(done, pictures.size());
            }
        }
    }

    /** Stores what can be used of a batch. */
    private PictureBatches.Batch run(PictureBatches.Batch batch, List<Features> missing, List<Value> outputs) {
        Model model = session.model();
        int size = batch.places().size();
        Executable executable = session.executable(
                pooled.features(), ClassScore.of(ClassScore.Scale.LOGIT), List.of(model.batch()), size, pooled::graph);
        Map<Value, Tensor> results = executable.run(Map.of(model.input(), session.filled(batch.tensor())), outputs);
        for (int index = 0; index < missing.size(); index++) {
            store.put(
                    missing.get(index),
                    batch.places(),
                    results.get(outputs.get(index)).rows(0, size));
        }
        return batch.withoutNaN(outputs.stream().map(results::get).toList(), pictures);
    }

    /** Fits and tests each layer in turn. */
    public void measure(Progress progress, Consumer<LayerResult> each) {
        Split split = Split.of(pictures, plan, store.unreadable().keySet());
        int layers = pooled.features().size();
        int steps = SPREADS.length + plan.trials().size();
        for (int index = 0; index < layers; index++) {
            int before = index * steps;
            Progress within = (done, total) -> progress.report(before + done, (long) layers * steps);
            each.accept(new Fit(pooled.features().get(index), split, within).run());
        }
    }

    /** What is known of unreadable pictures: name and reason. */
    public List<String> unreadable() {
        return List.copyOf(store.unreadable().values());
    }

    /** Pictures that teach at the most shots, and pictures that test. */
    public int[] parts() {
        Split split = Split.of(pictures, plan, store.unreadable().keySet());
        return new int[] {split.train(Integer.MAX_VALUE).size(), split.test().size()};
    }

    /** One layer's fits. */
    private final class Fit {
        private final Features features;
        private final Split split;
        private final Progress progress;
        private final Tensor rows;
        private int done;

        Fit(Features features, Split split, Progress progress) {
            this.features = features;
            this.split = split;
            this.progress = progress;
            this.rows = store.read(features);
        }

        LayerResult run() {
            double spread = spread();
            int neighbours = neighbours();
            List<LayerResult.Trial> trials = new ArrayList<>();
            for (int shots : plan.trials()) {
                List<Integer> train = split.train(shots);
                LinearClassifier linear;
                try (LogisticRegression regression = regression(train)) {
                    linear = regression.fit(spread);
                }
                int[] said = linear.classify(session.runner(), rows, split.test());
                int[] voted = nearest(train, split.test()).vote(Math.min(neighbours, shots));
                trials.add(new LayerResult.Trial(
                        shots, train.size(), answers(split.test(), said), answers(split.test(), voted)));
                step();
            }
            return new LayerResult(
                    features.layer().name(),
                    features.operator(),
                    features.grid(),
                    features.size(),
                    spread,
                    neighbours,
                    trials);
        }

        private void step() {
            done++;
            progress.report(done, done);
        }

        private LogisticRegression regression(List<Integer> train) {
            return new LogisticRegression(
                    session.runner(),
                    rows,
                    train,
                    truth(train),
                    pictures.classes().size());
        }

        private NearestNeighbours nearest(List<Integer> train, List<Integer> asked) {
            return new NearestNeighbours(
                    session.runner(),
                    rows,
                    train,
                    truth(train),
                    pictures.classes().size(),
                    asked);
        }

        private int[] truth(List<Integer> places) {
            return places.stream()
                    .mapToInt(place -> pictures.items().get(place).label())
                    .toArray();
        }

        private Answers answers(List<Integer> places, int[] said) {
            return Answers.of(truth(places), said, pictures.classes().size());
        }

        /** The spread that tells the validation part best; the narrower of equals. */
        private double spread() {
            if (split.validation().isEmpty()) {
                done += SPREADS.length;
                return USUAL_SPREAD;
            }
            double best = SPREADS[0];
            double most = -1;
            try (LogisticRegression regression = regression(split.fitting())) {
                for (double spread : SPREADS) {
                    int[] said = regression.fit(spread).classify(session.runner(), rows, split.validation());
                    double share = answers(split.validation(), said).meanPerClass();
                    if (share > most) {
                        most = share;
                        best = spread;
                    }
                    step();
                }
            }
            return best;
        }

        /** The number of neighbours that tells the validation part best; the smaller of equals. */
        private int neighbours() {
            if (split.validation().isEmpty()) {
                return 1;
            }
            NearestNeighbours nearest = nearest(split.fitting(), split.validation());
            int best = NEIGHBOURS[0];
            double most = -1;
            for (int count : NEIGHBOURS) {
                double share = answers(split.validation(), nearest.vote(count)).meanPerClass();
                if (share > most) {
                    most = share;
                    best = count;
                }
            }
            return best;
        }
    }

    @Override
    public void close() {
        store.close();
    }
}
