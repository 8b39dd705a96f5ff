package dev.vitrine.study.synthesis;

import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.render.Images;
import dev.vitrine.lens.visualization.Rgb;
import dev.vitrine.lens.visualization.optimization.Search;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;

/** Frames of an optimization: many of the early steps, fewer of the later ones, where less changes. */
public final class Frames implements Search.Watch {
    /** Steps whose pictures are kept. */
    public enum Kept {
        NONE,
        SOME
    }

    private static final int COUNT = 32;

    private final Set<Integer> wanted = new TreeSet<>();
    private final Map<Integer, Tensor> seen = new LinkedHashMap<>();

    /** For this number of steps. */
    Frames(int steps, Kept kept) {
        for (int i = 0; i < COUNT && kept == Kept.SOME; i++) {
            double share = (double) i / (COUNT - 1);
            wanted.add((int) Math.round(steps * share * share));
        }
    }

    @Override
    public void see(int step, Supplier<Tensor> pictures) {
        if (wanted.contains(step)) {
            seen.put(step, pictures.get());
        }
    }

    /** Frames of one image of the batch. */
    List<MadePicture.Frame> of(int image) {
        List<MadePicture.Frame> frames = new ArrayList<>();
        seen.forEach((step, made) -> frames.add(new MadePicture.Frame(step, Images.of(Rgb.picture(made, image)))));
        return frames;
    }
}
