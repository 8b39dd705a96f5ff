package dev.vitrine.engine.oracle;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/** Operators that move elements without computing with them. */
final class Movements {
    private Movements() {}

    static NDArray concat(Call call) {
        NDArray first = call.in(0);
        int axis = call.axis(0, first.rank());
        long[] shape = first.shape().clone();
        shape[axis] =
                call.all().stream().mapToLong(part -> part.dimension(axis)).sum();
        double[] y = new double[NDArray.count(shape)];
        int inner = NDArray.count(Arrays.copyOfRange(shape, axis + 1, shape.length));
        int row = (int) shape[axis] * inner;
        int at = 0;
        for (NDArray part : call.all()) {
            int length = part.dimension(axis) * inner;
            for (int outer = 0; length > 0 && outer < part.size() / length; outer++) {
                System.arraycopy(part.data(), outer * length, y, outer * row + at, length);
            }
            at += length;
        }
        return new NDArray(y, shape, first.kind());
    }

    static List<NDArray> split(Call call) {
        NDArray x = call.in(0);
        int axis = call.axis(0, x.rank());
        int parts = (int) call.integer("num_outputs", call.node().outputs().size());
        long length = x.dimension(axis);
        long each = (length + parts - 1) / parts;
        long[] sizes = call.longs(
                1,
                LongStream.range(0, parts)
                        .map(i -> Math.min(each, length - i * each))
                        .toArray());
        List<NDArray> results = new ArrayList<>();
        long start = 0;
        for (long size : sizes) {
            results.add(cut(x, axis, start, size, 1));
            start += size;
        }
        return results;
    }

    /** {@code count} slices along an axis: start, start + step, ... */
    private static NDArray cut(NDArray x, int axis, long start, long count, long step) {
        long[] shape = x.shape().clone();
        long[] strides = x.strides();
        shape[axis] = count;
        long base = start * strides[axis];
        strides[axis] *= step;
        return x.pick(NDArray.walk(shape, strides, base), shape);
    }

    static NDArray slice(Call call) {
        NDArray x = call.in(0);
        long[] starts = call.in(1).toLongs();
        long[] ends = call.in(2).toLongs();
        long[] axes = call.longs(3, LongStream.range(0, starts.length).toArray());
        NDArray result = x;
        for (int i = 0; i < axes.length; i++) {
            int axis = (int) Math.floorMod(axes[i], (long) x.rank());
            long step = call.has(4) ? call.in(4).toLongs()[i] : 1;
            long length = x.dimension(axis);
            long start = starts[i] < 0 ? starts[i] + length : starts[i];
            long end = ends[i] < 0 ? ends[i] + length : ends[i];
            if (step > 0) {
                start = clamp(start, 0, length);
                end = clamp(end, 0, length);
            } else {
                start = clamp(start, 0, length - 1);
                end = clamp(end, -1, length - 1);
            }
            long count = Math.max(0, step > 0 ? (end - start + step - 1) / step : (start - end - step - 1) / -step);
            result = cut(result, axis, start, count, step);
        }
        return result;
    }

    private static long clamp(long value, long low, long high) {
        return Math.max(low, Math.min(high, value));
    }

    static NDArray pad(Call call) {
        NDArray x = call.in(0);
        long[] pads = call.in(1).toLongs();
        double fill = call.scalar(2, 0);
        long[] axes = call.longs(3, LongStream.range(0, x.rank()).toArray());
        String mode = call.text("mode", "constant");
        NDArray result = x;
        for (int i = 0; i < axes.length; i++) {
            int axis = (int) Math.floorMod(axes[i], (long) x.rank());
            result = pad(result, axis, (int) pads[i], (int) pads[i + axes.length], mode, fill);
        }
        return result;
    }

    private static NDArray pad(NDArray x, int axis, int begin, int end, String mode, double fill) {
        int length = x.dimension(axis);
        long[] shape = x.shape().clone();
        shape[axis] = begin + length + end;
        int inner = (int) x.strides()[axis];
        double[] y = new double[NDArray.count(shape)];
        Arrays.fill(y, fill);
        for (int outer = 0; outer < y.length / inner; outer++) {
            int position = outer % (int) shape[axis] - begin;
            int source = switch (mode) {
                case "constant" -> position;
                case "edge" -> (int) clamp(position, 0, length - 1);
                case "reflect" -> reflect(position, length);
                case "wrap" -> Math.floorMod(position, length);
                default -> throw new IllegalArgumentException("no such mode: " + mode);
            };
            if (source >= 0 && source < length) {
                int from = (outer / (int) shape[axis] * length + source) * inner;
                System.arraycopy(x.data(), from, y, outer * inner, inner);
            }
        }
        return new NDArray(y, shape, x.kind());
    }

    /** Mirrored at the middle of the first and the last element. */
    private static int reflect(int position, int length) {
        int folded = length == 1 ? 0 : Math.floorMod(position, 2 * length - 2);
        return folded < length ? folded : 2 * length - 2 - folded;
    }

