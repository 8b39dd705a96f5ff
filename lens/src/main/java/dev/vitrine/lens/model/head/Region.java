package dev.vitrine.lens.model.head;

import java.util.BitSet;

/** Which places of a map, or which boxes of a detector, the score of a class is made of. */
public sealed interface Region {
    /** What is usual: all places of a map, the best box of a detector. */
    record Usual() implements Region {}

    /** The sum over all places. */
    record Everywhere() implements Region {}

    /** The place, or the box, where the class scores highest. */
    record Best() implements Region {}

    /** The sum over the places where the class scores higher than any other. */
    record Predicted() implements Region {}

    /** One pixel of the network's input; of a coarser map the place that it lies in. */
    record Place(int x, int y) implements Region {}

    /** A rectangle of pixels of the network's input; of a coarser map the places whose center lies within. */
    record Box(int x, int y, int width, int height) implements Region {}

    /**
     * Pixels of a mask in the size of the network's input or of the map.
     *
     * @param name of its file, for people
     * @param pixels that are meant, row by row
     */
    record Mask(String name, int width, int height, BitSet pixels) implements Region {
        public Mask {
            pixels = (BitSet) pixels.clone();
        }
    }

    /** The box of a number, from 0. */
    record Numbered(int box) implements Region {}
}
