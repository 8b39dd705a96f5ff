package dev.vitrine.lens.data;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.tensor.ElementType;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * A table in a NumPy file, read some rows at a time: {@code f32[N,D]} or {@code f64[N,D]} in row-major order, of any size.
 * Several threads may read.
 */
public final class NpyRows implements AutoCloseable {
    private static final String EXPECTED = "a NumPy file with an array [rows, columns] of float32 or float64";

    private final Path path;
    private final FileChannel channel;
    private final Npy.Layout layout;
    private final int rows;
    private final int columns;

    private NpyRows(Path path, FileChannel channel, Npy.Layout layout) {
        this.path = path;
        this.channel = channel;
        this.layout = layout;
        this.rows = (int) layout.shape()[0];
        this.columns = (int) layout.shape()[1];
    }

    /** An array of more than two axes is taken as rows of all that follow the first. */
    public static NpyRows open(Path path) {
        RegularFile.require(path, EXPECTED);
        try {
            FileChannel channel = FileChannel.open(path);
            try {
                return new NpyRows(path, channel, table(path, Npy.layout(path.toString(), channel)));
            } catch (IOException | RuntimeException broken) {
                channel.close();
                throw broken;
            }
        } catch (EOFException end) {
            throw VitrineException.failure(path + ": ends inside its header; expected " + EXPECTED + ".");
        } catch (IOException cause) {
            throw VitrineException.failure("Cannot read " + path + ": " + cause.getMessage() + ".", cause);
        }
    }

    private static Npy.Layout table(Path path, Npy.Layout layout) {
        long[] shape = layout.shape();
        boolean isReal = layout.type() == ElementType.FLOAT32 || layout.type() == ElementType.FLOAT64;
        long columns = 1;
        for (int axis = 1; axis < shape.length; axis++) {
            columns *= shape[axis];
        }
        if (!isReal || shape.length < 2 || !layout.byRows() && shape[0] > 1 && columns > 1) {
            throw VitrineException.failure(path + ": found " + layout.type() + Arrays.toString(shape)
                    + (layout.byRows() ? "" : " in Fortran order") + "; expected " + EXPECTED
                    + ". In NumPy: numpy.save(file, numpy.ascontiguousarray(array, dtype='float32')).");
        }
        if (shape[0] > Integer.MAX_VALUE || columns > Integer.MAX_VALUE || columns == 0 || shape[0] == 0) {
            throw VitrineException.failure(path + ": found " + Arrays.toString(shape)
                    + "; expected at least one row and one column, and at most " + Integer.MAX_VALUE + " of each.");
        }
        return new Npy.Layout(
                layout.type(), layout.byteOrder(), layout.byRows(), new long[] {shape[0], columns}, layout.from());
    }

    public int rows() {
        return rows;
    }

    public int columns() {
        return columns;
    }

    /** Digest of the file. */
    public String content() {
        return Digest.of(path);
    }

    /** The rows from one up to another, in row-major order. */
    public double[] read(int from, int to) {
        int count = Math.multiplyExact(to - from, columns);
        int width = layout.type().bytes();
        ByteBuffer bytes =
                ByteBuffer.allocateDirect(Math.multiplyExact(count, width)).order(layout.byteOrder());
        long at = layout.from() + (long) from * columns * width;
        try {
            while (bytes.hasRemaining()) {
                if (channel.read(bytes, at + bytes.position()) < 0) {
                    throw VitrineException.failure(path + ": became shorter while it was read.");
                }
            }
        } catch (IOException cause) {
            throw VitrineException.failure("Cannot read " + path + ": " + cause.getMessage() + ".", cause);
        }
        bytes.flip();
        double[] values = new double[count];
        if (width == Double.BYTES) {
            bytes.asDoubleBuffer().get(values);
        } else {
            float[] floats = new float[count];
            bytes.asFloatBuffer().get(floats);
            for (int index = 0; index < count; index++) {
                values[index] = floats[index];
            }
        }
        return values;
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException cause) {
            throw VitrineException.failure(path + ": cannot be closed (" + cause.getMessage() + ")", cause);
        }
    }
}
