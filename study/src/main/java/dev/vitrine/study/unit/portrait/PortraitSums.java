package dev.vitrine.study.unit.portrait;

import dev.vitrine.study.unit.example.Example;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Statistics of a unit over some pictures, as sums.
 *
 * @param where the positive part of the unit's map, summed over the pictures
 * @param sum of all values
 * @param values number of values
 * @param silent number of values not above 0
 */
record PortraitSums(
        Histogram histogram,
        Correlations classes,
        Correlations neighbors,
        List<Example> strongest,
        List<Example> weakest,
        double[] where,
        double sum,
        double maximum,
        long values,
        long silent,
        int silentPictures) {
    /** For no pictures. */
    static final PortraitSums NONE = new PortraitSums(
            Histogram.of(new float[1]),
            Correlations.of(0, new float[0], 0, 0),
            Correlations.of(0, new float[0], 0, 0),
            List.of(),
            List.of(),
            new double[0],
            0,
            0,
            0,
            0,
            0);

    PortraitSums and(PortraitSums later, int top) {
        double[] places = where.clone();
        for (int place = 0; place < places.length; place++) {
            places[place] += later.where[place];
        }
        return new PortraitSums(
                histogram.and(later.histogram),
                classes.and(later.classes),
                neighbors.and(later.neighbors),
                first(strongest, later.strongest, top, Comparator.comparingDouble(example -> -example.value())),
                first(weakest, later.weakest, top, Comparator.comparingDouble(Example::value)),
                places,
                sum + later.sum,
                Math.max(maximum, later.maximum),
                values + later.values,
                silent + later.silent,
                silentPictures + later.silentPictures);
    }

    /** Sorting is stable: ties go to the earlier picture. */
    private static List<Example> first(List<Example> one, List<Example> later, int top, Comparator<Example> order) {
        List<Example> all = new ArrayList<>(one);
        all.addAll(later);
        all.sort(order);
        return List.copyOf(all.subList(0, Math.min(top, all.size())));
    }
}
