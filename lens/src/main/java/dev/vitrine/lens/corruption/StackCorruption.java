package dev.vitrine.lens.corruption;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.lens.attribution.Progress;
import dev.vitrine.lens.corruption.distortion.Directed;
import dev.vitrine.lens.corruption.distortion.Distortion;
import dev.vitrine.lens.data.Picture;
import dev.vitrine.lens.data.PictureStack;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * The pictures of a stack, each corrupted by itself, so that neither their order nor the number of threads matters. Equal
 * pictures of one stack are corrupted differently.
 *
 * @param severity 0 (as they are) to 5
 * @param constants empty for those of the pictures' size
 * @param angle direction in degrees, clockwise from the right; empty to draw one for each picture
 */
public record StackCorruption(
        Corruption corruption, int severity, long seed, Optional<Constants> constants, OptionalDouble angle) {
    private static final int TOGETHER = 64;

    /** @throws VitrineException of kind USAGE if the severity does not exist, or the corruption has no direction */
    public StackCorruption {
        if (severity != 0) {
            Distortion distortion = corruption.distortion(severity, Constants.LARGE);
            if (angle.isPresent() && !(distortion instanceof Directed)) {
                throw VitrineException.usage("'" + corruption.id() + "' has no direction; an angle is for "
                        + String.join(" and ", Corruptions.directed()) + ".");
            }
        }
    }

    /** In the order of the stack. */
    public List<Picture> of(PictureStack stack, Progress progress) {
        List<Picture> corrupted = new ArrayList<>(stack.count());
        Map<Long, Integer> seen = new HashMap<>();
        for (int first = 0; first < stack.count(); first += TOGETHER) {
            List<Picture> clean = IntStream.range(first, Math.min(first + TOGETHER, stack.count()))
                    .mapToObj(stack::picture)
                    .toList();
            List<Long> seeds =
                    clean.stream().map(picture -> seed(picture, seen)).toList();
            corrupted.addAll(IntStream.range(0, clean.size())
                    .parallel()
                    .mapToObj(index -> corrupted(clean.get(index), seeds.get(index)))
                    .toList());
            progress.report(corrupted.size(), stack.count());
        }
        return corrupted;
    }

    private long seed(Picture picture, Map<Long, Integer> seen) {
        long own = corruption.seed(picture, severity, seed);
        int earlier = seen.merge(own, 1, Integer::sum) - 1;
        return PictureSeed.again(own, earlier);
    }

    private Picture corrupted(Picture picture, long own) {
        if (severity == 0) {
            return picture;
        }
        Distortion distortion = corruption.distortion(severity, constants.orElseGet(() -> Constants.of(picture)));
        Distortion turned = angle.isPresent() && distortion instanceof Directed directed
                ? directed.along(angle.getAsDouble())
                : distortion;
        return turned.apply(picture, new SplittableRandom(own));
    }
}
