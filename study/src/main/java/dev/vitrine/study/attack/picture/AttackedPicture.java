package dev.vitrine.study.attack.picture;

import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.study.attack.ChangeSize;
import dev.vitrine.study.page.ExplanationPage.Bar;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A picture before and after an attack, at the size of the network's input.
 *
 * @param label class that the network predicts for the picture, which counts as the true one
 * @param target class to reach
 * @param samples the picture, {@code u8[C,H,W]}
 * @param changed the adversarial picture, {@code u8[C,H,W]}
 * @param success whether the adversarial picture, read from its file, is classified as the attack wants
 * @param queries runs of the network, forward or forward and backward
 * @param withoutMaps why there are no maps, if the method does not apply to the network
 */
public record AttackedPicture(
        int index,
        String name,
        int label,
        OptionalInt target,
        byte[] samples,
        byte[] changed,
        boolean success,
        Seen before,
        Seen after,
        ChangeSize size,
        long queries,
        Optional<String> withoutMaps) {
    /**
     * The prediction for a picture.
     *
     * @param best predicted class
     * @param top the most likely classes, most likely first
     * @param map Grad-CAM for the predicted class, {@code f32[H,W]}
     */
    public record Seen(int best, List<Bar> top, Optional<Tensor> map) {
        public Seen {
            top = List.copyOf(top);
        }
    }
}
