package dev.vitrine.engine.operator;

import dev.vitrine.engine.graph.Attributes;
import dev.vitrine.engine.graph.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The gradient of a two-dimensional convolution with respect to its input where the kernel is computed or given at run
 * time: the runtime parallelizes ordinary convolutions better than transposed ones.
 *
 * <p>With stride s, input row s·i + a gets Σ dy[i + o − q] · w[s·q + r] over q, where r = (a + pad) mod s and o = (a +
 * pad − r)/s: one convolution of stride 1 for each of the s² phases, assembled by Col2Im.
 */
final class VariableAdjoint {
    private final Value weight;
    private final Window window;
    private final long group;
    private final BackwardContext c;

    VariableAdjoint(Value weight, Window window, long group, BackwardContext c) {
        this.weight = weight;
        this.window = window;
        this.group = group;
        this.c = c;
    }

    /** Along one axis: a phase's number of taps, its first kernel element and its pads. */
    private record Phase(long taps, long first, long begin, long end) {
        boolean isPlain() {
            return taps > 0 && begin >= 0 && end >= 0;
        }
    }

    /** Empty where the sizes do not fit. */
    Optional<Value> of(Value gradient, long[] in, long[] out) {
        if (window.axes() != 2 || window.strides()[0] != window.strides()[1]) {
            return Optional.empty();
        }
        long stride = window.strides()[0];
        boolean dilated = window.dilations()[0] != 1 || window.dilations()[1] != 1;
        if (stride > 1 && dilated) {
            return Optional.empty();
        }
        Value exchanged = exchanged();
        List<Value> parts = new ArrayList<>();
        for (long row = 0; row < stride; row++) {
            for (long column = 0; column < stride; column++) {
                Phase down = phase(0, row, in, out);
                Phase along = phase(1, column, in, out);
                if (!down.isPlain() || !along.isPlain()) {
                    return Optional.empty();
                }
                parts.add(part(gradient, exchanged, down, along));
            }
        }
        if (stride == 1) {
            return Optional.of(parts.get(0));
        }
        long rows = (in[0] + stride - 1) / stride;
        long columns = (in[1] + stride - 1) / stride;
        return Optional.of(Blocks.assemble(parts, group * c.size(weight, 1), stride, rows, columns, in[0], in[1], c));
    }

    private Phase phase(int axis, long at, long[] in, long[] out) {
        long stride = window.strides()[axis];
        long dilation = window.dilations()[axis];
        long shifted = at + window.padsBegin()[axis];
        long first = shifted % stride;
        long offset = shifted / stride;
        long taps = (window.kernel()[axis] - first + stride - 1) / stride;
        long places = (in[axis] + stride - 1) / stride;
        return new Phase(taps, first, (taps - 1) * dilation - offset, places - out[axis] + offset);
    }

    /** The kernel with input and output channels exchanged within each group, {@code f32[C, M/group, k, l]}. */
    private Value exchanged() {
        if (group == 1) {
            return c.transpose(weight, 1, 0, 2, 3);
        }
        long outputs = c.size(weight, 0) / group;
        long inputs = c.size(weight, 1);
        long[] kernel = window.kernel();
        Value grouped = c.reshape(weight, group, outputs, inputs, kernel[0], kernel[1]);
        return c.reshape(c.transpose(grouped, 0, 2, 1, 3, 4), group * inputs, outputs, kernel[0], kernel[1]);
    }

    private Value part(Value gradient, Value exchanged, Phase down, Phase along) {
        long stride = window.strides()[0];
        // From the last element of the phase to its first.
        Value flipped = c.node(
                "Slice",
                exchanged,
                c.builder().vector(last(down, stride), last(along, stride)),
                c.builder().vector(Long.MIN_VALUE, Long.MIN_VALUE),
                c.builder().vector(2, 3),
                c.builder().vector(-stride, -stride));
        Attributes attributes = Attributes.NONE
                .with("kernel_shape", down.taps(), along.taps())
                .with("dilations", window.dilations())
                .with("group", group)
                .with("pads", down.begin(), along.begin(), down.end(), along.end());
        return c.node("Conv", attributes, gradient, flipped);
    }

    private static long last(Phase phase, long stride) {
        return phase.first() + stride * (phase.taps() - 1);
    }
}
