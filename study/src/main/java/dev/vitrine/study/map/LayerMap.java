package dev.vitrine.study.map;

import dev.vitrine.lens.embedding.MapQuality;
import java.util.List;
import java.util.Optional;

/**
 * The map of one layer.
 *
 * @param columns of the layer's codes
 * @param points {@code [n, 2]}, turned, mirrored and scaled towards the first layer's
 * @param near nearest points in the codes, {@code [n, NEAR]}
 * @param kept of the ten nearest of each point in the codes, how many are among its ten nearest on the map
 * @param separability share of points whose ten nearest in the codes are mostly of their class; empty without classes
 * @param quality how true the map is to the codes; empty for very large or small maps
 * @param groupings by each property that varies
 */
public record LayerMap(
        String layer,
        int columns,
        double[] points,
        int[] near,
        int[] kept,
        Optional<Double> separability,
        Optional<MapQuality> quality,
        List<Grouping> groupings) {
    /** Neighbors that a page shows of a point. */
    public static final int NEAR = 6;
}
