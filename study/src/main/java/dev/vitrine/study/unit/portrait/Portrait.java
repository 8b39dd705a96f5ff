package dev.vitrine.study.unit.portrait;

import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.study.unit.example.Example;
import java.util.List;

/**
 * What a unit does over many pictures.
 *
 * @param pictures that were looked at
 * @param unreadable further pictures that could not be
 * @param strongest first the picture that it answers to most
 * @param weakest first the picture that it answers to least
 * @param histogram of its values at all places of all pictures
 * @param silentPlaces share of the values that are not above 0
 * @param silentPictures share of the pictures where none is above 0
 * @param mean over all places of all pictures
 * @param maximum over all places of all pictures
 * @param where {@code f32[h,w]}: the mean over pictures of the value's positive part
 * @param classes whose scores rise with the unit's mean
 * @param neighbors channels of the layer whose means rise with the unit's
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
