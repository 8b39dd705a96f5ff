package dev.vitrine.study.map;

import java.util.List;

/**
 * Pictures laid out by the activations of layers.
 *
 * @param networks names
 * @param method name of the layout
 * @param indices of the pictures in the list, in the order of the points
 * @param names of the points
 * @param columns properties of the points
 * @param layers in the order of the network
 */
public record PictureMap(
        List<String> networks,
        String method,
        int[] indices,
        List<String> names,
        List<Column> columns,
        List<LayerMap> layers) {
    /** The networks in a phrase. */
    String model() {
        return String.join(" and ", networks);
    }
}
