package dev.vitrine.engine.operator;

import dev.vitrine.engine.tensor.Tensor;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;

/** Rearrangements of convolution kernels {@code f32[M, C/group, k…]}. */
final class Kernels {
    private Kernels() {}

    private record Adjoint(long group) {}

    /**
     * The kernel of the adjoint of a stride-1 convolution: flipped along every spatial axis, its input and output
     * channels exchanged within each group, {@code f32[C, M/group, k…]}.
     */
    static Tensor adjoint(Tensor weight, long group) {
        return weight.derived(new Adjoint(group), () -> flipped(weight, group));
    }

    private static Tensor flipped(Tensor weight, long group) {
        long[] shape = weight.shape();
        int outputs = (int) (shape[0] / group);
        int inputs = (int) shape[1];
        int taps = (int) (weight.elements() / (shape[0] * shape[1]));
        long[] newShape = shape.clone();
        newShape[0] = inputs * group;
        newShape[1] = outputs;
        FloatBuffer source = weight.floats();
        ByteBuffer bytes = Tensor.allocate(weight.elementType(), newShape);
        FloatBuffer target = bytes.asFloatBuffer();
        for (int g = 0; g < group; g++) {
            for (int i = 0; i < inputs; i++) {
                for (int o = 0; o < outputs; o++) {
                    int from = ((g * outputs + o) * inputs + i) * taps;
                    int to = ((g * inputs + i) * outputs + o) * taps;
                    for (int tap = 0; tap < taps; tap++) {
                        target.put(to + tap, source.get(from + taps - 1 - tap));
                    }
                }
            }
        }
        return Tensor.wrap(weight.elementType(), newShape, bytes);
    }
}
