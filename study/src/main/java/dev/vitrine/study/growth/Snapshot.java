package dev.vitrine.study.growth;

import java.awt.image.BufferedImage;
import java.util.List;
import java.util.Optional;

/**
 * The state of a network at one checkpoint.
 *
 * @param name name of the file
 * @param weights distance of each layer's weights from those of the last checkpoint
 * @param layers similarity to the last checkpoint and dead channels of each layer
 * @param units the selected channels, in order of selection
 * @param filters filters of the first layer
 */
public record Snapshot(
        String name,
        List<Distance> weights,
        List<LayerState> layers,
        List<UnitState> units,
        List<BufferedImage> filters) {
    /** The last number in the name, such as 5 for {@code epoch-005}, or the name if it has none. */
    public String number() {
        String digits = name.replaceAll(".*?(\\d+)\\D*$", "$1");
        return digits.matches("\\d{1,9}") ? Integer.toString(Integer.parseInt(digits)) : name;
    }

    /**
     * ‖w − v‖ / ‖v‖, with v the weights of the last checkpoint.
     *
     * @param layer name of the node
     */
    public record Distance(String layer, double distance) {}

    /**
     * @param likeness linear CKA with the same layer at the last checkpoint
     * @param dead number of channels that no picture raises above 0; empty if the layer is not a rectifier
     */
    public record LayerState(String layer, int channels, double likeness, Optional<Integer> dead) {}

    /**
     * A channel and the picture with its strongest response.
     *
     * @param picture index in the source
     * @param name of the picture
     * @param projection deconvnet projection of its value, if above 0
     */
    public record UnitState(
            String layer,
            int channel,
            int picture,
            String name,
            float value,
            BufferedImage patch,
            Optional<BufferedImage> projection) {
        /** The name of the channel. */
        public String unit() {
            return layer + ":" + channel;
        }
    }

    public Snapshot {
        weights = List.copyOf(weights);
        layers = List.copyOf(layers);
        units = List.copyOf(units);
        filters = List.copyOf(filters);
    }
}
