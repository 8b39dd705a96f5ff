package dev.vitrine.lens.embedding.layout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vitrine.lens.attribution.Nets;
import dev.vitrine.lens.attribution.Progress;
import dev.vitrine.lens.embedding.Codes;
import dev.vitrine.lens.embedding.Layout;
import dev.vitrine.lens.embedding.MapQuality;
import dev.vitrine.lens.embedding.Start;
import dev.vitrine.lens.embedding.tsne.Tsne;
import dev.vitrine.lens.neighbor.Distance;
import dev.vitrine.lens.neighbor.ExactNeighbors;
import dev.vitrine.lens.neighbor.Neighbors;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ForkJoinPool;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds for every way to lay codes out. */
class LayoutContractTest {
    private static final int ROWS = 700;
    private static final int COLUMNS = 10;
    private static final int CLASSES = 4;

    private static final Layout.Labels LABELS = new Layout.Labels(
            Stream.iterate(0, row -> row + 1)
                    .limit(ROWS)
                    .mapToInt(row -> row % CLASSES)
                    .toArray(),
            CLASSES);

    static Stream<Layout> all() {
        return Layouts.ALL.stream();
    }

    static Stream<Layout> steppers() {
        return Layouts.ALL.stream()
                .filter(layout ->
                        lay(layout, Layout.Memory.NONE, Progress.NONE).steps().isPresent());
    }

    /** Four groups. */
    private static double[] codes() {
        Random random = new Random(1);
        double[] values = new double[ROWS * COLUMNS];
        for (int index = 0; index < values.length; index++) {
            int label = index / COLUMNS % CLASSES;
            values[index] = random.nextGaussian() + (index % COLUMNS == label ? 9 : 0);
        }
        return values;
    }

    private static Layout.Laid lay(Layout layout, Layout.Memory memory, Progress progress) {
        return layout.lay(Codes.of(codes(), COLUMNS), Optional.of(LABELS), 2, 7, Nets.RUNNER, memory, progress);
    }

    @ParameterizedTest
    @MethodSource("all")
    void theSameBytesOnAnyNumberOfThreads(Layout layout) throws InterruptedException, ExecutionException {
        double[] expected = lay(layout, Layout.Memory.NONE, Progress.NONE).points();
        assertThat(expected).hasSize(2 * ROWS).doesNotContain(Double.NaN);
        for (int threads : new int[] {1, 3}) {
            ForkJoinPool pool = new ForkJoinPool(threads);
            try {
                double[] found = pool.submit(() ->
                                lay(layout, Layout.Memory.NONE, Progress.NONE).points())
                        .get();
                assertThat(found).isEqualTo(expected);
            } finally {
                pool.shutdown();
            }
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    void groupsStayTogether(Layout layout) {
        Layout.Laid laid = lay(layout, Layout.Memory.NONE, Progress.NONE);
        MapQuality quality = MapQuality.of(
                codes(),
                COLUMNS,
                laid.points(),
                2,
                nearest(codes(), COLUMNS),
                nearest(laid.points(), 2),
                Optional.of(LABELS.of()),
                Nets.RUNNER);
        assertThat(quality.purity().orElseThrow().map()).isGreaterThan(0.7);
        assertThat(quality.trustworthiness()).isGreaterThan(0.75);
    }

    private static Neighbors nearest(double[] values, int columns) {
        try (ExactNeighbors search = new ExactNeighbors(Nets.RUNNER, values, columns, Distance.EUCLIDEAN)) {
            return search.ofKnown(12, Progress.NONE);
        }
    }

    private static final class Kept implements Layout.Memory {
        private Optional<Layout.State> state = Optional.empty();

        @Override
        public Optional<Layout.State> recalled() {
            return state;
        }

        @Override
        public void pass(Supplier<Layout.State> now) {}

        @Override
        public void keep(Layout.State now) {
            state = Optional.of(now);
        }
    }

    @ParameterizedTest
    @MethodSource("steppers")
    void stoppedAndResumedEqualsNeverStopped(Layout layout) {
        double[] whole = lay(layout, Layout.Memory.NONE, Progress.NONE).points();
        Kept kept = new Kept();
        Layout.Laid partial = lay(layout, kept, (done, total) -> {
            if (done == 123) {
                throw new CancellationException("stopped");
            }
        });
        assertThat(partial.steps()).hasValue(123);
        assertThat(partial.points()).isNotEqualTo(whole);
        assertThat(lay(layout, kept, Progress.NONE).points()).isEqualTo(whole);
    }

    /** Cells of a tree stand for their points: nearly the same map as by all pairs. */
    @ParameterizedTest
    @EnumSource(
            value = Tsne.Repelling.class,
            names = {"BARNES_HUT", "FFT"})
    void approximateRepulsionComesToTheSameDivergence(Tsne.Repelling repulsion) {
        double expected = divergence(Tsne.Repelling.EXACT);
        assertThat(divergence(repulsion)).isBetween(0.98 * expected, 1.02 * expected);
    }

    private static double divergence(Tsne.Repelling repulsion) {
        Tsne tsne = new Tsne(List.of(30.0), 250, 100, 12, Start.PCA, repulsion, 0.5, OptionalDouble.empty());
        return lay(tsne, Layout.Memory.NONE, Progress.NONE).divergence().getAsDouble();
    }
}
