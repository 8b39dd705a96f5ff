package dev.vitrine.app.perturbation;

import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.data.Picture;
import dev.vitrine.study.stress.ObjectFinder;
import dev.vitrine.vision.ObjectVote;
import java.util.List;
import java.util.function.Supplier;

/** Majority vote of segmentations from several maps. */
record CutObject() implements ObjectFinder {
    @Override
    public String name() {
        return "vote of GrabCuts";
    }

    @Override
    public boolean[] find(Picture view, Supplier<List<Tensor>> heats) {
        return ObjectVote.of(view, heats.get()).foreground();
    }
}
