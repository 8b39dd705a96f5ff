package dev.vitrine.app.synthesis;

import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.data.Picture;
import dev.vitrine.lens.render.Images;
import dev.vitrine.lens.render.file.AnimatedGif;
import dev.vitrine.lens.visualization.Rgb;
import dev.vitrine.lens.visualization.optimization.Search;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;

/** Some pictures of the way to a made one: many of its beginning, fewer later, where less happens. */
final class Frames implements Search.Watch {
    private static final int COUNT = 32;
    private static final Duration EACH = Duration.ofMillis(120);
    private static final Duration LAST = Duration.ofMillis(1500);

    private final Set<Integer> wanted = new TreeSet<>();
    private final Map<Integer, List<Picture>> seen = new LinkedHashMap<>();

    /** Of so many steps. */
    Frames(int steps) {
        for (int i = 0; i < COUNT; i++) {
            double share = (double) i / (COUNT - 1);
            wanted.add((int) Math.round(steps * share * share));
        }
    }

    @Override
    public void see(int step, Supplier<Tensor> pictures) {
        if (!wanted.contains(step)) {
            return;
        }
        Tensor made = pictures.get();
        List<Picture> each = new ArrayList<>();
        for (int image = 0; image < made.dimension(0); image++) {
            each.add(Rgb.picture(made, image));
        }
        seen.put(step, each);
    }

    /** The pictures of one image, by step. */
    Map<Integer, Picture> of(int image) {
        Map<Integer, Picture> pictures = new LinkedHashMap<>();
        seen.forEach((step, each) -> pictures.put(step, each.get(image)));
        return pictures;
    }

    AnimatedGif animation(int image) {
        return new AnimatedGif(of(image).values().stream().map(Images::of).toList(), EACH, LAST);
    }
}
