package dev.vitrine.engine.runtime;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.Node;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.onnx.OnnxWriter;
import dev.vitrine.engine.operator.WeightReading;
import dev.vitrine.engine.tensor.ElementType;
import dev.vitrine.engine.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Weights that a session reads in place, without a copy of its own.
 *
 * <p>The runtime copies convolution weights into its blocked layout, unless they are already in it, and packs those of
 * dense layers, which makes large ones run at least 10 % faster. Where dense layers are large, a copy per session would
 * exceed the memory of many machines: those weights are not packed, and all sessions share them.
 *
 * @param direct names of the weights read in place
 */
record SharedWeights(Set<String> direct, Packing packing) {
    /** Whether the runtime may pack weights. */
    enum Packing {
        ON,
        OFF
    }

    private static final SharedWeights NONE = new SharedWeights(Set.of(), Packing.ON);

    /** Dense layers are packed by each session if a network's hold less than this in total. */
    private static final long PACKED_BYTES = 32L << 20;

    private static final long LEAST_BYTES = 1 << 16;

    private static final class FolderHolder {
        static final Path FOLDER = make();

        private static Path make() {
            try {
                Path folder = Files.createTempDirectory("vitrine");
                folder.toFile().deleteOnExit();
                Files.createFile(folder.resolve(OnnxWriter.Skeleton.LOCATION))
                        .toFile()
                        .deleteOnExit();
                return folder;
            } catch (IOException e) {
                throw VitrineException.failure(
                        "Cannot write to the folder for temporary files: " + e.getMessage()
                                + ". Choose another with JAVA_TOOL_OPTIONS=-Djava.io.tmpdir=FOLDER.",
                        e);
            }
        }
    }

    /**
     * A folder with the external data file that a skeleton refers to. The runtime never reads the file, but requires it
     * to exist.
     */
    static Path folder() {
        return FolderHolder.FOLDER;
    }

    static SharedWeights none() {
        return NONE;
    }

    static SharedWeights of(Graph graph) {
        Map<Value, WeightReading> readings = new HashMap<>();
        for (Node node : graph.nodes()) {
            for (Value value : new HashSet<>(node.reads())) {
                WeightReading reading = WeightReading.of(node, value);
                readings.merge(value, reading, (one, other) -> one == other ? one : WeightReading.ANY);
            }
        }
        graph.outputs().forEach(readings::remove);
        Set<String> blocked = new HashSet<>();
        Set<String> dense = new HashSet<>();
        long denseBytes = 0;
        for (Map.Entry<Value, Tensor> entry : graph.constants().entrySet()) {
            long size = entry.getValue().bytes().remaining();
            if (size < LEAST_BYTES || entry.getValue().elementType() != ElementType.FLOAT32) {
                continue;
            }
            switch (readings.getOrDefault(entry.getKey(), WeightReading.ANY)) {
                case BLOCKED -> blocked.add(entry.getKey().name());
                case DENSE -> {
                    dense.add(entry.getKey().name());
                    denseBytes += size;
                }
                case ANY -> {}
            }
        }
        if (denseBytes < PACKED_BYTES) {
            return new SharedWeights(Set.copyOf(blocked), Packing.ON);
        }
        blocked.addAll(dense);
        return new SharedWeights(Set.copyOf(blocked), Packing.OFF);
    }
}
