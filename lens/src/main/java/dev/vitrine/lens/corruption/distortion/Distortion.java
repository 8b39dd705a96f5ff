package dev.vitrine.lens.corruption.distortion;

import dev.vitrine.lens.data.Picture;
import java.util.random.RandomGenerator;

/** One severity of a corruption: a record of its constants. */
public interface Distortion {
    /** The corrupted picture, of the same size. Equal generators give equal pictures. */
    Picture apply(Picture picture, RandomGenerator random);
}
