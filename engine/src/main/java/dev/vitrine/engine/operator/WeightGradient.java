package dev.vitrine.engine.operator;

import dev.vitrine.engine.graph.Attributes;
import dev.vitrine.engine.graph.Value;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;

/**
 * dw[m, c, k] = Σₙ Σₚ dy[n, m, p] · x[n, c, p·stride + k·dilation − pad], as one matrix product per kernel element, or
 * for a few elements together where channels are few.
 *
 * <p>A strided picture is first split into its phases, so that each kernel element sees a plain rectangle. Many
 * positions are summed sample by sample; few positions of all samples form one long row.
 */
final class WeightGradient {
    /**
     * Minimum number of columns of a product, if the kernel has as many: narrower ones waste the processor's registers.
     */
    private static final long LEAST_COLUMNS = 48;

    /** Number of positions below which the rows of all samples are joined. */
    private static final long FEW_PLACES = 128;

    private final Window window;
    private final long group;
    private final BackwardContext c;
    private final int axes;
    private final long[] in;
    private final long[] out;
    private final long wideChannels;
    private final long narrowChannels;
    private final long places;
    private final long phases;
    private final boolean joined;

    /**
     * @param wide has the type of the operand that the window slides over
     * @param narrow has the type of the operand with one position per window
     */
    WeightGradient(Value wide, Value narrow, Window window, long group, BackwardContext c) {
        this.window = window;
        this.group = group;
        this.c = c;
        this.axes = window.axes();
        this.in = ConvolutionRules.spatial(wide, window, c);
        this.out = ConvolutionRules.spatial(narrow, window, c);
        this.wideChannels = c.size(wide, 1);
        this.narrowChannels = c.size(narrow, 1);
        this.places = LongStream.of(out).reduce(1, (a, b) -> a * b);
        this.phases = phases(window);
        this.joined = places < FEW_PLACES;
    }

    /** The part of the picture that one kernel element sees. */
    private record Tap(long[] starts, long[] ends, long[] sliceAxes, long[] steps) {}

    Value of(Value wide, Value narrow) {
        Value padded = padded(wide);
        if (phases > 1) {
            padded = c.node("SpaceToDepth", Attributes.NONE.with("blocksize", phases), padded);
        }
        if (joined) {
            padded = swapped(padded);
        }
        Value rows = joined
                ? c.reshape(swapped(narrow), group, narrowChannels / group, -1)
                : c.reshape(narrow, -1, group, narrowChannels / group, places);
        long columns = wideChannels / group;
        List<Tap> taps = taps();
        int together = (int) Math.max(1, (LEAST_COLUMNS + columns - 1) / columns);
        List<Value> products = new ArrayList<>();
        for (int from = 0; from < taps.size(); from += together) {
            List<Tap> some = taps.subList(from, Math.min(taps.size(), from + together));
            products.add(product(rows, padded, some));
        }
        Value stacked = products.size() == 1
                ? products.get(0)
                : c.node("Concat", Attributes.NONE.with("axis", 1), products.toArray(Value[]::new));
        long[] shape = new long[axes + 2];
        shape[0] = narrowChannels;
        shape[1] = columns;
        System.arraycopy(window.kernel(), 0, shape, 2, axes);
        return c.reshape(c.transpose(stacked, 0, 2, 1), shape);
    }

    /** The stride, where the picture can be split into phases; else 1. */
    private static long phases(Window window) {
        long stride = window.strides()[0];
        return window.axes() == 2 && window.strides()[1] == stride ? stride : 1;
    }

    private Value padded(Value wide) {
        long[] pads = new long[2 * (axes + 2)];
        for (int i = 0; i < axes; i++) {
            pads[2 + i] = window.padsBegin()[i];
            long reach = (out[i] - 1) * window.strides()[i] + window.extent(i);
            long needed = Math.max(reach, in[i] + window.padsBegin()[i]);
            long whole = (needed + phases - 1) / phases * phases;
            pads[axes + 4 + i] = whole - in[i] - window.padsBegin()[i];
        }
        return LongStream.of(pads).allMatch(pad -> pad == 0)
                ? wide
                : c.node("Pad", wide, c.builder().vector(pads));
    }

    /** Channels first, samples second. */
    private Value swapped(Value value) {
        long[] permutation = LongStream.range(0, axes + 2).toArray();
        permutation[0] = 1;
        permutation[1] = 0;
        return c.transpose(value, permutation);
    }

    private List<Tap> taps() {
        List<Tap> taps = new ArrayList<>();
        long count = LongStream.of(window.kernel()).reduce(1, (a, b) -> a * b);
        for (long number = 0; number < count; number++) {
            long[] starts = new long[axes + 1];
            long[] ends = new long[axes + 1];
            long phase = 0;
            long rest = number;
            long scale = 1;
            for (int i = axes - 1; i >= 0; i--) {
                long reach = rest % window.kernel()[i] * window.dilations()[i];
                rest /= window.kernel()[i];
                phase += reach % phases * scale;
                scale *= phases;
                long step = window.strides()[i] / phases;
                starts[i + 1] = reach / phases;
                ends[i + 1] = starts[i + 1] + (out[i] - 1) * step + 1;
            }
            starts[0] = phase * wideChannels;
            ends[0] = starts[0] + wideChannels;
            long[] sliceAxes = LongStream.range(1, axes + 2).toArray();
            sliceAxes[0] = joined ? 0 : 1;
            long[] steps = new long[axes + 1];
            Arrays.fill(steps, 1);
            for (int i = 0; i < axes; i++) {
                steps[i + 1] = window.strides()[i] / phases;
            }
            taps.add(new Tap(starts, ends, sliceAxes, steps));
        }
        return taps;
    }

    /** {@code f32[M, taps, C/group]} of some kernel elements. */
    private Value product(Value rows, Value padded, List<Tap> taps) {
        long columns = wideChannels / group;
        Value[] seen = taps.stream()
                .map(tap -> joined
                        ? c.reshape(sliced(padded, tap), group, columns, -1)
                        : c.reshape(sliced(padded, tap), -1, group, columns, places))
                .toArray(Value[]::new);
        Value all = seen.length == 1 ? seen[0] : c.node("Concat", Attributes.NONE.with("axis", joined ? 1 : 2), seen);
        Value product;
        if (joined && group == 1) {
            Value flat = c.reshape(rows, narrowChannels, -1);
            Attributes transposed = Attributes.NONE.with("transB", 1);
            product = c.node("Gemm", transposed, flat, c.reshape(all, columns * taps.size(), -1));
        } else if (joined) {
            product = c.node("MatMul", rows, c.transpose(all, 0, 2, 1));
        } else {
            product = c.sumAway(c.node("MatMul", rows, c.transpose(all, 0, 1, 3, 2)), 0);
        }
        return c.reshape(product, narrowChannels, taps.size(), columns);
    }

    private Value sliced(Value padded, Tap tap) {
        return c.node(
                "Slice",
                padded,
                c.builder().vector(tap.starts()),
                c.builder().vector(tap.ends()),
                c.builder().vector(tap.sliceAxes()),
                c.builder().vector(tap.steps()));
    }
}
