package dev.vitrine.lens.model.anatomy;

import dev.vitrine.engine.graph.Attributes;
import dev.vitrine.engine.graph.Dimension;
import dev.vitrine.engine.graph.GraphBuilder;
import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.tensor.ElementType;
import dev.vitrine.engine.tensor.Tensor;
import java.util.Arrays;
import java.util.List;

/**
 * A layer whose values have positions in the picture: maps {@code f32[N,C,h,w]} or {@code f32[N,h,w,C]}, or tokens
 * {@code f32[N,T,C]} of which the last h·w are spatial, row by row. If the model's input is not a picture, also {@code
 * f32[N,C,l]} and {@code f32[N,C,d,h,w]}, whose positions are treated as h·w with all but the last axis in h.
 *
 * @param before number of leading tokens without a position
 */
public record LayerMaps(Value value, Form form, Dimension batch, int channels, int height, int width, int before) {
    /** Maps with these positions, of any rank. */
    static LayerMaps ofAxes(Value value, TensorType type) {
        long[] shape = type.shape();
        int width = Math.toIntExact(shape[shape.length - 1]);
        long all = Tensor.elements(Arrays.copyOfRange(shape, 2, shape.length));
        return new LayerMaps(
                value,
                Form.OTHER_AXES,
                type.dimension(0),
                Math.toIntExact(shape[1]),
                Math.toIntExact(all / width),
                width,
                0);
    }

    /** The layout of positions. */
    public enum Form {
        CHANNELS_FIRST,
        CHANNELS_LAST,
        TOKENS,
        /** {@code f32[N,C,l]} or {@code f32[N,C,d,h,w]}. */
        OTHER_AXES
    }

    /** One number per position, {@code f32[N,1,h,w]}. */
    public TensorType map() {
        return new TensorType(
                ElementType.FLOAT32, List.of(batch, Dimension.of(1), Dimension.of(height), Dimension.of(width)));
    }

    /** The layer, its gradient, or another value of its shape, as {@code f32[N,C,h,w]}. */
    public Value channelsFirst(GraphBuilder builder, Value like) {
        return switch (form) {
            case CHANNELS_FIRST -> like;
            case OTHER_AXES -> builder.node("Reshape", like, builder.vector(0, channels, height, width));
            case CHANNELS_LAST -> builder.node("Transpose", Attributes.NONE.with("perm", 0, 3, 1, 2), like);
            case TOKENS -> {
                Value places = before == 0
                        ? like
                        : builder.node(
                                "Slice",
                                like,
                                builder.vector(before),
                                builder.vector(before + (long) height * width),
                                builder.vector(1));
                Value rows = builder.node("Transpose", Attributes.NONE.with("perm", 0, 2, 1), places);
                yield builder.node("Reshape", rows, builder.vector(0, channels, height, width));
            }
        };
    }

    /** The index in a sample of the layer of one element of {@code f32[C,h,w]}. */
    public int index(int channel, int place) {
        return switch (form) {
            case CHANNELS_FIRST, OTHER_AXES -> channel * height * width + place;
            case CHANNELS_LAST -> place * channels + channel;
            case TOKENS -> (before + place) * channels + channel;
        };
    }
}
