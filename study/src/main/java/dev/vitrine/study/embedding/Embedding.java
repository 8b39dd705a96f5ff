package dev.vitrine.study.embedding;

import dev.vitrine.engine.runtime.Runner;
import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.attribution.Progress;
import dev.vitrine.lens.embedding.Codes;
import dev.vitrine.lens.embedding.Layout;
import dev.vitrine.lens.embedding.MapQuality;
import dev.vitrine.lens.embedding.Pca;
import dev.vitrine.lens.embedding.Standardized;
import dev.vitrine.lens.neighbor.Distance;
import dev.vitrine.lens.neighbor.ExactNeighbors;
import dev.vitrine.lens.neighbor.Neighbors;
import dev.vitrine.lens.store.PartStore;
import dev.vitrine.lens.store.Question;
import dev.vitrine.study.Outcome;
import dev.vitrine.study.Study;
import dev.vitrine.study.StudyContext;
import dev.vitrine.study.Watcher;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CancellationException;

/**
 * Embeds codes in a few dimensions, and measures the quality of the map.
 *
 * @param runner runs large matrix products
 * @param dimensions of the map
 * @param reduced number of principal components to which codes are reduced first
 */
public record Embedding(
        Runner runner,
        Codes codes,
        Optional<Layout.Labels> labels,
        Layout layout,
        int dimensions,
        Scale scale,
        OptionalInt reduced,
        long seed)
        implements Study<Embedded> {
    private static final int FORMAT = 1;

    /** Larger tables are not evaluated, since quality measures need all pairs. */
    private static final int MOST_COMPARED = 200_000;

    /** Preprocessing of the codes. */
    public enum Scale {
        NONE,
        /** Each column has mean 0 and variance 1. */
        STANDARDIZED,
        /** Each row has length 1, so that Euclidean nearest neighbors have the largest cosine similarity. */
        UNIT
    }

    @Override
    public String id() {
        return "embed";
    }

    @Override
    public Outcome<Embedded> run(StudyContext context) {
        Optional<PartStore> store = layout.isIterative() && context.parts().areKept()
                ? context.parts().of(question())
                : Optional.empty();
        Stopping progress = new Stopping(context.watcher());
        context.watcher().begin(layout.id(), 1);
        try {
            Codes scaled = switch (scale) {
                case NONE -> codes;
                case STANDARDIZED -> Standardized.columns(codes);
                case UNIT -> Standardized.rows(codes);
            };
            Codes taken = reduced.isPresent() ? reduced(scaled, reduced.getAsInt(), progress) : scaled;
            Layout.Memory memory = store.<Layout.Memory>map(
                            parts -> new StoredSteps(parts, context.cadence().get()))
                    .orElse(Layout.Memory.NONE);
            Layout.Laid laid = layout.lay(taken, labels, dimensions, seed, runner, memory, progress);
            if (progress.stopped) {
                Embedded sofar = Embedded.of(layout.id(), codes, dimensions, laid, Optional.empty());
                return Outcome.partial(sofar, sofar.iterations().orElse(0) + " iterations");
            }
            return Outcome.of(Embedded.of(layout.id(), codes, dimensions, laid, quality(taken, laid)));
        } finally {
            context.watcher().end();
        }
    }

    private Question question() {
        return Question.of(id(), FORMAT)
                .with("codes", codes.content())
                .with("labels", labels.map(given -> Arrays.toString(given.of())).orElse("none"))
                .with("method", layout)
                .with("dimensions", dimensions)
                .with("scale", scale)
                .with("reduced", reduced)
                .with("seed", seed);
    }

    /** Records whether it was asked to stop. */
    private static final class Stopping implements Progress {
        private final Watcher watcher;
        private boolean stopped;

        Stopping(Watcher watcher) {
            this.watcher = watcher;
        }

        @Override
        public void report(long done, long total) {
            try {
                watcher.report(done, total);
                watcher.check();
            } catch (CancellationException asked) {
                stopped = true;
                throw asked;
            }
        }
    }

    private Codes reduced(Codes all, int components, Progress progress) {
        Pca pca = Pca.of(all, components, runner, seed, progress);
        return Codes.of(pca.project(all, Pca.Scaling.NONE, runner), components);
    }

    private Optional<MapQuality> quality(Codes taken, Layout.Laid laid) {
        int count = Math.min(MapQuality.NEAREST, taken.rows() - 1);
        if (taken.rows() > MOST_COMPARED || count < 1) {
            return Optional.empty();
        }
        double[] values = Layout.all(taken);
        Neighbors inCodes = laid.near()
                .filter(near -> near.count() >= count)
                .map(near -> near.first(count))
                .orElseGet(() -> nearest(values, taken.columns(), count));
        Neighbors onMap = nearest(laid.points(), dimensions, count);
        return Optional.of(MapQuality.of(
                values,
                taken.columns(),
                laid.points(),
                dimensions,
                inCodes,
                onMap,
                labels.map(Layout.Labels::of),
                runner));
    }

    private Neighbors nearest(double[] values, int columns, int count) {
        try (ExactNeighbors search = new ExactNeighbors(runner, values, columns, Distance.EUCLIDEAN)) {
            return search.ofKnown(count, Progress.NONE);
        }
    }

    /** The map as {@code f32[rows, dimensions]}. */
    static Tensor tensor(double[] points, int dimensions) {
        float[] values = new float[points.length];
        for (int index = 0; index < values.length; index++) {
            values[index] = (float) points[index];
        }
        return Tensor.floats(values, points.length / dimensions, dimensions);
    }
}
