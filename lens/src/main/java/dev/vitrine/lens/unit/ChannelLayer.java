package dev.vitrine.lens.unit;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.model.anatomy.Anatomy;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A layer with channels: maps {@code f32[N,C,h,w]}, or one number per channel, {@code f32[N,C]} or {@code
 * f32[N,C,1,1]}.
 */
public record ChannelLayer(Value value, int channels, int height, int width) {
    /** The layer of a name, or an error if it has no channels. */
    public static ChannelLayer find(Model model, String name) {
        Anatomy layers = model.anatomy();
        Value value = layers.find(name);
        return of(model, layers, value)
                .orElseThrow(() -> VitrineException.usage("Layer '" + value + "' has the shape "
                        + model.graph().types().get(value) + "; expected maps [N, C, height, width] or one number a"
                        + " channel, [N, C], all but N fixed. See the layers with: vitrine layers MODEL"));
    }

    /** All layers with channels. */
    public static List<ChannelLayer> all(Model model) {
        Anatomy layers = model.anatomy();
        return layers.all().stream()
                .flatMap(value -> of(model, layers, value).stream())
                .toList();
    }

    /**
     * One layer for each step of the network, after its normalization and rectifier. Excludes layers that rank pictures
     * like another: those read only by a normalization, rectifier or concatenation, and outputs of max pooling.
     */
    public static List<ChannelLayer> stages(Model model) {
        List<ChannelLayer> all = all(model);
        Set<Value> known = all.stream().map(ChannelLayer::value).collect(Collectors.toSet());
        return all.stream()
                .filter(layer -> !model.anatomy().ranksAsAnother(layer.value(), known))
                .toList();
    }

    private static Optional<ChannelLayer> of(Model model, Anatomy layers, Value value) {
        TensorType type = model.graph().types().get(value);
        boolean batched = type.rank() > 1 && type.dimension(0).equals(model.batch());
        if (layers.isSpatial(value)) {
            return Optional.of(new ChannelLayer(value, size(type, 1), size(type, 2), size(type, 3)))
                    .filter(layer -> batched && layer.channels > 0);
        }
        boolean vector = type.rank() == 2 || type.rank() == 4 && size(type, 2) == 1 && size(type, 3) == 1;
        return Optional.of(new ChannelLayer(value, size(type, 1), 1, 1))
                .filter(layer -> batched && vector && layer.channels > 0);
    }

    private static int size(TensorType type, int axis) {
        return axis < type.rank() ? (int) type.dimension(axis).size() : 1;
    }

    /** Whether a channel has more than one position. */
    public boolean isSpatial() {
        return height * width > 1;
    }

    public int places() {
        return height * width;
    }

    public String name() {
        return value.name();
    }

    /** Fails if there is no such channel. */
    public void requireChannel(int channel) {
        if (channel < 0 || channel >= channels) {
            throw VitrineException.usage("Layer '" + value + "' has no channel " + channel + "; expected 0 to "
                    + (channels - 1) + ", of " + channels + ".");
        }
    }

    /** Fails if channels have no height and width. */
    public void requireSpatial(String purpose) {
        if (!isSpatial()) {
            throw VitrineException.usage("Layer '" + value + "' has no height and width; expected a layer of maps "
                    + purpose + ". See the layers with: vitrine layers MODEL");
        }
    }
}
