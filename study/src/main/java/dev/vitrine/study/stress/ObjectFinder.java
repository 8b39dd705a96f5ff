package dev.vitrine.study.stress;

import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.data.Picture;
import java.util.List;
import java.util.function.Supplier;

/** Locates the object in a picture. */
public interface ObjectFinder {
    /** Method and parameters; equal names give equal results. */
    String name();

    /**
     * @param view the network's input as a picture
     * @param heats evidence for the class by several methods, each {@code f32[H,W]} in the size of the view; computed
     *     lazily
     * @return one entry per pixel, row by row
     */
    boolean[] find(Picture view, Supplier<List<Tensor>> heats);
}
