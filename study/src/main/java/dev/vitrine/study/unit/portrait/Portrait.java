package dev.vitrine.study.unit.portrait;

import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.study.unit.example.Example;
import java.util.List;

/**
 * Statistics of a unit over many pictures.
 *
 * @param pictures number processed
 * @param unreadable number of pictures that could not be read
 * @param strongest strongest examples first
 * @param weakest weakest examples first
 * @param histogram of its values at all positions of all pictures
 * @param silentPlaces share of the values that are not above 0
 * @param silentPictures share of the pictures with no value above 0
 * @param mean over all positions of all pictures
 * @param maximum over all positions of all pictures
 * @param where {@code f32[h,w]}: the mean over pictures of the value's positive part
 * @param classes whose scores correlate with the unit's mean
 * @param neighbors channels of the layer whose means correlate with the unit's
 */
public record Portrait(
        int pictures,
        int unreadable,
        List<Example> strongest,
        List<Example> weakest,
        Histogram histogram,
        double silentPlaces,
        double silentPictures,
        double mean,
        double maximum,
        Tensor where,
        List<Related> classes,
        List<Related> neighbors) {
    public Portrait {
        strongest = List.copyOf(strongest);
        weakest = List.copyOf(weakest);
        classes = List.copyOf(classes);
        neighbors = List.copyOf(neighbors);
    }

    /**
     * @param index of the class or channel
     * @param correlation Pearson's r over the pictures
     */
    public record Related(int index, double correlation) {}
}
