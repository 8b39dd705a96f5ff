package dev.vitrine.engine.onnx;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.graph.Attributes;
import dev.vitrine.engine.graph.Node;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.LongStream;

/**
 * Rewrites pools with {@code ceil_mode} whose last window could start in the padding after the input, so that none
 * does.
 *
 * <p>Such a window is dropped: by ONNX from opset 22 on, and by ONNX Runtime's kernels for every opset. But the shapes
 * that the runtime infers for {@link dev.vitrine.engine.graph.Graph#OPSET} count it. A window of extent e and stride s
 * over n positions with padding b before then has ⌈(n + b)/s⌉ positions, as with padding e − s after. Where the stride
 * is larger than the extent, padding p after becomes min(p + s, e) − 1 without {@code ceil_mode}. The windows' contents
 * stay the same.
 *
 * <p>This does not hold for an average that counts the padding; such a pool is unchanged.
 */
final class CeilingPools {
    private static final Set<String> POOLS = Set.of("MaxPool", "AveragePool", "LpPool");

    private CeilingPools() {}

    static Node exact(Node node) {
        Attributes attributes = node.attributes();
        boolean concerned = node.domain().isEmpty()
                && POOLS.contains(node.opType())
                && attributes.integer("ceil_mode", 0) == 1
                && attributes.integer("count_include_pad", 0) == 0
                && attributes.text("auto_pad", "NOTSET").equals("NOTSET");
        if (!concerned) {
            return node;
        }
        long[] kernel = attributes.integers("kernel_shape");
        int axes = kernel.length;
        long[] ones = new long[axes];
        Arrays.fill(ones, 1);
        long[] strides = attributes.integers("strides", ones);
        long[] dilations = attributes.integers("dilations", ones);
        long[] pads = attributes.integers("pads", new long[2 * axes]);
        if (strides.length != axes || dilations.length != axes || pads.length != 2 * axes) {
            throw VitrineException.failure(node.label() + ": found kernel_shape of " + axes + ", strides of "
                    + strides.length + ", dilations of " + dilations.length + " and pads of " + pads.length
                    + " numbers; expected one stride and dilation per number of kernel_shape, and two pads. The"
                    + " file is damaged; export the model again.");
        }
        long[] trimmed = pads.clone();
        long[] floored = pads.clone();
        for (int axis = 0; axis < axes; axis++) {
            long extent = dilations[axis] * (kernel[axis] - 1) + 1;
            long after = pads[axes + axis];
            trimmed[axes + axis] = Math.min(after, extent - strides[axis]);
            floored[axes + axis] = Math.min(after + strides[axis], extent) - 1;
        }
        return LongStream.of(trimmed).allMatch(pad -> pad >= 0)
                ? node.withAttributes(attributes.with("pads", trimmed))
                : node.withAttributes(attributes.with("ceil_mode", 0).with("pads", floored));
    }
}
