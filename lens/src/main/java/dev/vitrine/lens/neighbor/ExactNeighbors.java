package dev.vitrine.lens.neighbor;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.graph.Attributes;
import dev.vitrine.engine.graph.Dimension;
import dev.vitrine.engine.graph.GraphBuilder;
import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.runtime.Executable;
import dev.vitrine.engine.runtime.Runner;
import dev.vitrine.engine.tensor.ElementType;
import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.attribution.Progress;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Exact nearest neighbors: products of all pairs in float32 by the runtime choose candidates, whose distances are then
 * computed in double precision.
 */
public final class ExactNeighbors implements AutoCloseable {
    /** Numbers of a block of products. */
    private static final int BLOCK = 1 << 23;

    /** Candidates beyond those asked for, so that rounding loses none. */
    private static final int SPARE = 16;

    /** What a query may not find. */
    private enum Self {
        INCLUDED,
        EXCLUDED
    }

    private final int size;
    private final int known;
    private final Distance distance;
    private final float[] points;
    private final float[] squares;
    private final double[] mean;
    private final Value queries;
    private final Value products;
    private final Executable executable;

    /**
     * @param points {@code [known, size]}, finite
     */
    public ExactNeighbors(Runner runner, double[] points, int size, Distance distance) {
        this.size = size;
        this.known = points.length / size;
        this.distance = distance;
        this.mean = distance == Distance.EUCLIDEAN ? mean(points, size) : new double[size];
        this.points = prepared(points);
        this.squares = squares(this.points);
        GraphBuilder builder = new GraphBuilder();
        queries = builder.input(
                "queries", new TensorType(ElementType.FLOAT32, List.of(Dimension.named("n"), Dimension.of(size))));
        Value base = builder.constant("known", Tensor.floats(this.points, known, size));
        products = builder.node("Gemm", Attributes.NONE.with("transB", 1L), queries, base);
        builder.output(products);
        executable = runner.load(builder.build());
    }

    private static double[] mean(double[] points, int size) {
        double[] mean = new double[size];
        for (int index = 0; index < points.length; index++) {
            mean[index % size] += points[index];
        }
        for (int column = 0; column < size; column++) {
            mean[column] /= Math.max(1, points.length / size);
        }
        return mean;
    }

    /** About their mean, where float32 is finest; of length 1 for cosines. */
    private float[] prepared(double[] rows) {
        float[] result = new float[rows.length];
        for (int from = 0; from < rows.length; from += size) {
            double length = 1;
            if (distance == Distance.COSINE) {
                double sum = 0;
                for (int column = 0; column < size; column++) {
                    sum += rows[from + column] * rows[from + column];
                }
                length = sum > 0 ? Math.sqrt(sum) : 1;
            }
            for (int column = 0; column < size; column++) {
                result[from + column] = (float) ((rows[from + column] - mean[column]) / length);
            }
        }
        return result;
    }

    private float[] squares(float[] rows) {
        float[] result = new float[rows.length / size];
        for (int row = 0; row < result.length; row++) {
            double sum = 0;
            for (int column = 0; column < size; column++) {
                sum += (double) rows[row * size + column] * rows[row * size + column];
            }
            result[row] = (float) sum;
        }
        return result;
    }

    /** The nearest known points of each known point, excluding itself. */
    public Neighbors ofKnown(int count, Progress progress) {
        return of(points, count, Self.EXCLUDED, progress);
    }

    /**
     * The nearest known points of others.
     *
     * @param rows {@code [queries, size]}
     */
    public Neighbors of(double[] rows, int count, Progress progress) {
        return of(prepared(rows), count, Self.INCLUDED, progress);
    }

    private Neighbors of(float[] rows, int count, Self self, Progress progress) {
        int most = self == Self.EXCLUDED ? known - 1 : known;
        if (count < 1 || count > most) {
            throw VitrineException.usage("Found " + count + " neighbors requested among " + known + " points; expected"
                    + " from 1 to " + most + ".");
        }
        int total = rows.length / size;
        int[] ids = new int[Math.multiplyExact(total, count)];
        double[] far = new double[ids.length];
        int block = Math.max(1, Math.min(total, BLOCK / known));
        for (int first = 0; first < total; first += block) {
            int from = first;
            int rowsHere = Math.min(block, total - first);
            FloatBuffer found = executable
                    .run(Map.of(queries, tensor(rows, from, rowsHere)))
                    .get(products)
                    .floats();
            IntStream.range(0, rowsHere)
                    .parallel()
                    .forEach(row -> nearest(rows, from + row, found, row, self, count, ids, far));
            progress.report(first + rowsHere, total);
        }
        return new Neighbors(count, ids, far);
    }

    private Tensor tensor(float[] rows, int from, int count) {
        ByteBuffer bytes = Tensor.allocate(ElementType.FLOAT32, count, size);
        bytes.asFloatBuffer().put(rows, from * size, count * size);
        return Tensor.wrap(ElementType.FLOAT32, new long[] {count, size}, bytes);
    }

    private void nearest(
            float[] rows, int query, FloatBuffer found, int row, Self self, int count, int[] ids, double[] far) {
        float[] dots = new float[known];
        found.get(row * known, dots);
        Nearest candidates = new Nearest(Math.min(known, count + SPARE + 1));
        for (int point = 0; point < known; point++) {
            // Smaller is nearer for all points of a query alike: |x|² - 2 q·x.
            candidates.offer(squares[point] - 2 * dots[point], point);
        }
        Nearest best = new Nearest(count);
        for (int rank = 0; rank < candidates.size(); rank++) {
            int point = candidates.id(rank);
            if (self == Self.INCLUDED || point != query) {
                best.offer(exact(rows, query, point), point);
            }
        }
        int at = query * count;
        best.sorted(ids, far, at);
    }

    private double exact(float[] rows, int query, int point) {
        double sum = 0;
        for (int column = 0; column < size; column++) {
            double apart = (double) rows[query * size + column] - points[point * size + column];
            sum += apart * apart;
        }
        return switch (distance) {
            case EUCLIDEAN -> Math.sqrt(sum);
            // Of rows of length 1, |a - b|² = 2 - 2 cos.
            case COSINE -> squares[point] == 0 || isZero(rows, query) ? 1 : sum / 2;
        };
    }

    private boolean isZero(float[] rows, int query) {
        for (int column = 0; column < size; column++) {
            if (rows[query * size + column] != 0) {
                return false;
            }
        }
        return true;
    }

    @Override
    public void close() {
        executable.close();
    }
}
