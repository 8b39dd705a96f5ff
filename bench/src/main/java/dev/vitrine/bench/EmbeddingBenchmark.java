package dev.vitrine.bench;

import dev.vitrine.engine.runtime.OnnxRuntimeRunner;
import dev.vitrine.engine.runtime.Runner;
import dev.vitrine.lens.assignment.CellGrid;
import dev.vitrine.lens.attribution.Progress;
import dev.vitrine.lens.embedding.Codes;
import dev.vitrine.lens.embedding.Layout;
import dev.vitrine.lens.embedding.Pca;
import dev.vitrine.lens.embedding.tsne.Tsne;
import dev.vitrine.lens.embedding.umap.Umap;
import dev.vitrine.lens.neighbor.Distance;
import dev.vitrine.lens.neighbor.ExactNeighbors;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;

/**
 * Seconds to lay out points of ten Gaussian groups, {@code [points, 50]}, and of the parts of that work.
 *
 * <p>Arguments: the number of points, the number of counted rounds.
 */
public final class EmbeddingBenchmark {
    private static final int COLUMNS = 50;
    private static final int WIDE = 512;
    private static final int GROUPS = 10;
    private static final int PICTURES = 2500;

    private EmbeddingBenchmark() {}

    public static void main(String[] arguments) {
        int points = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 10_000;
        int rounds = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 3;
        Codes codes = Codes.of(groups(points, COLUMNS), COLUMNS);
        double[] wide = groups(points, WIDE);
        double[] places = groups(PICTURES, 2);
        try (Runner runner = new OnnxRuntimeRunner()) {
            List<Stopwatch.Work> works = List.of(
                    new Stopwatch.Work("t-SNE, 750 steps", () -> lay(Tsne.USUAL, codes, runner)),
                    new Stopwatch.Work("UMAP", () -> lay(Umap.USUAL, codes, runner)),
                    new Stopwatch.Work(
                            "PCA to 50 of " + WIDE + " columns",
                            () -> Pca.of(Codes.of(wide, WIDE), COLUMNS, runner, 0, Progress.NONE)),
                    new Stopwatch.Work("10 neighbors in " + WIDE + " columns", () -> neighbors(wide, runner)),
                    new Stopwatch.Work(
                            "optimal assignment of " + PICTURES + " places",
                            () -> CellGrid.of(
                                    places, 2, CellGrid.Fitting.OPTIMAL, OptionalInt.empty(), Progress.NONE)));
            System.out.println("| work | s, median (min) | processor |");
            System.out.println("|---|---|---|");
            for (Stopwatch.Times times : Stopwatch.interleave(1, rounds, works)) {
                System.out.printf(
                        Locale.ROOT,
                        "| %s | %.2f (%.2f) | %.2f |%n",
                        times.name(),
                        times.median(),
                        times.minimum(),
                        times.processorMedian());
            }
        }
    }

    private static void lay(Layout layout, Codes codes, Runner runner) {
        layout.lay(codes, Optional.empty(), 2, 0, runner, Layout.Memory.NONE, Progress.NONE);
    }

    private static void neighbors(double[] values, Runner runner) {
        try (ExactNeighbors search = new ExactNeighbors(runner, values, WIDE, Distance.EUCLIDEAN)) {
            search.ofKnown(10, Progress.NONE);
        }
    }

    /** Normally distributed about centers that lie three deviations apart in each column. */
    private static double[] groups(int points, int columns) {
        Random random = new Random(1);
        double[] centers = random.doubles((long) GROUPS * columns, -1.5, 1.5).toArray();
        double[] values = new double[points * columns];
        for (int index = 0; index < values.length; index++) {
            values[index] = centers[index / columns % GROUPS * columns + index % columns] + random.nextGaussian() / 2;
        }
        return values;
    }
}
