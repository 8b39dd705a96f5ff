package dev.vitrine.study.growth;

import java.awt.image.BufferedImage;
import java.util.List;
import java.util.Optional;

/**
 * What a network was at one checkpoint.
 *
 * @param name of the file
 * @param weights how far each layer's weights are from those of the last checkpoint
 * @param layers what each layer makes of the pictures
 * @param units the chosen channels, in the order they were chosen
 * @param filters of the first layer
 */
public record Snapshot(
        String name,
        List<Distance> weights,
        List<LayerState> layers,
        List<UnitState> units,
        List<BufferedImage> filters) {
    /** The last number of the name, where it has one: 5 of {@code epoch-005}; else the name. */
    public String number() {
        String digits = name.replaceAll(".*?(\\d+)\\D*$", "$1");
        return digits.matches("\\d{1,9}") ? Integer.toString(Integer.parseInt(digits)) : name;
    }

    /**
     * ‖w − v‖ / ‖v‖ with v the last checkpoint's.
     *
     * @param layer name of the node
     */
    public record Distance(String layer, double distance) {}

    /**
     * @param likeness linear CKA with the same layer of the last checkpoint
     * @param dead channels that no picture brings above 0; nothing where the layer is no rectifier's
     */
    public record LayerState(String layer, int channels, double likeness, Optional<Integer> dead) {}

    /**
     * A channel and the picture that it answers to most.
     *
     * @param picture index in the source
     * @param name of the picture
     * @param projection of its value by the deconvnet, where it is above 0
     */
    public record UnitState(
            String layer,
            int channel,
            int picture,
            String name,
            float value,
            BufferedImage patch,
            Optional<BufferedImage> projection) {
        /** Names the channel. */
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
