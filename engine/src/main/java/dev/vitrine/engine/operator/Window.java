package dev.vitrine.engine.operator;

import dev.vitrine.engine.graph.Attributes;
import dev.vitrine.engine.graph.Node;
import dev.vitrine.engine.graph.Value;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.IntToLongFunction;
import java.util.stream.LongStream;

/** The sliding window of a convolution or pooling, with {@code auto_pad} worked out. One entry a spatial axis. */
public record Window(long[] kernel, long[] strides, long[] dilations, long[] padsBegin, long[] padsEnd) {

    /** The window of a convolution or pooling node over {@code input}. */
    static Window of(Node node, Value input, long[] kernel, BackwardContext c) {
        return of(node.attributes(), kernel, axis -> c.size(input, axis + 2))
                .orElseThrow(() -> c.unsupported(
                        "auto_pad=" + node.attributes().text("auto_pad", "NOTSET"),
                        "NOTSET, VALID, SAME_UPPER or SAME_LOWER",
                        "Re-export with explicit pads"));
    }

    /**
     * The window that the attributes of a convolution or pooling describe; empty for an unknown {@code auto_pad}.
     *
     * @param size of the input along a spatial axis, asked for only where {@code auto_pad} needs it
     */
    public static Optional<Window> of(Attributes attributes, long[] kernel, IntToLongFunction size) {
        int axes = kernel.length;
        long[] ones = new long[axes];
        Arrays.fill(ones, 1);
        long[] strides = attributes.integers("strides", ones);
        long[] dilations = attributes.integers("dilations", ones);
        long[] begin = new long[axes];
        long[] end = new long[axes];
        String autoPad = attributes.text("auto_pad", "NOTSET");
        switch (autoPad) {
            case "NOTSET" -> {
                long[] pads = attributes.integers("pads", new long[2 * axes]);
                System.arraycopy(pads, 0, begin, 0, axes);
                System.arraycopy(pads, axes, end, 0, axes);
            }
            case "SAME_UPPER", "SAME_LOWER" -> {
                for (int i = 0; i < axes; i++) {
                    long in = size.applyAsLong(i);
                    long out = (in + strides[i] - 1) / strides[i];
                    long total = Math.max(0, (out - 1) * strides[i] + dilations[i] * (kernel[i] - 1) + 1 - in);
                    long smaller = total / 2;
                    begin[i] = autoPad.equals("SAME_UPPER") ? smaller : total - smaller;
                    end[i] = total - begin[i];
                }
            }
            case "VALID" -> {}
            default -> {
                return Optional.empty();
            }
        }
        return Optional.of(new Window(kernel, strides, dilations, begin, end));
    }

    /** Reach of the kernel along an axis, dilation included. */
    public long extent(int axis) {
        return dilations[axis] * (kernel[axis] - 1) + 1;
    }

    int axes() {
        return kernel.length;
    }

    boolean overlaps() {
        for (int i = 0; i < axes(); i++) {
            if (extent(i) > strides[i]) {
                return true;
            }
        }
        return false;
    }

    boolean isUnitStride() {
        return LongStream.of(strides).allMatch(stride -> stride == 1);
    }

    long[] pads() {
        return LongStream.concat(LongStream.of(padsBegin), LongStream.of(padsEnd))
                .toArray();
    }

    /**
     * Attributes of the ConvTranspose that carries values of the window's output back to its input.
     *
     * @param in sizes of the input
     * @param out sizes of the output
     */
    Attributes transposed(long[] in, long[] out, long group) {
        long[] end = new long[axes()];
        long[] extra = new long[axes()];
        for (int i = 0; i < axes(); i++) {
            long surplus = strides[i] * (out[i] - 1) + extent(i) - padsBegin[i] - in[i];
            end[i] = Math.max(0, surplus);
            extra[i] = Math.max(0, -surplus);
        }
        return Attributes.NONE
                .with("kernel_shape", kernel)
                .with("strides", strides)
                .with("dilations", dilations)
                .with("group", group)
                .with(
                        "pads",
                        LongStream.concat(LongStream.of(padsBegin), LongStream.of(end))
                                .toArray())
                .with("output_padding", extra);
    }
}
