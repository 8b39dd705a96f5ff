package dev.vitrine.study.probe;

import java.util.List;

/**
 * How well classes are told from each layer.
 *
 * @param classes names
 * @param taught pictures that teach at the most shots
 * @param tested pictures that test
 * @param layers in the order of the network, finer grids after coarser ones
 */
public record ProbeAnswer(List<String> classes, int taught, int tested, List<LayerResult> layers) {
    public ProbeAnswer {
        classes = List.copyOf(classes);
        layers = List.copyOf(layers);
    }
}
