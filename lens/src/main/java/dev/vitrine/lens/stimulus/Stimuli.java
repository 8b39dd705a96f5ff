package dev.vitrine.lens.stimulus;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.lens.corruption.distortion.GaussianFilter;
import dev.vitrine.lens.corruption.distortion.Shares;
import dev.vitrine.lens.data.Picture;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

/**
 * All families. Levels are those of Geirhos et al. 2018, arXiv:1808.08750, where they have them, for pictures of 224
 * pixels.
 */
public final class Stimuli {
    private static final double HALF = 0.5;

    public static final List<Stimulus> ALL = List.of(
            new Stimulus(
                    "silhouette", "Silhouette", "", List.of(0.0), (picture, level, random) -> Silhouette.of(picture)),
            new Stimulus(
                    "edges",
                    "Edges (Canny)",
                    "deviation of the smoothing in pixels",
                    List.of(1.4),
                    (picture, deviation, random) -> Canny.of(picture, deviation)),
            new Stimulus("grayscale", "Grayscale", "", List.of(0.0), (picture, level, random) -> picture.gray()),
            new Stimulus(
                    "low-pass",
                    "Low pass",
                    "standard deviation of the Gaussian in pixels",
                    List.of(1.0, 3.0, 5.0, 7.0, 10.0, 15.0, 40.0),
                    (picture, deviation, random) -> picture(picture.gray(), smooth(picture.gray(), deviation))),
            new Stimulus(
                    "high-pass",
                    "High pass",
                    "standard deviation of the Gaussian that is subtracted, in pixels",
                    List.of(3.0, 1.5, 1.0, 0.7, 0.55, 0.45, 0.4),
                    Stimuli::highPass),
            new Stimulus(
                    "phase-scrambling",
                    "Phase scrambling",
                    "largest change of a phase in degrees",
                    List.of(30.0, 60.0, 90.0, 120.0, 150.0, 180.0),
                    (picture, degrees, random) -> Phases.scrambled(picture.gray(), degrees, random)),
            new Stimulus(
                    "contrast",
                    "Contrast",
                    "contrast left, in percent",
                    List.of(50.0, 30.0, 15.0, 10.0, 5.0, 3.0, 1.0),
                    Stimuli::contrast),
            new Stimulus(
                    "patch-shuffle",
                    "Patch shuffle",
                    "patches on each side",
                    List.of(2.0, 4.0, 8.0),
                    (picture, side, random) -> Patches.shuffled(picture, (int) side, random)));

    private Stimuli() {}

    private static double[] smooth(Picture picture, double deviation) {
        return GaussianFilter.of(deviation).apply(Shares.of(picture), picture.width(), picture.height(), 3);
    }

    private static Picture highPass(Picture picture, double deviation, RandomGenerator random) {
        double[] shares = Shares.of(picture.gray());
        double[] smooth = smooth(picture.gray(), deviation);
        for (int index = 0; index < shares.length; index++) {
            shares[index] += HALF - smooth[index];
        }
        return picture(picture, shares);
    }

    private static Picture contrast(Picture picture, double percent, RandomGenerator random) {
        double[] shares = Shares.of(picture.gray());
        for (int index = 0; index < shares.length; index++) {
            shares[index] = HALF + percent / 100 * (shares[index] - HALF);
        }
        return picture(picture, shares);
    }

    /** Rounded, of the size of a picture. */
    static Picture picture(Picture size, double[] shares) {
        byte[] rgb = new byte[shares.length];
        for (int index = 0; index < rgb.length; index++) {
            rgb[index] = (byte) Math.max(0, Math.min(255, Math.round(255 * shares[index])));
        }
        return Picture.wrap(size.width(), size.height(), rgb);
    }

    /** @throws VitrineException of kind USAGE for an unknown id */
    public static Stimulus find(String id) {
        return ALL.stream()
                .filter(one -> one.id().equals(id))
                .findFirst()
                .orElseThrow(() -> VitrineException.usage("Found the family '" + id + "'; expected one of "
                        + ALL.stream().map(Stimulus::id).collect(Collectors.joining(", ")) + "."));
    }
}
