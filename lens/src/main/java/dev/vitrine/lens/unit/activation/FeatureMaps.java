package dev.vitrine.lens.unit.activation;

import dev.vitrine.engine.rewrite.Cut;
import dev.vitrine.engine.rewrite.FixDimension;
import dev.vitrine.engine.runtime.Executable;
import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.session.ModelSession;
import dev.vitrine.lens.unit.ChannelLayer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * The feature maps of a layer on one picture.
 *
 * @param values {@code f32[1,C,h,w]}
 */
public record FeatureMaps(ChannelLayer layer, Tensor values) {
    /** The order of maps. */
    public enum Order {
        /** By number. */
        CHANNEL,
        /** By descending maximum; of equals the lower index first. */
        STRONGEST
    }

    /**
     * One channel.
     *
     * @param silent share of the values that are at most 0
     */
    public record Channel(int channel, float minimum, float maximum, double silent) {}

    /**
     * The feature maps of one picture, one per layer.
     *
     * @param image {@code f32[1,…]}
     */
    public static List<FeatureMaps> of(ModelSession session, List<ChannelLayer> layers, Tensor image) {
        Model model = session.model();
        layers.forEach(layer -> layer.requireSpatial("to be drawn"));
        try (Executable executable = session.runner()
                .load(new Cut(layers.stream().map(ChannelLayer::value).toList())
                        .then(new FixDimension(model.batch(), 1))
                        .apply(model.graph()))) {
            Map<?, Tensor> results = executable.run(Map.of(model.input(), session.filled(image)));
            return layers.stream()
                    .map(layer ->
                            new FeatureMaps(layer, results.get(layer.value()).rows(0, 1)))
                    .toList();
        }
    }

    /** One map, {@code f32[h,w]}. */
    public Tensor map(int channel) {
        return values.reshape(layer.channels(), layer.height(), layer.width())
                .rows(channel, channel + 1L)
                .reshape(layer.height(), layer.width());
    }

    /** All maps, ordered. */
    public List<Channel> maps(Order order) {
        float[] all = values.toFloats();
        int places = layer.places();
        List<Channel> maps = new ArrayList<>();
        for (int channel = 0; channel < layer.channels(); channel++) {
            float minimum = Float.POSITIVE_INFINITY;
            float maximum = Float.NEGATIVE_INFINITY;
            int silent = 0;
            for (int place = 0; place < places; place++) {
                float value = all[channel * places + place];
                minimum = Math.min(minimum, value);
                maximum = Math.max(maximum, value);
                silent += value > 0 ? 0 : 1;
            }
            maps.add(new Channel(channel, minimum, maximum, (double) silent / places));
        }
        if (order == Order.STRONGEST) {
            maps.sort(Comparator.comparingDouble((Channel map) -> -map.maximum()));
        }
        return maps;
    }
}
