package dev.vitrine.engine.operator;

import dev.vitrine.engine.graph.Attributes;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The gradient of a two-dimensional convolution with respect to its input, computed on a coarser grid: each B×B block
 * of the input becomes B² channels at one position, which Col2Im spreads out at the end.
 *
 * <p>Input row R gets dy row h through kernel row y where R = s·h + y − p. With h = q·j + a for the q phases of dy and
 * B = q·s: R = B·j + s·a + y − p, so that block row i = j − o, with offset o = (R mod B − s·a − y + p)/B. Each phase
 * thus takes one ordinary convolution with few taps.
 */
final class BlockConvolution {
    private final Tensor weight;
    private final long[] padsBegin;
    private final int stride;
    private final int phases;
    private final int block;

    /**
     * @param weight {@code f32[M,C,k,l]}
     * @param phases 1 for an ordinary gradient, 2 for one in four phases
     */
    BlockConvolution(Tensor weight, long[] padsBegin, int stride, int phases) {
        this.weight = weight;
        this.padsBegin = padsBegin;
        this.stride = stride;
        this.phases = phases;
        this.block = stride * phases;
    }

    /** One tap along one axis: the part of the block it writes, its kernel element and its offset. */
    private record Tap(int offset, int inBlock, int kernel) {}

    /** A square of {@code count} × {@code count} elements of every block, starting at {@code row}, {@code column}. */
    private record Elements(int row, int column, int count) {}

    /** Key of a kernel derived from the weight. */
    private record Kernel(List<Tap> vertical, List<Tap> horizontal, Elements elements, int height, int width) {}

    /**
     * Emits the gradient; empty where the sizes do not fit.
     *
     * @param parts the gradient's parts, row by row; one, or four
     * @param out sizes of the gradient
     * @param in sizes of the input
     */
    Optional<Value> emit(List<Value> parts, long[] out, long[] in, BackwardContext c) {
        long channels = weight.dimension(1);
        long rows = (in[0] + block - 1) / block;
        long columns = (in[1] + block - 1) / block;
        if (!Blocks.fills(channels)) {
            return sum(parts, out, rows, columns, new Elements(0, 0, block), c)
                    .map(sum -> Blocks.assemble(sum, channels, block, rows, columns, in[0], in[1], c));
        }
        // One convolution per element of a block keeps taps few; a joint one would pad all to the largest.
        List<Value> elements = new ArrayList<>();
        for (int element = 0; element < block * block; element++) {
            Optional<Value> sum = sum(parts, out, rows, columns, new Elements(element / block, element % block, 1), c);
            if (sum.isEmpty()) {
                return Optional.empty();
            }
            elements.add(sum.get());
        }
        return Optional.of(Blocks.assemble(elements, channels, block, rows, columns, in[0], in[1], c));
    }

    /** Σ over the gradient's parts for some elements of the block; empty where no part writes any. */
    private Optional<Value> sum(
            List<Value> parts, long[] out, long rows, long columns, Elements elements, BackwardContext c) {
        Value sum = Value.NONE;
        for (int phase = 0; phase < parts.size(); phase++) {
            int a = phase / phases;
            int b = phase % phases;
            List<Tap> vertical = taps(a, (int) weight.dimension(2), padsBegin[0], elements.row(), elements.count());
            List<Tap> horizontal =
                    taps(b, (int) weight.dimension(3), padsBegin[1], elements.column(), elements.count());
            if (vertical.isEmpty() || horizontal.isEmpty()) {
                continue;
            }
            long[] size = {(out[0] + phases - 1 - a) / phases, (out[1] + phases - 1 - b) / phases};
            int top = lowest(vertical);
            int left = lowest(horizontal);
            int height = highest(vertical) - top + 1;
            int width = highest(horizontal) - left + 1;
            long bottom = rows - size[0] + top + height - 1;
            long right = columns - size[1] + left + width - 1;
            if (bottom < 0 || right < 0 || size[0] < 1 || size[1] < 1) {
                return Optional.empty();
            }
            Attributes attributes =
                    Attributes.NONE.with("kernel_shape", height, width).with("pads", -top, -left, bottom, right);
            Tensor taps = weight.derived(
                    new Kernel(vertical, horizontal, elements, height, width),
                    () -> kernel(vertical, horizontal, elements, top, left, height, width));
            Value kernel = c.builder().constant("block", taps);
            Value term = c.node("Conv", attributes, parts.get(phase), kernel);
            sum = sum.isPresent() ? c.add(term, sum) : term;
        }
        return sum.isPresent() ? Optional.of(sum) : Optional.empty();
    }

