package dev.vitrine.study.stress;

import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.data.Picture;
import java.util.List;
import java.util.function.Supplier;

/** Tells where the object of a picture is. */
public interface ObjectFinder {
    /** How it does so: equal names find the same. */
    String name();

    /**
     * @param view the picture as the network sees it
     * @param heats where the network finds the class by several methods, each {@code f32[H,W]} in the size of the view;
     *     computed where asked for
     * @return one entry a pixel, row by row
     */
    boolean[] find(Picture view, Supplier<List<Tensor>> heats);
}
