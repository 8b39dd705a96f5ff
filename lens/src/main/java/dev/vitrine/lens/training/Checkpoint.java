package dev.vitrine.lens.training;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.tensor.ElementType;
import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.data.OutputFile;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Everything that a training needs to go on as if it had never stopped.
 *
 * @param recipe fingerprint of what is trained and how
 * @param epoch the one under way, counted from 0
 * @param step how many of its steps are taken
 * @param steps of the whole training that are taken
 * @param lossSum over the epoch's steps so far
 * @param correct pictures told right in the epoch's steps so far
 * @param log of the epochs that are done
 * @param state weights, statistics and what the optimiser remembers
 */
record Checkpoint(
        String recipe,
        int epoch,
        int step,
        long steps,
        double lossSum,
        long correct,
        List<EpochRecord> log,
        Map<Value, Tensor> state) {
    private static final int MAGIC = 0x56495431;

    Checkpoint {
        log = List.copyOf(log);
    }

    void write(Path file) {
        OutputFile.write(file, stream -> {
            DataOutputStream output = new DataOutputStream(stream);
            output.writeInt(MAGIC);
            output.writeUTF(recipe);
            output.writeInt(epoch);
            output.writeInt(step);
            output.writeLong(steps);
            output.writeDouble(lossSum);
            output.writeLong(correct);
            output.writeInt(log.size());
            for (EpochRecord line : log) {
                output.writeUTF(line.json());
            }
            output.writeInt(state.size());
            for (Map.Entry<Value, Tensor> entry : state.entrySet()) {
                write(entry.getKey().name(), entry.getValue(), output);
            }
            output.flush();
        });
    }

    private static void write(String name, Tensor tensor, DataOutputStream output) throws IOException {
        byte[] text = name.getBytes(StandardCharsets.UTF_8);
        output.writeInt(text.length);
        output.write(text);
        output.writeInt(tensor.rank());
        for (long size : tensor.shape()) {
            output.writeLong(size);
        }
        ByteBuffer numbers = ByteBuffer.allocate(tensor.bytes().remaining()).order(ByteOrder.LITTLE_ENDIAN);
        numbers.asFloatBuffer().put(tensor.floats());
        output.write(numbers.array());
    }

    static Checkpoint read(Path file) {
        try (DataInputStream input =
                new DataInputStream(new BufferedInputStream(Files.newInputStream(file), 1 << 16))) {
            if (input.readInt() != MAGIC) {
                throw new IOException("another kind of file");
            }
            String recipe = input.readUTF();
            int epoch = input.readInt();
            int step = input.readInt();
            long steps = input.readLong();
            double lossSum = input.readDouble();
            long correct = input.readLong();
            List<EpochRecord> log = new ArrayList<>();
            for (int left = input.readInt(); left > 0; left--) {
                log.add(EpochRecord.parse(input.readUTF()));
            }
            Map<Value, Tensor> state = new LinkedHashMap<>();
            for (int left = input.readInt(); left > 0; left--) {
                Value name = new Value(new String(input.readNBytes(input.readInt()), StandardCharsets.UTF_8));
                state.put(name, tensor(input));
            }
            return new Checkpoint(recipe, epoch, step, steps, lossSum, correct, log, state);
        } catch (IOException | RuntimeException broken) {
            throw VitrineException.failure(
                    file + ": no training to go on with (" + broken.getMessage()
                            + "); expected what 'vitrine train' left there. Train again without --resume.",
                    broken);
        }
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
