package dev.vitrine.lens.transformation;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.lens.corruption.blur.SmoothBlur;
import dev.vitrine.lens.data.Picture;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * All transformations under which invariance is measured. Translation, scale and rotation are those of Zeiler and Fergus
 * 2014, arXiv:1311.2901, figure 5; lengths are in pixels of an input of 224 and grow with the input.
 */
public final class Transformations {
    private static final double SIDE = 224;

    public static final List<Transformation> ALL = List.of(
            new Transformation(
                    "vertical-translation",
                    "Vertical translation",
                    "pixels of 224, downward",
                    amounts(-60, 5, 25),
                    0,
                    (picture, pixels) -> Placement.moved(picture, 0, pixels * picture.height() / SIDE)),
            new Transformation(
                    "horizontal-translation",
                    "Horizontal translation",
                    "pixels of 224, to the right",
                    amounts(-60, 5, 25),
                    0,
                    (picture, pixels) -> Placement.moved(picture, pixels * picture.width() / SIDE, 0)),
            new Transformation("scale", "Scale", "enlargement", hundredths(100, 5, 17), 1, Placement::enlarged),
            new Transformation(
                    "rotation", "Rotation", "degrees, counterclockwise", amounts(0, 10, 36), 0, Placement::turned),
            new Transformation(
                    "brightness",
                    "Brightness",
                    "added to values of 0 to 1",
                    hundredths(-50, 10, 11),
                    0,
                    Transformations::brightened),
            new Transformation(
                    "blur",
                    "Blur",
                    "standard deviation, pixels of 224",
                    hundredths(0, 50, 13),
                    0,
                    Transformations::blurred));

    private Transformations() {}

    private static List<Double> amounts(int first, int step, int count) {
        return IntStream.range(0, count)
                .mapToObj(index -> (double) (first + step * index))
                .toList();
    }

    private static List<Double> hundredths(int first, int step, int count) {
        return IntStream.range(0, count)
                .mapToObj(index -> (first + step * index) / 100.0)
                .toList();
    }

    private static Picture brightened(Picture picture, double amount) {
        byte[] rgb = picture.sharedRgb().clone();
        for (int index = 0; index < rgb.length; index++) {
            rgb[index] = (byte) Math.max(0, Math.min(255, Math.round((rgb[index] & 255) + 255 * amount)));
        }
        return Picture.wrap(picture.width(), picture.height(), rgb);
    }

    private static Picture blurred(Picture picture, double deviation) {
        double pixels = deviation * Math.min(picture.width(), picture.height()) / SIDE;
        return pixels == 0 ? picture : new SmoothBlur(pixels).apply(picture, new SplittableRandom(0));
    }

    /** @throws VitrineException of kind USAGE for an unknown id */
    public static Transformation find(String id) {
        return ALL.stream()
                .filter(one -> one.id().equals(id))
                .findFirst()
                .orElseThrow(() -> VitrineException.usage("Found the transformation '" + id + "'; expected one of "
                        + ALL.stream().map(Transformation::id).collect(Collectors.joining(", ")) + "."));
    }
}
