package dev.vitrine.lens.model.head;

import java.util.BitSet;

/** The positions of a map, or the boxes of a detector, that the score of a class is computed from. */
public sealed interface Region {
    /** The default: all positions of a map, the best box of a detector. */
    record Usual() implements Region {}

    /** The sum over all positions. */
    record Everywhere() implements Region {}

    /** The position or box where the class scores highest. */
    record Best() implements Region {}

    /** The sum over the positions where the class scores higher than any other. */
    record Predicted() implements Region {}

    /** One pixel of the network's input; in a coarser map, the cell containing it. */
    record Place(int x, int y) implements Region {}

    /** A rectangle of pixels of the network's input; in a coarser map, the cells whose center is inside. */
    record Box(int x, int y, int width, int height) implements Region {}

    /**
     * A mask of the size of the network's input or of the map.
     *
     * @param name of its file, for display
     * @param pixels selected pixels, row by row
     */
    record Mask(String name, int width, int height, BitSet pixels) implements Region {
        public Mask {
            pixels = (BitSet) pixels.clone();
        }
    }

    /** The box with an index, from 0. */
    record Numbered(int box) implements Region {}
}
