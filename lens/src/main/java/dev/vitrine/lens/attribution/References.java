package dev.vitrine.lens.attribution;

import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.session.ModelSession;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** The baselines of methods that average over many. */
public final class References {
    /** The meaning of the setting of methods that draw from several baselines. */
    public static final String DRAWN = "baselines to draw from: a folder of pictures, or noise";

    private References() {}

    /**
     * The given number of baselines, each in the input's shape, batch 1: several pictures are used equally often, in an
     * order given by the seed; noise is drawn anew each time; any other baseline is repeated.
     */
    public static List<Tensor> of(ModelSession session, Baseline baseline, Tensor image, int count, long seed) {
        if (baseline instanceof Baseline.Several several) {
            List<Tensor> inputs = new ArrayList<>();
            Random random = new Random(seed);
            while (inputs.size() < count) {
                List<Tensor> round = new ArrayList<>(several.inputs());
                Collections.shuffle(round, random);
                inputs.addAll(round.subList(0, Math.min(round.size(), count - inputs.size())));
            }
            return inputs;
        }
        if (baseline instanceof Baseline.Noise noise) {
            Random random = new Random(noise.seed() ^ seed);
            List<Tensor> inputs = new ArrayList<>();
            while (inputs.size() < count) {
                inputs.add(new Baseline.Noise(random.nextLong()).values(session.model()));
            }
            return inputs;
        }
        return Collections.nCopies(count, BaselineAttribution.of(session, baseline, image));
    }
}
