package dev.vitrine.engine.operator;

import dev.vitrine.engine.graph.Attributes;
import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.engine.graph.Value;

/**
 * The gradient of a convolution's weights as a convolution of the pictures with the gradient: channels and samples are
 * exchanged, and so are stride and dilation.
 *
 * <p>dw[m, c, k] = Σₙ Σₚ dy[n, m, p] · x[n, c, p·stride + k·dilation − pad].
 */
final class SampleConvolution {
    private final Value x;
    private final Value y;
    private final Window window;
    private final BackwardContext c;

    /**
     * @param x has the type {@code f32[N,C,H,W]}
     * @param y has the type {@code f32[N,M,h,w]}
     */
    SampleConvolution(Value x, Value y, Window window, BackwardContext c) {
        this.x = x;
        this.y = y;
        this.window = window;
        this.c = c;
    }

    /** Whether the number of samples is known and the window slides over a plane. */
    boolean suits(long group) {
        TensorType from = c.type(x);
        return window.axes() == 2 && group == 1 && from.isStatic() && c.type(y).isStatic();
    }

    /** Samples as the channels summed over. */
    Value together(Value gradient) {
        Value exchanged = c.node("Conv", attributes(1), swapped(x), swapped(gradient));
        return exact(swapped(exchanged));
    }

    /** Samples as groups, whose results are summed at the end. */
    Value apart(Value gradient) {
        long samples = c.size(x, 0);
        long outputs = c.size(y, 1);
        Value kernels = c.reshape(gradient, samples * outputs, 1, c.size(y, 2), c.size(y, 3));
        Value each = c.node("Conv", attributes(samples), swapped(x), kernels);
        Value sum = c.sumAway(c.reshape(each, c.size(x, 1), samples, outputs, width(0), width(1)), 1);
        return exact(swapped(sum));
    }

    private Value swapped(Value value) {
        return c.transpose(value, 1, 0, 2, 3);
    }

    private Attributes attributes(long group) {
        long[] pads = new long[4];
        for (int axis = 0; axis < 2; axis++) {
            pads[axis] = window.padsBegin()[axis];
            pads[2 + axis] = Math.max(0, end(axis));
        }
        return Attributes.NONE
                .with("kernel_shape", c.size(y, 2), c.size(y, 3))
                .with("strides", window.dilations())
                .with("dilations", window.strides())
                .with("pads", pads)
                .with("group", group);
    }

    /** Rows by which the windows reach past the end of the picture; negative where they leave rows out. */
    private long end(int axis) {
        long reach = (c.size(y, axis + 2) - 1) * window.strides()[axis] + window.extent(axis);
        return reach - c.size(x, axis + 2) - window.padsBegin()[axis];
    }

    /** Size of the result, larger than the kernel where the windows leave rows out. */
    private long width(int axis) {
        return window.kernel()[axis] + Math.max(0, -end(axis)) / window.dilations()[axis];
    }

    private Value exact(Value result) {
        if (width(0) == window.kernel()[0] && width(1) == window.kernel()[1]) {
            return result;
        }
        return c.node(
                "Slice",
                result,
                c.builder().vector(0, 0),
                c.builder().vector(window.kernel()),
                c.builder().vector(2, 3));
    }
}
