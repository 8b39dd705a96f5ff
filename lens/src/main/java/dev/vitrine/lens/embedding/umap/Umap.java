package dev.vitrine.lens.embedding.umap;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.runtime.Runner;
import dev.vitrine.lens.attribution.Progress;
import dev.vitrine.lens.embedding.Codes;
import dev.vitrine.lens.embedding.Layout;
import dev.vitrine.lens.embedding.NeighborGraph;
import dev.vitrine.lens.embedding.Start;
import dev.vitrine.lens.neighbor.Distance;
import dev.vitrine.lens.neighbor.ExactNeighbors;
import dev.vitrine.lens.neighbor.Neighbors;
import dev.vitrine.lens.setting.Setting;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.concurrent.CancellationException;
import java.util.stream.IntStream;

/**
 * UMAP: lays out the fuzzy neighbor graph so that connected points are near each other. McInnes et al. 2018,
 * arXiv:1802.03426. Each epoch moves all points at once, by Adam with a step size that decays to 0, so that a map is
 * the same on any number of processors.
 */
public record Umap(
        @Setting(meaning = "size of the neighborhood of each point, itself included", least = 2)
        int neighbors,

        @Setting(meaning = "minimum distance between points on the map", least = 0)
        double leastDistance,

        @Setting(meaning = "scale of the map", above = 0) double spread,

        @Setting(
                name = "iterations",
                meaning = "passes over all connected pairs (epochs)",
                least = 0,
                otherwise = "500, beyond 10,000 points 200")
        OptionalInt epochs,

        @Setting(meaning = "negative samples per positive pair", least = 0)
        int negativeSamples,

        @Setting(meaning = "initialization: first principal components, or eigenvectors of the neighbor graph")
        Start start,

        @Setting(meaning = "whether labels shape the map") Guidance guidance)
        implements Layout {
    /** What shapes a map. */
    public enum Guidance {
        CODES,
        /** Labels keep classes apart. */
        LABELS
    }

    /** As published. */
    public static final Umap USUAL = new Umap(15, 0.1, 1, OptionalInt.empty(), 5, Start.SPECTRAL, Guidance.CODES);

    private static final int SMALL = 10_000;
    private static final double CLIP = 4;
    private static final double FIRST_DECAY = 0.5;
    private static final double SECOND_DECAY = 0.9;
    private static final double EPSILON = 1e-7;

    public Umap {
        if (neighbors < 2 || leastDistance < 0 || !(spread > 0) || leastDistance > spread) {
            throw VitrineException.usage(
                    "Found " + neighbors + " neighbors, least distance " + leastDistance + ", spread " + spread
                            + "; expected at least 2 neighbors, and a least distance from 0 to the spread.");
        }
    }

    /**
     * A map.
     *
     * @param points {@code [n, dimensions]}
     * @param epochs that were done
     */
    private record Map(double[] points, int epochs) {}

    @Override
    public String id() {
        return "umap";
    }

    @Override
    public String shows() {
        return "which codes are neighbors, and roughly which groups are; sizes of groups mean nothing";
    }

    @Override
    public boolean isIterative() {
        return true;
    }

    @Override
    public Laid lay(
            Codes codes,
            Optional<Labels> labels,
            int dimensions,
            long seed,
            Runner runner,
            Memory memory,
            Progress progress) {
        if (guidance == Guidance.LABELS && labels.isEmpty()) {
            throw VitrineException.usage("Found no labels that could shape the map; expected a label for each row.");
        }
        if (codes.rows() <= neighbors) {
            throw VitrineException.usage(
                    "Found " + neighbors + " neighbors for " + codes.rows() + " points; expected fewer than points.");
        }
        double[] values = Layout.all(codes);
        Neighbors near;
        try (ExactNeighbors search = new ExactNeighbors(runner, values, codes.columns(), Distance.EUCLIDEAN)) {
            near = search.ofKnown(neighbors - 1, Progress.NONE);
        }
        Optional<int[]> shaping = guidance == Guidance.LABELS ? labels.map(Labels::of) : Optional.empty();
        NeighborGraph graph = FuzzyGraph.of(near, shaping);
        double[] begin = start.of(graph, values, codes.columns(), dimensions, runner, seed);
        Map map = of(graph, begin, dimensions, seed, memory, progress);
        return new Laid(
                map.points(),
                Optional.empty(),
                Optional.empty(),
                OptionalDouble.empty(),
                OptionalInt.of(map.epochs()),
                Optional.of(near));
    }

    /**
     * @param graph strengths of membership
     * @param begin {@code [n, dimensions]}
     * @param memory state of an earlier run of the same
     * @param progress called at every epoch; a {@link CancellationException} of it ends the work with the map so far
     */
    private Map of(NeighborGraph graph, double[] begin, int dimensions, long seed, Memory memory, Progress progress) {
        int total = epochs.orElse(graph.points() <= SMALL ? 500 : 200);
        Optional<State> before = memory.recalled();
        double[] map = before.map(state -> state.numbers().get(0)).orElseGet(() -> scaled(begin));
        Descent descent = new Descent(graph, Curve.of(leastDistance, spread), map, dimensions, total, seed);
        before.ifPresent(descent::recall);
        int done = before.map(State::done).orElse(0);
        try {
            while (done < total) {
                descent.step(done++);
                int steps = done;
                memory.pass(() -> new State(steps, List.of(descent.map, descent.means, descent.squares)));
                progress.report(done, total);
            }
        } catch (CancellationException stopped) {
            memory.keep(new State(done, List.of(descent.map, descent.means, descent.squares)));
        }
        return new Map(descent.map, done);
    }

    private static double[] scaled(double[] start) {
        double most = 0;
        for (double value : start) {
            most = Math.max(most, Math.abs(value));
        }
        double[] map = start.clone();
        for (int index = 0; index < map.length; index++) {
            // Points that begin at the same place are told apart.
            map[index] = (most > 0 ? map[index] * 10 / most : 0) + 1e-4 * (unit(hash(index)) - 0.5);
        }
        return map;
    }

    private final class Descent {
        private final NeighborGraph graph;
        private final Tabulated attraction;
        private final Tabulated repulsion;
        private final int dimensions;
        private final int total;
        private final double[] map;
        private final double[] slopes;
        private final double[] means;
        private final double[] squares;
        private final double[] rates;
        private final long seed;

        Descent(NeighborGraph graph, Curve curve, double[] map, int dimensions, int total, long seed) {
            this.graph = graph;
            double a = curve.a();
            double b = curve.b();
            // Each pair is there twice, once from either end.
            this.attraction = new Tabulated(square -> {
                double power = Math.pow(square, b);
                return -4 * a * b * power / square / (1 + a * power);
            });
            this.repulsion = new Tabulated(square -> 2 * b / ((0.001 + square) * (1 + a * Math.pow(square, b))));
            this.map = map;
            this.dimensions = dimensions;
            this.total = total;
            this.seed = seed;
            this.slopes = new double[map.length];
            this.means = new double[map.length];
            this.squares = new double[map.length];
            double most = Arrays.stream(graph.weights()).max().orElse(1);
            this.rates =
                    Arrays.stream(graph.weights()).map(weight -> weight / most).toArray();
        }

        void recall(State state) {
            System.arraycopy(state.numbers().get(1), 0, means, 0, means.length);
            System.arraycopy(state.numbers().get(2), 0, squares, 0, squares.length);
        }

        void step(int epoch) {
            IntStream.range(0, graph.points()).parallel().forEach(point -> slope(point, epoch));
            double rate = 1 - (double) epoch / total;
            double first = 1 - Math.pow(FIRST_DECAY, epoch + 1);
            double second = 1 - Math.pow(SECOND_DECAY, epoch + 1);
            for (int index = 0; index < map.length; index++) {
                means[index] = FIRST_DECAY * means[index] + (1 - FIRST_DECAY) * slopes[index];
                squares[index] = SECOND_DECAY * squares[index] + (1 - SECOND_DECAY) * slopes[index] * slopes[index];
                map[index] += rate * (means[index] / first) / (Math.sqrt(squares[index] / second) + EPSILON);
            }
        }

        /** Where the pairs that are due this epoch pull a point, and where others push it. */
        private void slope(int point, int epoch) {
            double[] sum = new double[dimensions];
            long state = hash(seed ^ hash(((long) epoch << 32) + point));
            for (int entry = graph.starts()[point]; entry < graph.starts()[point + 1]; entry++) {
                double rate = rates[entry];
                if (rate * total < 1 || (long) (rate * (epoch + 1)) == (long) (rate * epoch)) {
                    continue;
                }
                pull(point, graph.columns()[entry], sum);
                for (int sample = 0; sample < negativeSamples; sample++) {
                    state += 0x9e3779b97f4a7c15L;
                    int other = (int) ((hash(state) >>> 32) * graph.points() >>> 32);
                    if (other != point) {
                        push(point, other, sum);
                    }
                }
            }
            System.arraycopy(sum, 0, slopes, point * dimensions, dimensions);
        }

        private void pull(int point, int other, double[] sum) {
            double square = square(point, other);
            if (square > 0) {
                add(point, other, attraction.of(square), sum);
            }
        }

        private void push(int point, int other, double[] sum) {
            double square = square(point, other);
            if (square > 0) {
                add(point, other, repulsion.of(square), sum);
            }
        }

        private double square(int point, int other) {
            double square = 0;
            for (int axis = 0; axis < dimensions; axis++) {
                double apart = map[point * dimensions + axis] - map[other * dimensions + axis];
                square += apart * apart;
            }
            return square;
        }

        private void add(int point, int other, double factor, double[] sum) {
            for (int axis = 0; axis < dimensions; axis++) {
                double move = factor * (map[point * dimensions + axis] - map[other * dimensions + axis]);
                sum[axis] += Math.max(-CLIP, Math.min(CLIP, move));
            }
        }
    }

    /** Steele et al. 2014, doi:10.1145/2660193.2660195. */
    private static long hash(long value) {
        long mixed = (value ^ value >>> 30) * 0xbf58476d1ce4e5b9L;
        mixed = (mixed ^ mixed >>> 27) * 0x94d049bb133111ebL;
        return mixed ^ mixed >>> 31;
    }

    private static double unit(long bits) {
        return (bits >>> 11) * 0x1p-53;
    }
}
