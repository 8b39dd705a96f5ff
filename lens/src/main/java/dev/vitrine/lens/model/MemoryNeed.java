package dev.vitrine.lens.model;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.graph.Node;
import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.operator.Operator;
import dev.vitrine.engine.operator.OperatorTable;
import dev.vitrine.engine.tensor.Tensor;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.LongStream;

/**
 * Memory required for explaining a model, in bytes.
 *
 * @param weights of the model, held once
 * @param kernels the convolution weights among them: a backward pass adds folded and flipped copies, and the runtime
 *     reorders both into copies of its own
 * @param activations of one sample in the forward pass
 */
public record MemoryNeed(long weights, long kernels, long activations) {
    /** The program, its libraries and its pictures. */
    private static final long PROGRAM = 200L << 20;

    /** Copies of kernels in addition to the model's. */
    private static final int KERNEL_COPIES = 4;

    /** Forward and backward, on two processors. */
    private static final int ACTIVATION_COPIES = 4;

    /** Threshold above which the user is warned. */
    private static final long LARGE = 512L << 20;

    public static MemoryNeed of(Model model) {
        Set<Value> kernels = new HashSet<>();
        for (Node node : model.graph().nodes()) {
            Operator row = OperatorTable.row(node);
            if (row.isConvolution()) {
                kernels.add(node.input(row.kernel().input()));
            }
        }
        Set<Tensor> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        long weights = 0;
        long kernelBytes = 0;
        for (Map.Entry<Value, Tensor> entry : model.graph().constants().entrySet()) {
            long bytes = entry.getValue().bytes().remaining();
            weights += seen.add(entry.getValue()) ? bytes : 0;
            kernelBytes += kernels.contains(entry.getKey()) ? bytes : 0;
        }
        long activations = model.graph().types().entrySet().stream()
                .filter(entry -> !model.graph().constants().containsKey(entry.getKey()))
                .mapToLong(entry -> sampleBytes(entry.getValue()))
                .sum();
        return new MemoryNeed(weights, kernelBytes, activations);
    }

    private static long sampleBytes(TensorType type) {
        return type.rank() < 2
                ? 0
                : LongStream.of(type.shape()).skip(1).map(Math::abs).reduce(4, (a, b) -> a * b);
    }

    /** Approximate need of the usual methods. */
    public long usual() {
        return PROGRAM + weights + KERNEL_COPIES * kernels + ACTIVATION_COPIES * activations;
    }

    /** Minimum need of any method. */
    public long least() {
        return PROGRAM + weights + kernels + activations;
    }

    public boolean isLarge() {
        return usual() >= LARGE;
    }

    /** The need in words, such as "about 1.2 GB of memory (102 MB of weights, 90 MB of activations)". */
    public String words() {
        return String.format(
                Locale.ROOT,
                "about %.1f GB of memory (%d MB of weights, %d MB of activations per picture)",
                usual() / 1e9,
                weights / 1_000_000,
                activations / 1_000_000);
    }

    /** Rejects a model that cannot be explained in the available memory. */
    public MemoryNeed require(String model, long available) {
        if (least() > available) {
            throw VitrineException.failure("Model '" + model + "' needs " + words() + "; found "
                    + available / 1_000_000 + " MB that this machine has or this container may use, expected at least "
                    + least() / 1_000_000 + " MB. Give the container more memory, use a larger machine, or make"
                    + " pictures smaller by --size.");
        }
        return this;
    }

    /** Rejects a file whose contents alone do not fit into memory. */
    static Path checked(Path file) {
        try {
            new MemoryNeed(Files.size(file), 0, 0).require(file.toString(), machine());
        } catch (IOException unreadable) {
            // The reader reports it better.
        }
        return file;
    }

    /** Memory of this machine, or the container's limit. */
    public static long machine() {
        long told = Long.getLong("vitrine.memory", 0);
        if (told > 0) {
            return told << 20;
        }
        return ManagementFactory.getOperatingSystemMXBean() instanceof com.sun.management.OperatingSystemMXBean system
                ? system.getTotalMemorySize()
                : Long.MAX_VALUE;
    }
}
