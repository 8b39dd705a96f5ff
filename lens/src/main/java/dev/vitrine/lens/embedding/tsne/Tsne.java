package dev.vitrine.lens.embedding.tsne;

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
 * t-SNE: places points so that those likely to be neighbors in the codes are likely to be so on the map, where
 * likelihood falls as {@code 1 / (1 + distance²)}; minimizes the Kullback-Leibler divergence of the two. Van der Maaten
 * and Hinton 2008, JMLR 9:2579. Momentum, gains and early exaggeration as there, learning rate n / exaggeration as in
 * Belkina et al. 2019, doi:10.1038/s41467-019-13055-y.
 *
 * @param perplexities of several, affinities are averaged
 */
public record Tsne(
        @Setting(name = "perplexity", meaning = "effective number of neighbors of each point", above = 0)
        List<Double> perplexities,

        @Setting(meaning = "gradient descent steps, including those with early exaggeration", least = 0)
        int iterations,

        @Setting(meaning = "steps during which attraction is exaggerated", least = 0)
        int earlyIterations,

        @Setting(meaning = "early exaggeration factor", least = 1)
        double exaggeration,

        @Setting(meaning = "initialization: first principal components, or eigenvectors of the neighbor graph")
        Start start,

        @Setting(meaning = "how repulsion between all points is computed; auto chooses by their number")
        Repelling repulsion,

        @Setting(
                meaning = "Barnes-Hut accuracy: largest ratio of cell size to distance for a cell treated as one point",
                least = 0,
                most = 1)
        double theta,

        @Setting(meaning = "learning rate", above = 0, otherwise = "points over exaggeration, at least 50")
        OptionalDouble learningRate)
        implements Layout {
    /** How the repulsive forces are computed. */
    public enum Repelling {
        /** All pairs for few points and other than two dimensions, else the faster approximation. */
        AUTO,
        /** All pairs. */
        EXACT,
        /** A quadtree in the plane. */
        BARNES_HUT,
        /** Interpolation on a grid in the plane by Fourier transforms (FIt-SNE). */
        FFT
    }

    /** As published: perplexity 30, 750 steps. */
    public static final Tsne USUAL =
            new Tsne(List.of(30.0), 750, 250, 12, Start.PCA, Repelling.AUTO, 0.5, OptionalDouble.empty());

    /** Number of points up to which all pairs are as fast as a tree. */
    private static final int FEW = 600;

    /** Number of points beyond which transforms are faster than a tree. */
    private static final int MANY = 30_000;

    /** Number of points up to which the final divergence is computed from all pairs. */
    private static final int COMPARED = 20_000;

    private static final double LEAST_RATE = 50;
    private static final double LEAST_GAIN = 0.01;
    private static final double EARLY_MOMENTUM = 0.5;
    private static final double LATE_MOMENTUM = 0.8;

    /** Maximum movement of a point per step, in map units, for stability against outliers. */
    private static final double LONGEST_STEP = 5;

    public Tsne {
        perplexities = List.copyOf(perplexities);
        if (perplexities.isEmpty()) {
            throw VitrineException.usage("Found no perplexity; expected at least one.");
        }
        if (perplexities.stream().anyMatch(value -> !(value > 0)) || iterations < 0 || earlyIterations < 0) {
            throw VitrineException.usage("Found perplexities " + perplexities + ", " + iterations + " iterations, "
                    + earlyIterations + " of them early; expected perplexities above 0 and no number below 0.");
        }
    }

    /**
     * A map.
     *
     * @param points {@code [n, dimensions]}
     * @param divergence of Kullback and Leibler, in nats, between codes and map
     * @param iterations number done
     */
    private record Map(double[] points, double divergence, int iterations) {}

    @Override
    public String id() {
        return "tsne";
    }

    @Override
    public String shows() {
        return "which codes are neighbors; sizes and distances of groups mean nothing";
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
        double[] values = Layout.all(codes);
        Neighbors near;
        try (ExactNeighbors search = new ExactNeighbors(runner, values, codes.columns(), Distance.EUCLIDEAN)) {
            near = search.ofKnown(Affinities.neighbors(perplexities, codes.rows()), Progress.NONE);
        }
        NeighborGraph affinities = Affinities.of(near, perplexities);
        double[] begin = start.of(affinities, values, codes.columns(), dimensions, runner, seed);
        Map map = of(affinities, begin, dimensions, memory, progress);
        return new Laid(
                map.points(),
                Optional.empty(),
                Optional.empty(),
                OptionalDouble.of(map.divergence()),
                OptionalInt.of(map.iterations()),
                Optional.of(near));
    }

    /**
     * @param begin {@code [n, dimensions]}; scaled so that its first column has standard deviation 0.0001
     * @param memory state of an earlier run of the same
     * @param progress called at every step; may throw a {@link CancellationException} to stop with the map so far
     */
    private Map of(NeighborGraph affinities, double[] begin, int dimensions, Memory memory, Progress progress) {
        int points = affinities.points();
        Repulsion pairs = repulsion(points, dimensions);
        Optional<State> before = memory.recalled();
        double[] map = before.map(state -> state.numbers().get(0)).orElseGet(() -> scaled(begin, dimensions));
        double rate = learningRate.orElse(Math.max(points / exaggeration, LEAST_RATE));
        double[] moves = before.map(state -> state.numbers().get(1)).orElseGet(() -> new double[map.length]);
        double[] gains = before.map(state -> state.numbers().get(2)).orElseGet(() -> ones(map.length));
        double[] attraction = new double[map.length];
        double[] push = new double[map.length];
        int done = before.map(State::done).orElse(0);
        try {
            while (done < iterations) {
                boolean isEarly = done < earlyIterations;
                double factor = isEarly ? exaggeration : 1;
                double momentum = isEarly ? EARLY_MOMENTUM : LATE_MOMENTUM;
                pull(affinities, map, dimensions, attraction);
                double sum = pairs.of(map, push);
                for (int index = 0; index < map.length; index++) {
                    double slope = factor * attraction[index] - push[index] / sum;
                    gains[index] =
                            slope * moves[index] < 0 ? gains[index] + 0.2 : Math.max(LEAST_GAIN, 0.8 * gains[index]);
                    double step = momentum * moves[index] - rate * gains[index] * slope;
                    moves[index] = Math.max(-LONGEST_STEP, Math.min(LONGEST_STEP, step));
                    map[index] += moves[index];
                }
                center(map, dimensions);
                int steps = ++done;
                memory.pass(() -> new State(steps, List.of(map, moves, gains)));
                progress.report(done, iterations);
            }
        } catch (CancellationException stopped) {
            memory.keep(new State(done, List.of(map, moves, gains)));
        }
        Repulsion all = points <= COMPARED ? new ExactRepulsion(dimensions) : pairs;
        return new Map(map, divergence(affinities, map, dimensions, all), done);
    }

    private Repulsion repulsion(int points, int dimensions) {
        if (dimensions != 2 && (repulsion == Repelling.BARNES_HUT || repulsion == Repelling.FFT)) {
            throw VitrineException.usage("Found " + dimensions + " dimensions for approximate repulsion; expected 2, or"
                    + " exact repulsion.");
        }
        return switch (repulsion) {
            case EXACT -> new ExactRepulsion(dimensions);
            case BARNES_HUT -> new TreeRepulsion(points, theta);
            case FFT -> new FourierRepulsion(points, new TreeRepulsion(points, theta));
            case AUTO -> {
                if (dimensions != 2 || points <= FEW || theta == 0) {
                    yield new ExactRepulsion(dimensions);
                }
                Repulsion tree = new TreeRepulsion(points, theta);
                yield points <= MANY ? tree : new FourierRepulsion(points, tree);
            }
        };
    }

    private static double[] ones(int count) {
        double[] ones = new double[count];
        Arrays.fill(ones, 1);
        return ones;
    }

    private static double[] scaled(double[] start, int dimensions) {
        double[] map = start.clone();
        center(map, dimensions);
        double squares = 0;
        for (int index = 0; index < map.length; index += dimensions) {
            squares += map[index] * map[index];
        }
        double deviation = Math.sqrt(squares / (map.length / dimensions));
        for (int index = 0; index < map.length && deviation > 0; index++) {
            map[index] *= 1e-4 / deviation;
        }
        return map;
    }

    private static void center(double[] map, int dimensions) {
        double[] mean = new double[dimensions];
        for (int index = 0; index < map.length; index++) {
            mean[index % dimensions] += map[index];
        }
        for (int index = 0; index < map.length; index++) {
            map[index] -= mean[index % dimensions] / (map.length / dimensions);
        }
    }

    private static void pull(NeighborGraph affinities, double[] map, int dimensions, double[] forces) {
        int[] starts = affinities.starts();
        int[] columns = affinities.columns();
        double[] values = affinities.weights();
        IntStream.range(0, affinities.points()).parallel().forEach(point -> {
            int own = point * dimensions;
            double[] force = new double[dimensions];
            for (int entry = starts[point]; entry < starts[point + 1]; entry++) {
                int other = columns[entry] * dimensions;
                double square = 0;
                for (int axis = 0; axis < dimensions; axis++) {
                    double apart = map[own + axis] - map[other + axis];
                    square += apart * apart;
                }
                double weight = values[entry] / (1 + square);
                for (int axis = 0; axis < dimensions; axis++) {
                    force[axis] += weight * (map[own + axis] - map[other + axis]);
                }
            }
            System.arraycopy(force, 0, forces, own, dimensions);
        });
    }

    private static double divergence(NeighborGraph affinities, double[] map, int dimensions, Repulsion pairs) {
        double logSum = Math.log(pairs.of(map, new double[map.length]));
        double[] sums = new double[affinities.points()];
        IntStream.range(0, sums.length).parallel().forEach(point -> {
            for (int entry = affinities.starts()[point]; entry < affinities.starts()[point + 1]; entry++) {
                int other = affinities.columns()[entry] * dimensions;
                double square = 0;
                for (int axis = 0; axis < dimensions; axis++) {
                    double apart = map[point * dimensions + axis] - map[other + axis];
                    square += apart * apart;
                }
                double value = affinities.weights()[entry];
                if (value > 0) {
                    sums[point] += value * (Math.log(value) + Math.log1p(square) + logSum);
                }
            }
        });
        return Arrays.stream(sums).sum();
    }
}
