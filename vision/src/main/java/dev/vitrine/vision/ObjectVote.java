package dev.vitrine.vision;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.data.Picture;
import dev.vitrine.lens.render.Segmentation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * An object, by vote: the pixels that more than half of several cuts hold, a {@link GrabCut} from
 * each of several maps and one from the mean rank of their scores. A single map often misses parts of the object, and not
 * always the same.
 */
public final class ObjectVote {
    private ObjectVote() {}

    /**
     * The largest part of what more than half of the cuts hold, without holes; of the mean rank's where they agree on none.
     *
     * @param heats each {@code f32[H,W]} in the picture's size
     */
    public static Segmentation of(Picture picture, List<Tensor> heats) {
        List<Tensor> all = new ArrayList<>(heats);
        if (heats.size() > 1) {
            all.add(meanRank(heats));
        }
        int[] votes = new int[picture.width() * picture.height()];
        List<Segmentation> cuts = new ArrayList<>();
        for (Tensor heat : all) {
            cut(picture, heat).ifPresent(cuts::add);
        }
        if (cuts.isEmpty()) {
            throw VitrineException.failure("No map tells the object from the background; expected one that does.");
        }
        for (Segmentation cut : cuts) {
            for (int pixel = 0; pixel < votes.length; pixel++) {
                votes[pixel] += cut.foreground()[pixel] ? 1 : 0;
            }
        }
        boolean[] most = new boolean[votes.length];
        boolean any = false;
        for (int pixel = 0; pixel < votes.length; pixel++) {
            most[pixel] = 2 * votes[pixel] > cuts.size();
            any |= most[pixel];
        }
        Segmentation agreed = new Segmentation(picture.width(), picture.height(), most);
        return (any ? agreed.largestPart() : cuts.get(cuts.size() - 1)).withoutHoles();
    }

    /** Nothing where the map is too even to be cut. */
    private static Optional<Segmentation> cut(Picture picture, Tensor heat) {
        float[] scores = heat.toFloats();
        float first = scores[0];
        for (float score : scores) {
            if (score != first) {
                return Optional.of(new GrabCut().segment(picture, heat).largestPart());
            }
        }
        return Optional.empty();
    }

    /** Equal scores share their mean rank. */
    private static Tensor meanRank(List<Tensor> heats) {
        float[] mean = new float[Math.toIntExact(heats.get(0).elements())];
        for (Tensor heat : heats) {
            float[] scores = heat.toFloats();
            float[] sorted = scores.clone();
            Arrays.sort(sorted);
            for (int pixel = 0; pixel < mean.length; pixel++) {
                float rank = (below(sorted, scores[pixel]) + below(sorted, Math.nextUp(scores[pixel]))) / 2f;
                mean[pixel] += rank / (heats.size() * mean.length);
            }
        }
        return Tensor.floats(mean, heats.get(0).shape());
    }

    /** How many of the sorted values are less than one. */
    private static int below(float[] sorted, float value) {
        int low = 0;
        int high = sorted.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (sorted[middle] < value) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }
}
