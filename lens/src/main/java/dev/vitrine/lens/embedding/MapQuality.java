package dev.vitrine.lens.embedding;

import dev.vitrine.engine.runtime.Runner;
import dev.vitrine.lens.metric.Spearman;
import dev.vitrine.lens.neighbor.Neighbors;
import java.util.Arrays;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * How faithful a map is to the codes.
 *
 * @param trustworthiness 1 where neighbors on the map are neighbors in the codes: {@code 1 - 2/(nk(2n-3k-1)) Σ_i Σ_j
 *     (r(i,j) - k)} over the k nearest on the map that are not among the k nearest in the codes, where they are the
 *     r(i,j)-th. Venna and Kaski 2001, doi:10.1007/3-540-44668-0_68
 * @param continuity the same with codes and map exchanged
 * @param preservation share of the 10 nearest in the codes that are among the 10 nearest on the map
 * @param purity share of a point's 10 nearest that have its label; where there are labels
 * @param distances rank correlation of the distances of pairs in the codes and on the map (Spearman)
 * @param sampled number of points evaluated, evenly sampled; all of them up to 10,000
 */
public record MapQuality(
        double trustworthiness,
        double continuity,
        double preservation,
        Optional<Purity> purity,
        double distances,
        int sampled) {
    /** Share of neighbors with a point's own label. */
    public record Purity(double codes, double map) {}

    /** Number of neighbors for trustworthiness and continuity. */
    public static final int NEAREST = 12;

    /** Number of neighbors for preservation. */
    public static final int PRESERVED = 10;

    private static final int MOST_SAMPLED = 10_000;
    private static final int PAIRS = 20_000;

    /** Distances per chunk. */
    private static final int BLOCK = 1 << 22;

    /**
     * @param codes {@code [n, codeSize]}
     * @param map {@code [n, mapSize]}
     * @param inCodes at least 12 nearest neighbors of each point, excluding itself
     * @param inMap the same on the map
     * @param labels of each point, or none
     */
    public static MapQuality of(
            double[] codes,
            int codeSize,
            double[] map,
            int mapSize,
            Neighbors inCodes,
            Neighbors inMap,
            Optional<int[]> labels,
            Runner runner) {
        int points = map.length / mapSize;
        int step = (points + MOST_SAMPLED - 1) / MOST_SAMPLED;
        int[] sample = IntStream.iterate(0, point -> point < points, point -> point + step)
                .toArray();
        int nearest = Math.min(NEAREST, inCodes.count());
        int preserved = Math.min(PRESERVED, inCodes.count());
        Space codeSpace = new Space(codes, codeSize);
        Space mapSpace = new Space(map, mapSize);
        try (Products products = new Products(runner)) {
            return new MapQuality(
                    penalized(codeSpace, inCodes, inMap, nearest, sample, products),
                    penalized(mapSpace, inMap, inCodes, nearest, sample, products),
                    shared(inCodes, inMap, preserved),
                    labels.map(given -> new Purity(pure(inCodes, preserved, given), pure(inMap, preserved, given))),
                    spearman(codeSpace, mapSpace),
                    sample.length);
        }
    }

    /**
     * One minus the normalized excess rank in {@code space} of neighbors in the other space that are not neighbors
     * here.
     */
    private static double penalized(
            Space space, Neighbors here, Neighbors there, int count, int[] sample, Products products) {
        int points = space.count();
        if (2L * points - 3L * count - 1 <= 0) {
            return Double.NaN;
        }
        double sum = 0;
        int block = Math.max(1, Math.min(sample.length, BLOCK / points));
        for (int first = 0; first < sample.length; first += block) {
            int[] part = Arrays.copyOfRange(sample, first, Math.min(sample.length, first + block));
            double[] squares = space.squares(part, products);
            sum += IntStream.range(0, part.length)
                    .parallel()
                    .mapToLong(row -> excess(squares, row * points, points, here, there, count, part[row]))
                    .sum();
        }
        return 1 - 2 * sum / ((double) sample.length * count * (2.0 * points - 3.0 * count - 1));
    }

    private static long excess(
            double[] squares, int from, int points, Neighbors here, Neighbors there, int count, int point) {
        int[] far = IntStream.range(0, count)
                .map(rank -> there.id(point, rank))
                .filter(other -> IntStream.range(0, count).noneMatch(rank -> here.id(point, rank) == other))
                .toArray();
        return Arrays.stream(far)
                .mapToLong(other -> Math.max(0, rank(squares, from, points, point, other) - count))
                .sum();
    }

    /** Place of a neighbor by distance from 1 up; of equal ones, the lower index is nearer. */
    private static long rank(double[] squares, int from, int points, int point, int neighbor) {
        double limit = squares[from + neighbor];
        long nearer = 0;
        for (int other = 0; other < points; other++) {
            double beyond = squares[from + other] - limit;
            // The sign instead of a comparison, whose outcome the processor cannot predict.
            nearer += Double.doubleToRawLongBits(beyond) >>> 63;
            if (beyond == 0 && other <= neighbor) {
                nearer++;
            }
        }
        double own = squares[from + point] - limit;
        return nearer - (own < 0 || own == 0 && point <= neighbor ? 1 : 0);
    }

    /** Points with their squared distances. */
    private record Space(double[] values, int size) {
        /** Below this, single pairs are as fast. */
        private static final int MANY_COLUMNS = 16;

        int count() {
            return values.length / size;
        }

        /** From some points to all, {@code [rows, count]}. */
        double[] squares(int[] rows, Products products) {
            int points = count();
            double[] squares = new double[rows.length * points];
            if (size < MANY_COLUMNS) {
                IntStream.range(0, rows.length).parallel().forEach(row -> {
                    for (int other = 0; other < points; other++) {
                        squares[row * points + other] = square(rows[row], other);
                    }
                });
                return squares;
            }
            double[] some = new double[rows.length * size];
            for (int row = 0; row < rows.length; row++) {
                System.arraycopy(values, rows[row] * size, some, row * size, size);
            }
            double[] dots = products.ofBoth(some, values, size);
            double[] lengths = IntStream.range(0, points)
                    .mapToDouble(point -> square(values, point * size))
                    .toArray();
            for (int row = 0; row < rows.length; row++) {
                for (int other = 0; other < points; other++) {
                    squares[row * points + other] =
                            lengths[rows[row]] + lengths[other] - 2 * dots[row * points + other];
                }
            }
            return squares;
        }

        private double square(double[] from, int at) {
            double sum = 0;
            for (int column = 0; column < size; column++) {
                sum += from[at + column] * from[at + column];
            }
            return sum;
        }

        double square(int one, int other) {
            double sum = 0;
            for (int column = 0; column < size; column++) {
                double apart = values[one * size + column] - values[other * size + column];
                sum += apart * apart;
            }
            return sum;
        }
    }

    private static double shared(Neighbors codes, Neighbors map, int count) {
        return IntStream.range(0, codes.queries())
                        .mapToLong(point -> IntStream.range(0, count)
                                .filter(rank -> IntStream.range(0, count)
                                        .anyMatch(other -> map.id(point, other) == codes.id(point, rank)))
                                .count())
                        .sum()
                / ((double) codes.queries() * count);
    }

    private static double pure(Neighbors neighbors, int count, int[] labels) {
        return IntStream.range(0, neighbors.queries())
                        .mapToLong(point -> IntStream.range(0, count)
                                .filter(rank -> labels[neighbors.id(point, rank)] == labels[point])
                                .count())
                        .sum()
                / ((double) neighbors.queries() * count);
    }

    private static double spearman(Space codes, Space map) {
        SplittableRandom random = new SplittableRandom(map.count());
        float[] inCodes = new float[PAIRS];
        float[] onMap = new float[PAIRS];
        for (int pair = 0; pair < PAIRS; pair++) {
            int one = random.nextInt(map.count());
            int other = random.nextInt(map.count() - 1);
            other += other >= one ? 1 : 0;
            inCodes[pair] = (float) codes.square(one, other);
            onMap[pair] = (float) map.square(one, other);
        }
        return Spearman.WITH_SIGN.of(inCodes, onMap);
    }
}
