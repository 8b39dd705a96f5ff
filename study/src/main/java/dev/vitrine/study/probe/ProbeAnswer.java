package dev.vitrine.study.probe;

import java.util.List;

/**
 * Accuracy of classifiers on each layer.
 *
 * @param classes class names
 * @param taught number of training pictures at the largest number of shots
 * @param tested number of test pictures
 * @param layers in the order of the network, finer grids after coarser ones
 */
public record ProbeAnswer(List<String> classes, int taught, int tested, List<LayerResult> layers) {
    public ProbeAnswer {
        classes = List.copyOf(classes);
        layers = List.copyOf(layers);
    }
}
