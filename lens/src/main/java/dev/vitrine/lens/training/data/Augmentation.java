package dev.vitrine.lens.training.data;

import dev.vitrine.lens.data.Picture;
import dev.vitrine.lens.setting.Setting;
import dev.vitrine.lens.setting.Settings;
import java.awt.Rectangle;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Random augmentation of training pictures, so that no two epochs are equal: crop, rotation, flip, color jitter, random
 * erasing.
 *
 * @param erased Zhong et al. 2017, arXiv:1708.04896
 * @param mixup Zhang et al. 2018, arXiv:1710.09412
 */
public record Augmentation(
        @Setting(label = "SHARE", above = 0, most = 1, meaning = "least share of the picture that the part has")
        double area,

        @Setting(least = 1, most = 10, meaning = "greatest factor by which its proportions change")
        double aspect,

        @Setting(
                label = "SHARE",
                least = 0,
                most = 1,
                meaning =
                        "how far the part may reach beyond the picture, as a share of its side; the rim goes on there")
        double shift,

        @Setting(label = "DEGREES", least = 0, most = 180, meaning = "greatest turn either way")
        double rotation,

        @Setting(label = "P", least = 0, most = 1, meaning = "probability of left and right exchanged")
        double mirrored,

        @Setting(
                label = "SHARE",
                least = 0,
                most = 1,
                meaning = "greatest relative change of brightness, of contrast and of saturation")
        double color,

        @Setting(
                label = "P",
                least = 0,
                most = 1,
                meaning = "probability that a rectangle of 2 to 20 % of the area is covered")
        double erased,

        @Setting(
                least = 0,
                most = 10,
                meaning = "α of λ ~ Beta(α, α), by which a picture is blended with the next of its batch; 0 for none")
        double mixup) {
    /** No augmentation. */
    public static final Augmentation NONE = new Augmentation(1, 1, 0, 0, 0, 0, 0, 0);

    private static final double LEAST_ERASED = 0.02;
    private static final double MOST_ERASED = 0.2;

    public Augmentation {
        Settings.require(Augmentation.class, area, aspect, shift, rotation, mirrored, color, erased, mixup);
    }

    @Override
    public String toString() {
        return equals(NONE)
                ? "none"
                : "area " + area + ", aspect " + aspect + ", shift " + shift + ", rotation " + rotation + "°, mirrored "
                        + mirrored + ", color " + color + ", erased " + erased
                        + (mixup > 0 ? ", mixup " + mixup : "");
    }

    /**
     * The random change of one picture, the same at any size.
     *
     * @param width of the resulting picture, in which the erased rectangle is given
     * @param height the same
     */
    Change draw(int width, int height, RandomGenerator random) {
        double share = area + (1 - area) * random.nextDouble();
        double proportion = Math.exp((2 * random.nextDouble() - 1) * Math.log(aspect));
        double across = Math.min(1, Math.sqrt(share * proportion));
        double down = Math.min(1, Math.sqrt(share / proportion));
        double centerX = 0.5 + (random.nextDouble() - 0.5) * (1 - across + 2 * shift);
        double centerY = 0.5 + (random.nextDouble() - 0.5) * (1 - down + 2 * shift);
        double angle = Math.toRadians(rotation) * (2 * random.nextDouble() - 1);
        double direction = random.nextDouble() < mirrored ? -1 : 1;
        Optional<Change.Colors> colors = color > 0
                ? Optional.of(new Change.Colors(factor(random), factor(random), factor(random)))
                : Optional.empty();
        Optional<Rectangle> covered = erased > 0 && random.nextDouble() < erased
                ? Optional.of(rectangle(width, height, random))
                : Optional.empty();
        return new Change(width, height, across, down, centerX, centerY, angle, direction, colors, covered);
    }

    /**
     * A changed picture of the given size.
     *
     * @param cover color of the erased rectangle, {@code 0xRRGGBB}
     */
    Picture apply(Picture picture, int width, int height, int cover, RandomGenerator random) {
        return draw(width, height, random).apply(picture, width, height, cover);
    }

    private float factor(RandomGenerator random) {
        return (float) (1 + color * (2 * random.nextDouble() - 1));
    }

    private static Rectangle rectangle(int width, int height, RandomGenerator random) {
        double share = LEAST_ERASED + (MOST_ERASED - LEAST_ERASED) * random.nextDouble();
        double proportion = Math.exp((2 * random.nextDouble() - 1) * Math.log(2));
        int across = (int) Math.max(1, Math.min(width, width * Math.sqrt(share * proportion)));
        int down = (int) Math.max(1, Math.min(height, height * Math.sqrt(share / proportion)));
        return new Rectangle(random.nextInt(width - across + 1), random.nextInt(height - down + 1), across, down);
    }

    /**
     * The weight of a picture blended with another: the larger of λ and 1 − λ. Draws from Beta(α, α) by Jöhnk's method.
     */
    double share(RandomGenerator random) {
        while (true) {
            double left = Math.pow(random.nextDouble(), 1 / mixup);
            double right = Math.pow(random.nextDouble(), 1 / mixup);
            if (left + right > 0 && left + right <= 1) {
                return Math.max(left, right) / (left + right);
            }
        }
    }
}
