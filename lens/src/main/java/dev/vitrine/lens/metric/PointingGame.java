package dev.vitrine.lens.metric;

import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.data.Box;
import java.util.List;

/**
 * A hit if the map's maximum is within a box of the object, or within the tolerance of it; accuracy = hits / pictures.
 * Zhang et al. 2016, arXiv:1608.00507.
 *
 * @param tolerancePixels 15 as published, for pictures of usual size
 */
public record PointingGame(int tolerancePixels) {
    /** The outcome for one picture. */
    public enum Outcome {
        HIT,
        MISS
    }

    public PointingGame {
        if (tolerancePixels < 0) {
            throw new IllegalArgumentException("tolerancePixels " + tolerancePixels + ": expected 0 or more");
        }
    }

    public PointingGame() {
        this(15);
    }

    /**
     * The first maximum decides.
     *
     * @param heat {@code f32[H,W]}
     * @param boxes in the same pixels
     */
    public Outcome play(Tensor heat, List<Box> boxes) {
        float[] values = heat.toFloats();
        int width = Math.toIntExact(heat.dimension(1));
        int best = 0;
        for (int index = 1; index < values.length; index++) {
            best = values[index] > values[best] ? index : best;
        }
        int x = best % width;
        int y = best / width;
        return boxes.stream().anyMatch(box -> box.grown(tolerancePixels).holds(x, y)) ? Outcome.HIT : Outcome.MISS;
    }
}
