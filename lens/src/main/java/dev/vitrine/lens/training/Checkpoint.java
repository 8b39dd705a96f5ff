package dev.vitrine.lens.training;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.tensor.ElementType;
import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.data.OutputFile;
import dev.vitrine.lens.store.Question;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;
import java.util.zip.CheckedOutputStream;

/**
 * The complete state of a training, from which it resumes exactly.
 *
 * @param question identifies what is trained, how and on which pictures
 * @param epoch the current one, counted from 0
 * @param step number of its steps done
 * @param steps number of steps done in the whole training
 * @param lossSum summed over the epoch's steps so far
 * @param correct number of pictures classified correctly in the epoch's steps so far
 * @param log of the completed epochs
 * @param state weights, statistics and optimizer state
 */
record Checkpoint(
        Question question,
        int epoch,
        int step,
        long steps,
        double lossSum,
        long correct,
        List<EpochRecord> log,
        Map<Value, Tensor> state) {
    private static final int MAGIC = 0x56495432;

    /** Older version, which did not record the training pictures. */
    private static final int EARLIER = 0x56495431;

    private static final int CHUNK_FLOATS = 1 << 14;

    Checkpoint {
        log = List.copyOf(log);
    }

    /** With a checksum at the end. */
    void write(Path file) {
        OutputFile.write(file, stream -> {
            CheckedOutputStream checked = new CheckedOutputStream(stream, new CRC32C());
            DataOutputStream output = new DataOutputStream(checked);
            output.writeInt(MAGIC);
            text(question.text(), output);
            output.writeInt(epoch);
            output.writeInt(step);
            output.writeLong(steps);
            output.writeDouble(lossSum);
            output.writeLong(correct);
            output.writeInt(log.size());
            for (EpochRecord line : log) {
                text(line.json(), output);
            }
            output.writeInt(state.size());
            for (Map.Entry<Value, Tensor> entry : state.entrySet()) {
                text(entry.getKey().name(), output);
                write(entry.getValue(), output);
            }
            output.flush();
            output.writeLong(checked.getChecksum().getValue());
            output.flush();
        });
    }

    private static void text(String text, DataOutputStream output) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        output.writeInt(bytes.length);
        output.write(bytes);
    }

    private static void write(Tensor tensor, DataOutputStream output) throws IOException {
        output.writeInt(tensor.rank());
        for (long size : tensor.shape()) {
            output.writeLong(size);
        }
        ByteBuffer chunk =
                ByteBuffer.allocate(CHUNK_FLOATS * ElementType.FLOAT32.bytes()).order(ByteOrder.LITTLE_ENDIAN);
        FloatBuffer numbers = tensor.floats();
        while (numbers.hasRemaining()) {
            int count = Math.min(CHUNK_FLOATS, numbers.remaining());
            chunk.asFloatBuffer().put(numbers.slice().limit(count));
            numbers.position(numbers.position() + count);
            output.write(chunk.array(), 0, count * ElementType.FLOAT32.bytes());
        }
    }

    static Checkpoint read(Path file) {
        try {
            requireWhole(file);
            try (DataInputStream input =
                    new DataInputStream(new BufferedInputStream(Files.newInputStream(file), 1 << 16))) {
                input.readInt();
                return read(input);
            }
        } catch (IOException | RuntimeException broken) {
            throw VitrineException.failure(
                    file + ": no training to go on with (" + broken.getMessage()
                            + "); expected what 'vitrine train' left there. Remove it to train anew.",
                    broken);
        }
    }

    private static void requireWhole(Path file) throws IOException {
        long left = Files.size(file) - Long.BYTES;
        try (DataInputStream input =
                new DataInputStream(new BufferedInputStream(Files.newInputStream(file), 1 << 16))) {
            ByteBuffer head = ByteBuffer.wrap(input.readNBytes(Integer.BYTES));
            int magic = head.remaining() < Integer.BYTES ? 0 : head.getInt();
            if (magic == EARLIER) {
                throw new IOException("an earlier version wrote it, which did not say of which pictures it is");
            }
            if (magic != MAGIC) {
                throw new IOException("another kind of file");
            }
            CRC32C checksum = new CRC32C();
            checksum.update(head.rewind());
            left -= Integer.BYTES;
            byte[] chunk = new byte[1 << 16];
            while (left > 0) {
                int count = input.read(chunk, 0, (int) Math.min(chunk.length, left));
                if (count < 0) {
                    break;
                }
                checksum.update(chunk, 0, count);
                left -= count;
            }
            if (left != 0 || input.readLong() != checksum.getValue()) {
                throw new IOException("it is cut, or was changed");
            }
        }
    }

    private static Checkpoint read(DataInputStream input) throws IOException {
        Question question = Question.parse(text(input));
        int epoch = input.readInt();
        int step = input.readInt();
        long steps = input.readLong();
        double lossSum = input.readDouble();
        long correct = input.readLong();
        List<EpochRecord> log = new ArrayList<>();
        for (int left = input.readInt(); left > 0; left--) {
            log.add(EpochRecord.parse(text(input)));
        }
        Map<Value, Tensor> state = new LinkedHashMap<>();
        for (int left = input.readInt(); left > 0; left--) {
            Value name = new Value(text(input));
            state.put(name, tensor(input));
        }
        return new Checkpoint(question, epoch, step, steps, lossSum, correct, log, state);
    }

    private static String text(DataInputStream input) throws IOException {
        return new String(input.readNBytes(input.readInt()), StandardCharsets.UTF_8);
    }

    private static Tensor tensor(DataInputStream input) throws IOException {
        long[] shape = new long[input.readInt()];
        for (int axis = 0; axis < shape.length; axis++) {
            shape[axis] = input.readLong();
        }
        int bytes = Math.toIntExact(Tensor.elements(shape) * ElementType.FLOAT32.bytes());
        ByteBuffer numbers = ByteBuffer.wrap(input.readNBytes(bytes)).order(ByteOrder.LITTLE_ENDIAN);
        ByteBuffer direct = Tensor.allocate(ElementType.FLOAT32, shape);
        direct.asFloatBuffer().put(numbers.asFloatBuffer());
        return Tensor.wrap(ElementType.FLOAT32, shape, direct);
    }
}