    private List<Tap> taps(int phase, int size, long pad, int first, int count) {
        List<Tap> taps = new ArrayList<>();
        for (int inBlock = first; inBlock < first + count; inBlock++) {
            for (int kernel = 0; kernel < size; kernel++) {
                int distance = (int) (inBlock - (long) stride * phase - kernel + pad);
                if (Math.floorMod(distance, block) == 0) {
                    taps.add(new Tap(distance / block, inBlock, kernel));
                }
            }
        }
        return taps;
    }

    private static int lowest(List<Tap> taps) {
        return Math.min(0, taps.stream().mapToInt(Tap::offset).min().orElse(0));
    }

    private static int highest(List<Tap> taps) {
        return Math.max(0, taps.stream().mapToInt(Tap::offset).max().orElse(0));
    }

    private Tensor kernel(
            List<Tap> vertical, List<Tap> horizontal, Elements elements, int top, int left, int height, int width) {
        int outputs = (int) weight.dimension(0);
        int channels = (int) weight.dimension(1);
        int kernelHeight = (int) weight.dimension(2);
        int kernelWidth = (int) weight.dimension(3);
        float[] source = weight.toFloats();
        int count = elements.count();
        float[] target = new float[channels * count * count * outputs * height * width];
        for (int channel = 0; channel < channels; channel++) {
            for (int output = 0; output < outputs; output++) {
                int from = (output * channels + channel) * kernelHeight * kernelWidth;
                for (Tap v : vertical) {
                    for (Tap h : horizontal) {
                        int row = channel * count + v.inBlock() - elements.row();
                        int place = row * count + h.inBlock() - elements.column();
                        int to = ((place * outputs + output) * height + v.offset() - top) * width + h.offset() - left;
                        target[to] = source[from + v.kernel() * kernelWidth + h.kernel()];
                    }
                }
            }
        }
        return Tensor.floats(target, (long) channels * count * count, outputs, height, width);
    }

    /**
     * For stride 1, few input channels and an input of even size: one convolution of stride 2 whose outputs are the 2×2
     * blocks of the input's gradient.
     */
    static Value strided(
            Tensor adjoint, Value gradient, long[] padsBegin, long[] padsEnd, long[] in, BackwardContext c) {
        int channels = (int) adjoint.dimension(0);
        int outputs = (int) adjoint.dimension(1);
        int height = (int) adjoint.dimension(2);
        int width = (int) adjoint.dimension(3);
        float[] source = adjoint.toFloats();
        float[] target = new float[channels * 4 * outputs * (height + 1) * (width + 1)];
        for (int i = 0; i < source.length; i++) {
            int x = i % width;
            int y = i / width % height;
            int output = i / width / height % outputs;
            int channel = i / width / height / outputs;
            for (int phase = 0; phase < 4; phase++) {
                int row = ((channel * 4 + phase) * outputs + output) * (height + 1) + y + phase / 2;
                target[row * (width + 1) + x + phase % 2] = source[i];
            }
        }
        Attributes attributes = Attributes.NONE
                .with("kernel_shape", height + 1L, width + 1L)
                .with("strides", 2, 2)
                .with("pads", padsBegin[0], padsBegin[1], padsEnd[0], padsEnd[1]);
        Value kernel =
                c.builder().constant("block", Tensor.floats(target, channels * 4L, outputs, height + 1, width + 1));
        Value blocks = c.node("Conv", attributes, gradient, kernel);
        return Blocks.assemble(blocks, channels, 2, in[0] / 2, in[1] / 2, in[0], in[1], c);
    }
}
