package dev.vitrine.lens.embedding;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.lens.data.Digest;
import dev.vitrine.lens.data.NpyRows;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;

/** A table of numbers, one row per point, read in chunks. */
public interface Codes {
    int rows();

    int columns();

    /** The rows from one up to another, in row-major order. */
    double[] read(int from, int to);

    /** Digest of all numbers. */
    String content();

    /**
     * Codes in a file. NaN and infinities are rejected on reading.
     *
     * @param name in messages
     */
    static Codes of(NpyRows file, String name) {
        return new Codes() {
            @Override
            public int rows() {
                return file.rows();
            }

            @Override
            public int columns() {
                return file.columns();
            }

            @Override
            public String content() {
                return file.content();
            }

            @Override
            public double[] read(int from, int to) {
                double[] values = file.read(from, to);
                for (int index = 0; index < values.length; index++) {
                    if (!Double.isFinite(values[index])) {
                        throw VitrineException.failure(name + ": row " + (from + index / columns()) + ", column "
                                + index % columns() + " is " + values[index]
                                + "; expected finite numbers. Remove the row, or find out what made it.");
                    }
                }
                return values;
            }
        };
    }

    /**
     * All codes of a file, {@code [rows, columns]}.
     *
     * @throws VitrineException of kind USAGE if it has another number of columns
     */
    static double[] read(Path path, int columns) {
        try (NpyRows rows = NpyRows.open(path)) {
            if (rows.columns() != columns) {
                throw VitrineException.usage(path + ": found rows of " + rows.columns() + " columns; expected "
                        + columns + ", as the codes have.");
            }
            return of(rows, path.toString()).read(0, rows.rows());
        }
    }

    /** Codes in memory. */
    static Codes of(double[] values, int columns) {
        return new Codes() {
            @Override
            public int rows() {
                return values.length / columns;
            }

            @Override
            public int columns() {
                return columns;
            }

            @Override
            public double[] read(int from, int to) {
                return Arrays.copyOfRange(values, from * columns, to * columns);
            }

            @Override
            public String content() {
                ByteBuffer bytes = ByteBuffer.allocate(Math.multiplyExact(values.length, Double.BYTES));
                bytes.asDoubleBuffer().put(values);
                return Digest.of(bytes.array());
            }
        };
    }

    /** Rows to read at a time, for chunks of some ten megabytes. */
    default int piece() {
        return Math.max(1, Math.min(rows(), (1 << 21) / columns()));
    }
}
