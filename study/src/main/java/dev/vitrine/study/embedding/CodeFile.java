package dev.vitrine.study.embedding;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.lens.data.Npy;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;

/**
 * A table of codes while it is filled, one row per picture, in a temporary file beside the final one.
 *
 * @param file {@code f32[rows, columns]} when complete
 */
record CodeFile(Path file, int columns, FileChannel channel) implements AutoCloseable {
    private static final int COPIED = 1 << 20;

    static CodeFile open(Path file, int columns) {
        try {
            Files.createDirectories(file.getParent());
            return new CodeFile(
                    file,
                    columns,
                    FileChannel.open(
                            rows(file), StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE));
        } catch (IOException failure) {
            throw failed(file, failure);
        }
    }

    private static Path rows(Path file) {
        return file.resolveSibling(file.getFileName() + ".rows");
    }

    void put(int index, float[] values, int from) {
        ByteBuffer row = ByteBuffer.allocate(columns * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        row.asFloatBuffer().put(values, from, columns);
        long position = (long) index * row.capacity();
        try {
            while (row.hasRemaining()) {
                position += channel.write(row, position);
            }
        } catch (IOException failure) {
            throw failed(file, failure);
        }
    }

    /** Writes the array of selected rows. */
    void finish(List<Integer> kept) {
        Path part = file.resolveSibling(file.getFileName() + ".part");
        int width = columns * Float.BYTES;
        try (FileChannel target = FileChannel.open(
                part, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
            target.write(ByteBuffer.wrap(Npy.header(kept.size(), columns)));
            ByteBuffer block = ByteBuffer.allocateDirect(Math.max(1, COPIED / width) * width);
            for (int row : kept) {
                block.limit(block.position() + width);
                while (block.hasRemaining()) {
                    int at = block.position() % width;
                    if (channel.read(block, (long) row * width + at) < 0) {
                        throw new IOException("row " + row + " is missing");
                    }
                }
                if (block.position() == block.capacity()) {
                    empty(block, target);
                }
                block.limit(block.capacity());
            }
            empty(block, target);
        } catch (IOException failure) {
            throw failed(file, failure);
        }
        try {
            Files.move(part, file, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException failure) {
            throw failed(file, failure);
        }
    }

    private static void empty(ByteBuffer block, FileChannel target) throws IOException {
        block.flip();
        while (block.hasRemaining()) {
            target.write(block);
        }
        block.clear();
    }

    /** Deletes the temporary files of a table. */
    static void remove(Path file) {
        try {
            Files.deleteIfExists(rows(file));
        } catch (IOException failure) {
            throw failed(file, failure);
        }
    }

    private static VitrineException failed(Path file, IOException failure) {
        return VitrineException.failure("Cannot write " + file + ": " + failure.getMessage() + ".", failure);
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException failure) {
            throw failed(file, failure);
        }
    }
}
