package dev.vitrine.lens.stimulus;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.lens.data.Picture;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Equal patches in random order; what does not fill a patch at the right and at the bottom stays. */
final class Patches {
    private Patches() {}

    static Picture shuffled(Picture picture, int side, RandomGenerator random) {
        int patchWidth = picture.width() / side;
        int patchHeight = picture.height() / side;
        if (patchWidth < 1 || patchHeight < 1) {
            throw VitrineException.failure(picture.name() + ": found " + picture.width() + "x" + picture.height()
                    + " pixels; expected at least " + side + " on each side for as many patches.");
        }
        List<Integer> order = IntStream.range(0, side * side).boxed().collect(Collectors.toCollection(ArrayList::new));
        Collections.shuffle(order, new Random(random.nextLong()));
        byte[] source = picture.sharedRgb();
        byte[] rgb = source.clone();
        for (int patch = 0; patch < side * side; patch++) {
            int from = order.get(patch);
            for (int y = 0; y < patchHeight; y++) {
                System.arraycopy(
                        source,
                        3 * ((from / side * patchHeight + y) * picture.width() + from % side * patchWidth),
                        rgb,
                        3 * ((patch / side * patchHeight + y) * picture.width() + patch % side * patchWidth),
                        3 * patchWidth);
            }
        }
        return Picture.wrap(picture.width(), picture.height(), rgb);
    }
}
