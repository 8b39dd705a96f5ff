package dev.vitrine.app.perturbation;

import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.data.Picture;
import dev.vitrine.study.stress.ObjectFinder;
import dev.vitrine.vision.GrabCut;
import java.util.function.Supplier;

/** The largest part of what GrabCut makes of the heat. */
record CutObject() implements ObjectFinder {
    @Override
    public String name() {
        return "GrabCut of Grad-CAM";
    }

    @Override
    public boolean[] find(Picture view, Supplier<Tensor> heat) {
        return new GrabCut().segment(view, heat.get()).largestPart().foreground();
    }
}
