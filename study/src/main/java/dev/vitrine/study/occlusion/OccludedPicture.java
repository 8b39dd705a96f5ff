package dev.vitrine.study.occlusion;

import dev.vitrine.engine.tensor.Tensor;

/**
 * What the network says of a picture with each window covered; numbers in rows of windows.
 *
 * @param index in the list of pictures
 * @param scores with nothing covered, {@code f32[1,classes]}
 * @param target class that is shown
 * @param channel of the feature map, the strongest with nothing covered
 * @param map that feature map with nothing covered, {@code f32[h,w]}
 * @param known which windows were asked about, not all where the work was stopped
 * @param shown probability of the class, 0..1, or its number
 * @param likeliest class; −1 where nothing is known
 * @param sums of the feature map
 */
public record OccludedPicture(
        int index,
        String name,
        Tensor scores,
        int target,
        int channel,
        Tensor map,
        boolean[] known,
        float[] shown,
        int[] likeliest,
        float[] sums) {
    /** How many windows were asked about. */
    public int done() {
        int done = 0;
        for (boolean one : known) {
            done += one ? 1 : 0;
        }
        return done;
    }
}
