package dev.vitrine.lens.embedding;

import dev.vitrine.engine.graph.Attributes;
import dev.vitrine.engine.graph.Dimension;
import dev.vitrine.engine.graph.GraphBuilder;
import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.runtime.Executable;
import dev.vitrine.engine.runtime.Runner;
import dev.vitrine.engine.tensor.ElementType;
import dev.vitrine.engine.tensor.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Map;

/** Products of large matrices in double precision, computed by the runtime. */
final class Products implements AutoCloseable {
    private static final int LEAST_BLOCKED = 128;
    private static final int BLOCKS = 4;

    /** A product as a graph. */
    private record Opened(Value left, Value right, Value product, Executable executable) {
        double[] of(Tensor a, Tensor b, long size) {
            double[] values = new double[Math.toIntExact(size)];
            executable
                    .run(Map.of(left, a, right, b))
                    .get(product)
                    .bytes()
                    .order(ByteOrder.nativeOrder())
                    .asDoubleBuffer()
                    .get(values);
            return values;
        }
    }

    private final Opened plain;
    private final Opened leftTurned;
    private final Opened rightTurned;

    Products(Runner runner) {
        plain = open(runner, "MatMul", Attributes.NONE);
        leftTurned = open(runner, "Gemm", Attributes.NONE.with("transA", 1L));
        rightTurned = open(runner, "Gemm", Attributes.NONE.with("transB", 1L));
    }

    private static Opened open(Runner runner, String operator, Attributes attributes) {
        GraphBuilder builder = new GraphBuilder();
        Value left = input(builder, "left");
        Value right = input(builder, "right");
        Value product = builder.node(operator, attributes, left, right);
        builder.output(product);
        return new Opened(left, right, product, runner.load(builder.build()));
    }

    private static Value input(GraphBuilder builder, String name) {
        List<Dimension> open = List.of(Dimension.named(name + "-rows"), Dimension.named(name + "-columns"));
        return builder.input(name, new TensorType(ElementType.FLOAT64, open));
    }

    /** A · B for {@code [rows, inner]} and {@code [inner, columns]}. */
    double[] of(double[] a, int inner, double[] b, int columns) {
        return plain.of(tensor(a, inner), tensor(b, columns), (long) a.length / inner * columns);
    }

    /** Aᵀ · B for {@code [rows, columnsOfA]} and {@code [rows, columnsOfB]}. */
    double[] ofTransposed(double[] a, int columnsOfA, double[] b, int columnsOfB) {
        return leftTurned.of(tensor(a, columnsOfA), tensor(b, columnsOfB), (long) columnsOfA * columnsOfB);
    }

    /** Aᵀ · A for {@code [rows, columns]}; symmetric, so only blocks on and above the diagonal are computed. */
    double[] square(double[] a, int columns) {
        if (columns < LEAST_BLOCKED) {
            return ofTransposed(a, columns, a, columns);
        }
        int rows = a.length / columns;
        int width = (columns + BLOCKS - 1) / BLOCKS;
        double[] square = new double[columns * columns];
        for (int from = 0; from < columns; from += width) {
            int to = Math.min(columns, from + width);
            double[] left = part(a, rows, columns, from, to);
            double[] right = part(a, rows, columns, from, columns);
            double[] product = ofTransposed(left, to - from, right, columns - from);
            for (int row = from; row < to; row++) {
                for (int column = from; column < columns; column++) {
                    double value = product[(row - from) * (columns - from) + column - from];
                    square[row * columns + column] = value;
                    square[column * columns + row] = value;
                }
            }
        }
        return square;
    }

    private static double[] part(double[] a, int rows, int columns, int from, int to) {
        double[] part = new double[rows * (to - from)];
        for (int row = 0; row < rows; row++) {
            System.arraycopy(a, row * columns + from, part, row * (to - from), to - from);
        }
        return part;
    }

    /** A · Bᵀ for {@code [rowsOfA, inner]} and {@code [rowsOfB, inner]}. */
    double[] ofBoth(double[] a, double[] b, int inner) {
        return rightTurned.of(tensor(a, inner), tensor(b, inner), (long) (a.length / inner) * (b.length / inner));
    }

    private static Tensor tensor(double[] values, int columns) {
        long[] shape = {values.length / columns, columns};
        ByteBuffer bytes = Tensor.allocate(ElementType.FLOAT64, shape);
        bytes.asDoubleBuffer().put(values);
        return Tensor.wrap(ElementType.FLOAT64, shape, bytes);
    }

    @Override
    public void close() {
        plain.executable().close();
        leftTurned.executable().close();
        rightTurned.executable().close();
    }
}
