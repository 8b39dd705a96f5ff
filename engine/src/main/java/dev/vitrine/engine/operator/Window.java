package dev.vitrine.engine.operator;

import dev.vitrine.engine.graph.Attributes;
import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.Node;
import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.operator.property.Kernel;
import dev.vitrine.engine.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.IntToLongFunction;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * The positions of its input that a node's result reads: position i of the result reads those at i·stride − pad +
 * t·dilation, for t from 0 to kernel − 1. One entry per axis; {@code auto_pad} is resolved.
 */
public record Window(long[] kernel, long[] strides, long[] dilations, long[] padsBegin, long[] padsEnd) {

    /**
     * The window that a node slides along some axes of its first input: of a convolution or pooling, of blocks of
     * positions, of a slice, which takes single positions, and of padding, which shifts them. For a transposed
     * convolution, the window of its result that a position of its input is spread over. Empty where there is none, or
     * it is unknown.
     */
    public static Optional<Window> of(Node node, Graph graph, int... axes) {
        Operator row = OperatorTable.row(node);
        return switch (row.space()) {
            case WINDOW ->
                kernel(node, row.kernel(), graph)
                        .filter(kernel -> isSpatial(axes, kernel.length))
                        .flatMap(kernel -> of(
                                node.attributes(),
                                kernel,
                                axis -> graph.type(node.input(0)).orElseThrow().shape()[axis + 2]));
            case SPREAD ->
                kernel(node, row.kernel(), graph)
                        .filter(kernel -> isSpatial(axes, kernel.length))
                        .flatMap(kernel -> of(node.attributes().without("auto_pad"), kernel, axis -> -1));
            case TO_CHANNELS -> {
                long[] block = filled(axes.length, node.attributes().integer("blocksize", 1));
                long[] ones = filled(axes.length, 1);
                long[] none = new long[axes.length];
                yield Optional.of(new Window(block, block, ones, none, none)).filter(window -> isSpatial(axes, 2));
            }
            case SLICE -> slice(node, graph, axes);
            case PADDING -> padding(node, graph, axes);
            default -> Optional.empty();
        };
    }

    /** Whether the axes are those after sample and channel. */
    private static boolean isSpatial(int[] axes, int count) {
        return Arrays.equals(axes, IntStream.range(2, 2 + count).toArray());
    }

    private static Optional<long[]> kernel(Node node, Kernel kernel, Graph graph) {
        long[] stated = node.attributes().integers("kernel_shape");
        if (stated.length > 0 || !kernel.isWeighted()) {
            return Optional.of(stated).filter(sides -> sides.length > 0);
        }
        return graph.type(node.input(kernel.input()))
                .filter(type -> type.rank() > 2)
                .map(type -> Arrays.copyOfRange(type.shape(), 2, type.rank()));
    }

    private static Optional<Window> slice(Node node, Graph graph, int[] axes) {
        Optional<TensorType> type = graph.type(node.input(0));
        List<Optional<Tensor>> given =
                node.inputs().stream().skip(1).map(graph::constant).toList();
        if (type.isEmpty() || given.size() < 2 || given.stream().anyMatch(Optional::isEmpty)) {
            return Optional.empty();
        }
        int rank = type.get().rank();
        long[] starts = given.get(0).get().toLongs();
        long[] along = given.size() > 2
                ? given.get(2).get().toLongs()
                : LongStream.range(0, starts.length).toArray();
        long[] steps = given.size() > 3 ? given.get(3).get().toLongs() : filled(starts.length, 1);
        long[] ones = filled(axes.length, 1);
        long[] strides = ones.clone();
        long[] pads = new long[axes.length];
        for (int i = 0; i < starts.length; i++) {
            int axis = (int) (along[i] < 0 ? along[i] + rank : along[i]);
            for (int own = 0; own < axes.length; own++) {
                if (axes[own] == axis) {
                    long size = type.get().dimension(axis).size();
                    strides[own] = steps[i];
                    pads[own] = -Math.max(0, Math.min(size, starts[i] < 0 ? starts[i] + size : starts[i]));
                }
            }
        }
        return Optional.of(new Window(ones, strides, ones, pads, new long[axes.length]));
    }

    private static Optional<Window> padding(Node node, Graph graph, int[] axes) {
        Optional<Tensor> pads = graph.constant(node.input(1));
        Optional<TensorType> type = graph.type(node.input(0));
        if (pads.isEmpty()
                || type.isEmpty()
                || pads.get().elements() != 2L * type.get().rank()) {
            return Optional.empty();
        }
        long[] by = pads.get().toLongs();
        long[] before = Arrays.stream(axes).mapToLong(axis -> by[axis]).toArray();
        long[] after =
                Arrays.stream(axes).mapToLong(axis -> by[axis + by.length / 2]).toArray();
        long[] ones = filled(axes.length, 1);
        return Optional.of(new Window(ones, ones, ones, before, after));
    }

    private static long[] filled(int count, long number) {
        long[] list = new long[count];
        Arrays.fill(list, number);
        return list;
    }

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
     * @param size of the input along a spatial axis, evaluated only where {@code auto_pad} needs it
     */
    public static Optional<Window> of(Attributes attributes, long[] kernel, IntToLongFunction size) {
        int axes = kernel.length;
        long[] ones = filled(axes, 1);
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

    /** Extent of the kernel along an axis, including dilation. */
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
