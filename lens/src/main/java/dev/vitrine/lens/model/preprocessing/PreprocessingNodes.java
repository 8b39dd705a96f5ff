package dev.vitrine.lens.model.preprocessing;

import dev.vitrine.engine.graph.Attributes;
import dev.vitrine.engine.graph.GraphBuilder;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.tensor.Tensor;

/** {@link Preprocessing} of pictures that have the input's size, as nodes in front of a network. */
public final class PreprocessingNodes {
    private PreprocessingNodes() {}

    /**
     * The network's input as one linear map of each pixel.
     *
     * @param pictures {@code f32[N,C,H,W], 0..1}: red, green and blue, luminance alone, or the channels of the input
     */
    public static Value emit(GraphBuilder b, Preprocessing preprocessing, Value pictures) {
        int channels = preprocessing.channels().count();
        float[] black = new float[channels];
        float[] weights = new float[channels * channels];
        for (int channel = 0; channel < channels; channel++) {
            int source = preprocessing.channels().isOfColors()
                    ? preprocessing.channels().color(channel)
                    : channel;
            black[channel] = preprocessing.minimum(channel);
            weights[channel * channels + source] = preprocessing.maximum(channel) - black[channel];
        }
        Value input = b.node(
                "Conv",
                pictures,
                b.constant("mix", Tensor.floats(weights, channels, channels, 1, 1)),
                b.constant("black", Tensor.floats(black, channels)));
        return preprocessing.layout() == Layout.NCHW
                ? input
                : b.node("Transpose", Attributes.NONE.with("perm", 0, 2, 3, 1), input);
    }
}
