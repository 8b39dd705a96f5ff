package dev.vitrine.engine.check;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.graph.Attributes;
import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.Node;
import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.operator.Operator;
import dev.vitrine.engine.operator.OperatorTable;
import dev.vitrine.engine.operator.property.Sizes;
import dev.vitrine.engine.operator.property.Space;
import dev.vitrine.engine.tensor.ElementType;
import dev.vitrine.engine.tensor.Tensor;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Propagates sizes through a graph before ONNX Runtime infers its types: if a window is larger than its input, the
 * runtime computes negative sizes, and a later operator crashes the process.
 */
public final class SizeCheck {
    private static final long UNKNOWN = -1;

    private final Graph graph;
    private final Map<Value, long[]> shapes = new HashMap<>();

    private SizeCheck(Graph graph) {
        this.graph = graph;
    }

    /** Rejects a graph in which a size would be too small. Linear in the number of nodes. */
    public static void require(Graph graph) {
        SizeCheck check = new SizeCheck(graph);
        for (Value input : graph.inputs()) {
            graph.type(input).map(TensorType::shape).ifPresent(shape -> check.shapes.put(input, shape));
        }
        graph.constants().forEach((value, tensor) -> check.shapes.put(value, tensor.shape()));
        for (Node node : graph.nodes()) {
            if (node.domain().isEmpty()) {
                Recurrent.require(node, value -> Optional.ofNullable(check.shapes.get(value)));
                Damage.named(node, () -> check.output(node)).ifPresent(shape -> check.shapes.put(node.output(), shape));
            }
        }
    }

    private Optional<long[]> shape(Node node, int input) {
        return Optional.ofNullable(shapes.get(node.input(input)));
    }

    /** The sizes of a node's first output, as far as known. */
    private Optional<long[]> output(Node node) {
        Operator row = OperatorTable.row(node);
        if (row.sizes() == Sizes.SAME) {
            return shape(node, 0);
        }
        if (row.sizes() == Sizes.BROADCAST) {
            return broadcast(node);
        }
        if (Windows.isPool(node) || Windows.isConvolution(node)) {
            return shape(node, 0).flatMap(in -> window(node, in));
        }
        Optional<long[]> data = shape(node, 0);
        if (data.isEmpty()) {
            return data;
        }
        return switch (row.space()) {
            case WHOLE_MAP -> Optional.of(ones(data.get()));
            case PADDING -> padded(node, data.get());
            case SLICE -> sliced(node, data.get());
            case TURN -> transposed(node, data.get());
            case JOIN -> concatenated(node, data.get());
            case RESAMPLING -> resized(node, data.get());
            case FROM_CHANNELS, TO_CHANNELS -> blocked(node, data.get());
            default -> Optional.empty();
        };
    }

    private static long[] ones(long[] shape) {
        long[] result = shape.clone();
        Arrays.fill(result, Math.min(2, result.length), result.length, 1);
        return result;
    }

    private Optional<long[]> broadcast(Node node) {
        long[] result = {};
        for (int i = 0; i < node.inputs().size(); i++) {
            Optional<long[]> shape = shape(node, i);
            if (shape.isEmpty()) {
                return shape;
            }
            long[] wider = shape.get().length > result.length ? shape.get().clone() : result.clone();
            long[] other = shape.get().length > result.length ? result : shape.get();
            for (int back = 1; back <= other.length; back++) {
                int at = wider.length - back;
                long size = other[other.length - back];
                wider[at] = wider[at] == 1
                        ? size
                        : size == 1 || size == wider[at]
                                ? wider[at]
                                : size == UNKNOWN ? wider[at] : wider[at] == UNKNOWN ? size : UNKNOWN;
            }
            result = wider;
        }
        return Optional.of(result);
    }

