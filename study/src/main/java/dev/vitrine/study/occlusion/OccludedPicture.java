package dev.vitrine.study.occlusion;

import dev.vitrine.engine.tensor.Tensor;

/**
 * Predictions for a picture with each window occluded; values in rows of windows.
 *
 * @param index in the list of pictures
 * @param scores without occlusion, {@code f32[1,classes]}
 * @param target the class shown
 * @param channel of the feature map, the strongest without occlusion
 * @param map that feature map without occlusion, {@code f32[h,w]}
 * @param known which windows were evaluated; not all if the run was stopped
 * @param shown probability of the class, 0..1, or its raw score
 * @param likeliest predicted class; −1 if not evaluated
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
    /** Number of windows evaluated. */
    public int done() {
        int done = 0;
        for (boolean one : known) {
            done += one ? 1 : 0;
        }
        return done;
    }
}