    static NDArray reshape(Call call) {
        NDArray x = call.in(0);
        long[] shape = call.in(1).toLongs();
        for (int i = 0; i < shape.length; i++) {
            if (shape[i] == 0 && !call.flag("allowzero", 0)) {
                shape[i] = x.shape()[i];
            }
        }
        for (int i = 0; i < shape.length; i++) {
            if (shape[i] == -1) {
                shape[i] = 1;
                shape[i] = x.size() / NDArray.count(shape);
            }
        }
        return x.reshape(shape);
    }

    static NDArray flatten(Call call) {
        NDArray x = call.in(0);
        long axis = call.integer("axis", 1);
        int cut = (int) (axis < 0 ? axis + x.rank() : axis);
        int rows = NDArray.count(Arrays.copyOf(x.shape(), cut));
        return x.reshape(rows, NDArray.count(Arrays.copyOfRange(x.shape(), cut, x.rank())));
    }

    static NDArray squeeze(Call call) {
        NDArray x = call.in(0);
        long[] axes = call.longs(1);
        return x.reshape(IntStream.range(0, x.rank())
                .filter(axis -> call.has(1)
                        ? Arrays.stream(axes).noneMatch(gone -> Math.floorMod(gone, (long) x.rank()) == axis)
                        : x.shape()[axis] != 1)
                .mapToLong(axis -> x.shape()[axis])
                .toArray());
    }

    static NDArray unsqueeze(Call call) {
        NDArray x = call.in(0);
        long[] axes = call.longs(1);
        int rank = x.rank() + axes.length;
        long[] shape = new long[rank];
        for (long axis : axes) {
            shape[(int) Math.floorMod(axis, (long) rank)] = 1;
        }
        int next = 0;
        for (int axis = 0; axis < rank; axis++) {
            if (shape[axis] == 0) {
                shape[axis] = x.shape()[next++];
            }
        }
        return x.reshape(shape);
    }

    static NDArray transpose(Call call) {
        NDArray x = call.in(0);
        long[] reversed =
                LongStream.range(0, x.rank()).map(i -> x.rank() - 1 - i).toArray();
        return x.transpose(Arrays.stream(call.integers("perm", reversed))
                .mapToInt(axis -> (int) axis)
                .toArray());
    }

    static NDArray expand(Call call) {
        NDArray x = call.in(0);
        return x.expand(NDArray.broadcast(x.shape(), call.in(1).toLongs()));
    }

    static NDArray tile(Call call) {
        NDArray x = call.in(0);
        long[] repeats = call.in(1).toLongs();
        // [a, b] tiled [m, n] is [1, a, 1, b] expanded to [m, a, n, b]
        long[] single = new long[2 * x.rank()];
        long[] repeated = new long[2 * x.rank()];
        long[] shape = new long[x.rank()];
        for (int axis = 0; axis < x.rank(); axis++) {
            single[2 * axis] = 1;
            single[2 * axis + 1] = x.shape()[axis];
            repeated[2 * axis] = repeats[axis];
            repeated[2 * axis + 1] = x.shape()[axis];
            shape[axis] = repeats[axis] * x.shape()[axis];
        }
        return x.reshape(single).expand(repeated).reshape(shape);
    }

    static NDArray depthToSpace(Call call) {
        NDArray x = call.in(0);
        long block = call.integer("blocksize", 1);
        long[] s = x.shape();
        long depth = s[1] / (block * block);
        NDArray moved = call.text("mode", "DCR").equals("CRD")
                ? x.reshape(s[0], depth, block, block, s[2], s[3]).transpose(0, 1, 4, 2, 5, 3)
                : x.reshape(s[0], block, block, depth, s[2], s[3]).transpose(0, 3, 4, 1, 5, 2);
        return moved.reshape(s[0], depth, s[2] * block, s[3] * block);
    }

    static NDArray spaceToDepth(Call call) {
        NDArray x = call.in(0);
        long block = call.integer("blocksize", 1);
        long[] s = x.shape();
        return x.reshape(s[0], s[1], s[2] / block, block, s[3] / block, block)
                .transpose(0, 3, 5, 1, 2, 4)
                .reshape(s[0], s[1] * block * block, s[2] / block, s[3] / block);
    }

    static NDArray trilu(Call call) {
        NDArray x = call.in(0);
        long k = (long) call.scalar(1, 0);
        boolean upper = call.flag("upper", 1);
        int rows = x.dimension(-2);
        int columns = x.dimension(-1);
        double[] y = x.data().clone();
        for (int i = 0; i < y.length; i++) {
            int row = i / columns % rows;
            int column = i % columns;
            if (upper ? column < row + k : column > row + k) {
                y[i] = 0;
            }
        }
        return new NDArray(y, x.shape(), x.kind());
    }
}
