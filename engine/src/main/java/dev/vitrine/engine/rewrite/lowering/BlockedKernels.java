package dev.vitrine.engine.rewrite.lowering;

import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.rewrite.Patch;
import dev.vitrine.engine.tensor.ElementType;
import dev.vitrine.engine.tensor.Tensor;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.HashMap;
import java.util.Map;

/** Constants in the runtime's blocked layout, each converted once. */
final class BlockedKernels {
    /** Key of a reordered kernel: output channels per block, and input channels per block. */
    private record Order(int block, int inner) {}

    private final Patch patch;
    private final int block;
    private final Map<Value, Value> kernels = new HashMap<>();

    BlockedKernels(Patch patch, int block) {
        this.patch = patch;
        this.block = block;
    }

    /**
     * {@code f32[M/b, C/b, k, l, b of C, b of M]}, or {@code f32[M/b, C, k, l, b of M]} where the convolution reads its
     * input channel by channel; named by the shape {@code [M,C,k,l]}.
     *
     * @param inner input channels per block: b, or 1 for channel by channel
     */
    Value kernel(Value name, Tensor kernel, int inner) {
        Order order = new Order(block, inner);
        return kernels.computeIfAbsent(
                name,
                key -> patch.constant(
                        key.name() + ".blocked", kernel.derived(order, () -> reordered(kernel, order.inner()))));
    }

    /** Maps {@code f32[N,C,H,W]} as {@code f32[N, C/b, H, W, b of C]}. */
    Tensor maps(Tensor maps) {
        long[] shape = maps.shape();
        int places = Math.toIntExact(shape[2] * shape[3]);
        int groups = Math.toIntExact(shape[0] * shape[1] / block);
        FloatBuffer source = maps.floats();
        ByteBuffer bytes = Tensor.allocate(ElementType.FLOAT32, shape);
        FloatBuffer target = bytes.asFloatBuffer();
        for (int group = 0; group < groups; group++) {
            for (int place = 0; place < places; place++) {
                for (int channel = 0; channel < block; channel++) {
                    target.put(source.get((group * block + channel) * places + place));
                }
            }
        }
        return Tensor.wrap(ElementType.FLOAT32, shape, bytes);
    }

    private Tensor reordered(Tensor kernel, int inner) {
        long[] shape = kernel.shape();
        int inputs = Math.toIntExact(shape[1]);
        int places = Math.toIntExact(shape[2] * shape[3]);
        float[] source = kernel.toFloats();
        float[] row = new float[block];
        ByteBuffer bytes = Tensor.allocate(ElementType.FLOAT32, shape);
        FloatBuffer target = bytes.asFloatBuffer();
        for (int output = 0; output < shape[0]; output += block) {
            for (int input = 0; input < inputs; input += inner) {
                for (int place = 0; place < places; place++) {
                    for (int i = input; i < input + inner; i++) {
                        for (int o = 0; o < block; o++) {
                            row[o] = source[((output + o) * inputs + i) * places + place];
                        }
                        target.put(row);
                    }
                }
            }
        }
        return Tensor.wrap(ElementType.FLOAT32, shape, bytes);
    }
}
