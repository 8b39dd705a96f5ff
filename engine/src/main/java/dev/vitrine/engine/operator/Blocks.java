package dev.vitrine.engine.operator;

import dev.vitrine.engine.graph.Attributes;
import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Subgraphs that ONNX Runtime runs in its blocked layout (NCHWc) on the CPU: Conv, pooling, Relu, Clip behind a Conv,
 * HardSigmoid, and Add and Mul of equal shapes. Any other operator between them costs two layout conversions.
 */
final class Blocks {
    /** Channels per block on the widest processors. */
    private static final int BLOCK = 16;

    private Blocks() {}

    /** Whether maps {@code f32[N,C,H,W]} of fixed sizes fill whole blocks. */
    static boolean fits(TensorType type) {
        return type.rank() == 4
                && type.dimension(1).isFixed()
                && fills(type.dimension(1).size())
                && type.dimension(2).isFixed()
                && type.dimension(3).isFixed();
    }

    /** Depthwise convolution with the same small kernel for every channel. */
    static Value depthwise(Value x, int channels, float[][] kernel, BackwardContext c) {
        return depthwise(x, channels, kernel, 0, new long[] {1, 1}, new long[4], c);
    }

    /**
     * Depthwise convolution with the same small kernel for every channel.
     *
     * @param pads top, left, bottom, right
     */
    static Value depthwise(
            Value x, int channels, float[][] kernel, float bias, long[] strides, long[] pads, BackwardContext c) {
        int height = kernel.length;
        int width = kernel[0].length;
        float[] all = new float[channels * height * width];
        for (int i = 0; i < all.length; i++) {
            all[i] = kernel[i / width % height][i % width];
        }
        float[] biases = new float[channels];
        Arrays.fill(biases, bias);
        Attributes attributes = Attributes.NONE
                .with("group", channels)
                .with("kernel_shape", height, width)
                .with("strides", strides)
                .with("pads", pads);
        Value weight = c.builder().constant(Tensor.floats(all, channels, 1, height, width));
        return bias == 0
                ? c.node("Conv", attributes, x, weight)
                : c.node("Conv", attributes, x, weight, c.builder().constant(Tensor.floats(biases, channels)));
    }

    /** Broadcasts {@code f32[N,C,1,1]} over all positions of {@code like}. */
    static Value spread(Value source, Value like, BackwardContext c) {
        TensorType type = c.type(like);
        Value spread;
        if (fits(type)) {
            Attributes nearest = Attributes.NONE
                    .with("mode", "nearest")
                    .with("coordinate_transformation_mode", "asymmetric")
                    .with("nearest_mode", "floor");
            float[] scales = {1, 1, type.dimension(2).size(), type.dimension(3).size()};
            spread = c.node("Resize", nearest, source, Value.NONE, c.builder().constant(Tensor.floats(scales, 4)));
        } else {
            spread = c.expandLike(source, like);
        }
        c.forward().forms().uniform(spread, source);
        return spread;
    }

    /** Interleaves four phases into one value, see {@link GradientForms.Phased}. */
    static Value interleave(GradientForms.Phased form, BackwardContext c) {
        long rows = (form.height() + 1) / 2;
        long columns = (form.width() + 1) / 2;
        List<Value> parts = new ArrayList<>();
        for (int phase = 0; phase < 4; phase++) {
            long missingRows = rows - (form.height() + 1 - phase / 2) / 2;
            long missingColumns = columns - (form.width() + 1 - phase % 2) / 2;
            Value part = form.parts().get(phase);
            if (missingRows + missingColumns > 0) {
                part = c.node("Pad", part, c.builder().vector(0, 0, 0, 0, 0, 0, missingRows, missingColumns));
            }
            parts.add(part);
        }
        return assemble(parts, form.channels(), 2, rows, columns, form.height(), form.width(), c);
    }

    /** Whether channels fill whole blocks. */
    static boolean fills(long channels) {
        return channels % BLOCK == 0;
    }

    /** Assembles blocks from their elements, given row by row, each {@code f32[N, C, rows, columns]}. */
    static Value assemble(
            List<Value> elements,
            long channels,
            long block,
            long rows,
            long columns,
            long height,
            long width,
            BackwardContext c) {
        Value[] flat = elements.stream()
                .map(element -> c.reshape(element, 0, channels, 1, rows * columns))
                .toArray(Value[]::new);
        Value stacked = c.node("Concat", Attributes.NONE.with("axis", 2), flat);
        return assemble(stacked, channels, block, rows, columns, height, width, c);
    }

    /**
     * Assembles blocks: {@code f32[N, C·B², rows, columns]}, where channel (c·B + a)·B + b holds the elements (B i + a,
     * B j + b) of map c, becomes {@code f32[N, C, height, width]}.
     */
    static Value assemble(
            Value blocks,
            long channels,
            long block,
            long rows,
            long columns,
            long height,
            long width,
            BackwardContext c) {
        Value flat = c.reshape(blocks, 0, channels * block * block, rows * columns);
        Attributes attributes = Attributes.NONE
                .with("strides", block, block)
                .with("pads", 0, 0, block * rows - height, block * columns - width);
        Value whole = c.node(
                "Col2Im",
                attributes,
                flat,
                c.builder().vector(height, width),
                c.builder().vector(block, block));
        // Multiplies by one: a convolution converts the value to the blocked layout once for all consumers.
        return fills(channels) && c.readsBlocks() ? depthwise(whole, (int) channels, new float[][] {{1}}, c) : whole;
    }
}