    private Optional<long[]> window(Node node, long[] in) {
        Attributes attributes = node.attributes();
        long[] kernel = attributes.integers("kernel_shape");
        Optional<long[]> weight = Windows.isPool(node)
                ? Optional.empty()
                : shape(node, Windows.kernel(node).input()).filter(shape -> shape.length > 2);
        if (kernel.length == 0 && weight.isPresent()) {
            kernel = Arrays.copyOfRange(weight.get(), 2, weight.get().length);
        }
        int axes = kernel.length;
        if (axes == 0) {
            return Optional.empty();
        }
        if (Arrays.stream(kernel).anyMatch(size -> size > NodeCheck.LARGEST_WINDOW || size == 0)) {
            throw VitrineException.failure(node.label() + ": found a kernel of " + Arrays.toString(kernel)
                    + ", expected 1 to " + NodeCheck.LARGEST_WINDOW + " places. Export the model again.");
        }
        if (in.length != axes + 2) {
            throw VitrineException.failure(node.label() + ": found an input of " + in.length
                    + " dimensions and a window of " + axes
                    + ", expected batch, channels and one per axis of the window."
                    + " Export the model again.");
        }
        long[] strides = attributes.integers("strides", filled(axes));
        long[] dilations = attributes.integers("dilations", filled(axes));
        long[] pads = attributes.integers("pads", new long[2 * axes]);
        String autoPad = attributes.text("auto_pad", "NOTSET");
        if (strides.length != axes || dilations.length != axes || pads.length != 2 * axes) {
            throw VitrineException.failure(node.label() + ": found a window of " + axes + " axes with strides "
                    + Arrays.toString(strides) + ", dilations " + Arrays.toString(dilations) + " and pads "
                    + Arrays.toString(pads)
                    + "; expected one number per axis, and two pads. The file is damaged; export the model again.");
        }
        long[] out = new long[in.length];
        out[0] = in[0];
        out[1] = Windows.isPool(node) ? in[1] : weight.map(shape -> shape[0]).orElse(UNKNOWN);
        for (int axis = 0; axis < axes; axis++) {
            long size = in[axis + 2];
            if (size == UNKNOWN || kernel[axis] == UNKNOWN) {
                out[axis + 2] = UNKNOWN;
                continue;
            }
            if (autoPad.startsWith("SAME")) {
                out[axis + 2] = (size + strides[axis] - 1) / strides[axis];
                continue;
            }
            long padding = autoPad.equals("NOTSET") ? pads[axis] + pads[axis + axes] : 0;
            long extent = (kernel[axis] - 1) * dilations[axis] + 1;
            long room = size + padding - extent;
            if (room < 0 && !(attributes.integer("ceil_mode", 0) == 1 && room + strides[axis] > 0)) {
                throw VitrineException.failure(node.label() + ": its window of " + extent + " positions does not"
                        + " fit into "
                        + size + (padding == 0 ? "" : " and " + padding + " of padding")
                        + ", the size of the input at this layer. Give a larger input size, such as the one the"
                        + " network was trained for.");
            }
            long steps = attributes.integer("ceil_mode", 0) == 1 ? room + strides[axis] - 1 : room;
            out[axis + 2] = Math.max(0, steps) / strides[axis] + 1;
        }
        return Optional.of(out);
    }

    private static long[] filled(int count) {
        long[] list = new long[count];
        Arrays.fill(list, 1);
        return list;
    }

    private Optional<long[]> integers(Value value) {
        return graph.constant(value)
                .filter(tensor -> tensor.elementType() == ElementType.INT64 && tensor.rank() <= 1)
                .map(Tensor::toLongs);
    }

    private static Optional<int[]> axes(long[] stated, int rank) {
        int[] axes = new int[stated.length];
        for (int i = 0; i < axes.length; i++) {
            long axis = stated[i] < 0 ? stated[i] + rank : stated[i];
            if (axis < 0 || axis >= rank) {
                return Optional.empty();
            }
            axes[i] = (int) axis;
        }
        return Optional.of(axes);
    }

    private static int[] all(int count) {
        int[] axes = new int[count];
        Arrays.setAll(axes, i -> i);
        return axes;
    }

    private Optional<long[]> padded(Node node, long[] in) {
        Optional<long[]> pads = integers(node.input(1));
        Optional<int[]> axes = node.input(3).isPresent()
                ? integers(node.input(3)).flatMap(stated -> axes(stated, in.length))
                : Optional.of(all(in.length));
        if (pads.isEmpty() || axes.isEmpty() || pads.get().length != 2 * axes.get().length) {
            return Optional.empty();
        }
        long[] out = in.clone();
        int count = axes.get().length;
        for (int i = 0; i < count; i++) {
            int axis = axes.get()[i];
            long before = pads.get()[i];
            long after = pads.get()[i + count];
            if (out[axis] == UNKNOWN) {
                continue;
            }
            boolean overflows = Math.max(Math.abs((double) before), Math.abs((double) after)) > Integer.MAX_VALUE;
            if (overflows || in[axis] + before + after < 0 || in[axis] + Math.min(before, after) < 0) {
                throw VitrineException.failure(node.label() + ": found padding of " + before + " and " + after
                        + " around " + in[axis]
                        + " positions, which removes more than the input has. Give a larger input size,"
                        + " or export the model again.");
            }
            out[axis] = in[axis] + before + after;
        }
        return Optional.of(out);
    }

