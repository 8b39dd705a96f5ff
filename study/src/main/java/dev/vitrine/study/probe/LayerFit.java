package dev.vitrine.study.probe;

import dev.vitrine.engine.runtime.Runner;
import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.attribution.Progress;
import dev.vitrine.study.PooledLayers.Features;
import dev.vitrine.study.picture.LabeledPictures;
import java.util.ArrayList;
import java.util.List;

/** Fits and tests the classifiers of one layer. */
final class LayerFit {
    /** Candidate spreads of the class scores, ascending. */
    private static final double[] SPREADS = {0.3, 1, 3, 10, 30, 100};

    private static final double USUAL_SPREAD = 3;

    private static final int[] NEIGHBORS = {1, 3, 5, 10, NearestNeighbors.MOST};

    private final Runner runner;
    private final LabeledPictures pictures;
    private final ProbePlan plan;
    private final Split split;
    private final Features features;
    private final Tensor rows;
    private final Progress progress;
    private int done;

    LayerFit(
            Runner runner,
            LabeledPictures pictures,
            ProbePlan plan,
            Split split,
            Features features,
            Tensor rows,
            Progress progress) {
        this.runner = runner;
        this.pictures = pictures;
        this.plan = plan;
        this.split = split;
        this.features = features;
        this.rows = rows;
        this.progress = progress;
    }

    /** Progress steps reported per fit. */
    static int steps(ProbePlan plan) {
        return SPREADS.length + plan.trials().size();
    }

    LayerResult run() {
        double spread = spread();
        int neighbors = neighbors();
        List<LayerResult.Trial> trials = new ArrayList<>();
        for (int shots : plan.trials()) {
            List<Integer> train = split.train(shots);
            LinearClassifier linear;
            try (LogisticRegression regression = regression(train)) {
                linear = regression.fit(spread);
            }
            int[] said = linear.classify(runner, rows, split.test());
            int[] voted = nearest(train, split.test()).vote(Math.min(neighbors, shots));
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
                neighbors,
                trials);
    }

    private void step() {
        done++;
        progress.report(done, done);
    }

    private LogisticRegression regression(List<Integer> train) {
        return new LogisticRegression(
                runner, rows, train, truth(train), pictures.classes().size());
    }

    private NearestNeighbors nearest(List<Integer> train, List<Integer> asked) {
        return new NearestNeighbors(
                runner, rows, train, truth(train), pictures.classes().size(), asked);
    }

    private int[] truth(List<Integer> places) {
        return places.stream()
                .mapToInt(place -> pictures.items().get(place).label())
                .toArray();
    }

    private Answers answers(List<Integer> places, int[] said) {
        return Answers.of(truth(places), said, pictures.classes().size());
    }

    /** The spread with the best validation accuracy; the smallest if tied. */
    private double spread() {
        if (split.validation().isEmpty()) {
            done += SPREADS.length;
            return USUAL_SPREAD;
        }
        double best = SPREADS[0];
        double most = -1;
        try (LogisticRegression regression = regression(split.fitting())) {
            for (double spread : SPREADS) {
                int[] said = regression.fit(spread).classify(runner, rows, split.validation());
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

    /** The number of neighbors with the best validation accuracy; the smallest if tied. */
    private int neighbors() {
        if (split.validation().isEmpty()) {
            return 1;
        }
        NearestNeighbors nearest = nearest(split.fitting(), split.validation());
        int best = NEIGHBORS[0];
        double most = -1;
        for (int count : NEIGHBORS) {
            double share = answers(split.validation(), nearest.vote(count)).meanPerClass();
            if (share > most) {
                most = share;
                best = count;
            }
        }
        return best;
    }
}
