package dev.vitrine.lens.attack.search;

import java.util.SplittableRandom;

/** Changes {@code [C,H,W]} that are made of squares; what leaves the ball or 0..1 is cut off later. */
interface SquareChange {
    /** The change of the first query. */
    double[] first(SplittableRandom random);

    /** A change with a square of a side drawn anew. */
    double[] next(double[] change, int side, SplittableRandom random);
}