    private Optional<long[]> sliced(Node node, long[] in) {
        Optional<long[]> starts = integers(node.input(1));
        Optional<long[]> ends = integers(node.input(2));
        Optional<int[]> axes = node.input(3).isPresent()
                ? integers(node.input(3)).flatMap(stated -> axes(stated, in.length))
                : starts.map(list -> all(list.length));
        Optional<long[]> steps =
                node.input(4).isPresent() ? integers(node.input(4)) : starts.map(list -> filled(list.length));
        if (starts.isEmpty() || ends.isEmpty() || axes.isEmpty() || steps.isEmpty()) {
            return Optional.empty();
        }
        int count = starts.get().length;
        if (ends.get().length != count
                || axes.get().length != count
                || steps.get().length != count
                || count > in.length) {
            throw VitrineException.failure(
                    node.label() + ": found " + count + " starts, " + ends.get().length + " ends, "
                            + axes.get().length + " axes and " + steps.get().length + " steps for " + in.length
                            + " dimensions, expected equal numbers. The file is damaged; export the model again.");
        }
        long[] out = in.clone();
        for (int i = 0; i < count; i++) {
            int axis = axes.get()[i];
            long step = steps.get()[i];
            if (step == 0) {
                throw VitrineException.failure(node.label()
                        + ": found a step of 0, expected a nonzero step. The file is damaged; export the model again.");
            }
            long size = in[axis];
            if (size == UNKNOWN) {
                continue;
            }
            long start = place(starts.get()[i], size, step > 0 ? size : size - 1);
            long end = step > 0 ? place(ends.get()[i], size, size) : placeBack(ends.get()[i], size);
            long span = step > 0 ? end - start : start - end;
            out[axis] = span <= 0 ? 0 : (span - 1) / Math.abs(Math.max(step, -Long.MAX_VALUE)) + 1;
        }
        return Optional.of(out);
    }

    private static long place(long stated, long size, long last) {
        return Math.max(0, Math.min(last, stated < 0 ? stated + size : stated));
    }

    private static long placeBack(long stated, long size) {
        return Math.max(-1, Math.min(size - 1, stated < 0 ? stated + size : stated));
    }

    private static Optional<long[]> transposed(Node node, long[] in) {
        long[] perm = node.attributes().integers("perm");
        if (perm.length == 0) {
            perm = new long[in.length];
            for (int i = 0; i < perm.length; i++) {
                perm[i] = in.length - 1L - i;
            }
        }
        boolean whole = perm.length == in.length
                && Arrays.stream(perm)
                                .distinct()
                                .filter(axis -> axis >= 0 && axis < in.length)
                                .count()
                        == in.length;
        if (!whole) {
            throw VitrineException.failure(node.label() + ": found perm " + Arrays.toString(perm) + " for " + in.length
                    + " dimensions, expected a permutation of them. The file is damaged; export the model again.");
        }
        return Optional.of(Arrays.stream(perm).map(axis -> in[(int) axis]).toArray());
    }

    private Optional<long[]> concatenated(Node node, long[] first) {
        Optional<int[]> axis = axes(new long[] {node.attributes().integer("axis", 0)}, first.length);
        long[] out = first.clone();
        for (int i = 1; i < node.inputs().size(); i++) {
            Optional<long[]> next = shape(node, i);
            if (next.isEmpty() || axis.isEmpty() || next.get().length != out.length) {
                return Optional.empty();
            }
            for (int at = 0; at < out.length; at++) {
                long size = next.get()[at];
                if (at == axis.get()[0]) {
                    out[at] = out[at] == UNKNOWN || size == UNKNOWN ? UNKNOWN : out[at] + size;
                } else {
                    out[at] = out[at] == UNKNOWN ? size : out[at];
                }
            }
        }
        return axis.map(found -> out);
    }

    private Optional<long[]> resized(Node node, long[] in) {
        for (int i = 1; i < node.inputs().size(); i++) {
            Optional<long[]> list = shape(node, i);
            if (list.isPresent() && list.get().length != 1) {
                throw VitrineException.failure(
                        node.label() + ": found " + (i == 3 ? "sizes" : i == 2 ? "scales" : "a region")
                                + " of " + list.get().length
                                + " dimensions, expected one number per axis. The file"
                                + " is damaged; export the model again.");
            }
        }
        Optional<long[]> sizes = integers(node.input(3));
        if (sizes.isPresent()
                && sizes.get().length == in.length
                && node.attributes().integers("axes").length == 0) {
            return sizes;
        }
        Optional<Tensor> scales =
                graph.constant(node.input(2)).filter(tensor -> tensor.elementType() == ElementType.FLOAT32);
        if (scales.isEmpty() || scales.get().elements() != in.length) {
            return Optional.empty();
        }
        long[] out = in.clone();
        float[] factors = scales.get().toFloats();
        for (int i = 0; i < out.length; i++) {
            out[i] = in[i] == UNKNOWN ? UNKNOWN : (long) Math.floor((double) in[i] * factors[i]);
        }
        return Arrays.stream(out).allMatch(size -> size >= UNKNOWN) ? Optional.of(out) : Optional.empty();
    }

    private static Optional<long[]> blocked(Node node, long[] in) {
        long block = node.attributes().integer("blocksize", 1);
        if (in.length != 4) {
            return Optional.empty();
        }
        boolean grows = OperatorTable.row(node).space() == Space.FROM_CHANNELS;
        long[] out = in.clone();
        for (int axis = 1; axis < 4; axis++) {
            boolean multiplied = (axis > 1) == grows;
            long factor = axis == 1 ? block * block : block;
            out[axis] = in[axis] == UNKNOWN ? UNKNOWN : multiplied ? in[axis] * factor : in[axis] / factor;
        }
        return Optional.of(out);
    }
}
