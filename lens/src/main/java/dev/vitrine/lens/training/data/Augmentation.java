package dev.vitrine.lens.training.data;

import dev.vitrine.lens.data.Picture;
import java.awt.Rectangle;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Changes at random a picture that is to be learned from, so that no epoch shows the same twice: a part of it, turned,
 * mirrored, in other colours, with a rectangle covered.
 *
 * @param area least share of the picture that the part has, up to 1
 * @param aspect greatest factor by which its proportions change, from 1
 * @param shift how far the part may reach beyond the picture, as a share of its side; the rim goes on there
 * @param rotation greatest turn either way, in degrees
 * @param mirrored probability of left and right exchanged
 * @param colour greatest relative change of brightness, of contrast and of saturation
 * @param erased probability that a rectangle of 2 to 20 % of the area is covered. Zhong et al. 2017, arXiv:1708.04896
 * @param mixup α of λ ~ Beta(α, α), by which a picture is blended with the next of its batch; 0 for none. Zhang et al.
 *     2018, arXiv:1710.09412
 */
public record Augmentation(
        double area,
        double aspect,
        double shift,
        double rotation,
        double mirrored,
        double colour,
        double erased,
        double mixup) {
    /** Leaves pictures as they are. */
    public static final Augmentation NONE = new Augmentation(1, 1, 0, 0, 0, 0, 0, 0);

    private static final double LEAST_ERASED = 0.02;
    private static final double MOST_ERASED = 0.2;

    public Augmentation {
        require("area", area, area > 0 && area <= 1, "above 0, at most 1");
        require("aspect", aspect, aspect >= 1 && aspect <= 10, "from 1 to 10");
        require("shift", shift, shift >= 0 && shift <= 1, "from 0 to 1");
        require("rotation", rotation, rotation >= 0 && rotation <= 180, "from 0 to 180 degrees");
        require("mirrored", mirrored, mirrored >= 0 && mirrored <= 1, "a probability from 0 to 1");
        require("colour", colour, colour >= 0 && colour <= 1, "from 0 to 1");
        require("erased", erased, erased >= 0 && erased <= 1, "a probability from 0 to 1");
        require("mixup", mixup, mixup >= 0 && mixup <= 10, "from 0 to 10");
    }

    @Override
    public String toString() {
        return equals(NONE)
                ? "none"
                : "area " + area + ", aspect " + aspect + ", shift " + shift + ", rotation " + rotation + "°, mirrored "
                        + mirrored + ", colour " + colour + ", erased " + erased
                        + (mixup > 0 ? ", mixup " + mixup : "");
    }

    private static void require(String name, double value, boolean holds, String expected) {
        if (!holds) {
            throw new IllegalArgumentException(name + " " + value + ": expected " + expected);
        }
    }

    /**
     * What happens to one picture, the same at any size.
     *
     * @param width of the picture that is made, in which the covered rectangle is given
     * @param height the same
     */
    Change draw(int width, int height, RandomGenerator random) {
        double share = area + (1 - area) * random.nextDouble();
        double proportion = Math.exp((2 * random.nextDouble() - 1) * Math.log(aspect));
        double across = Math.min(1, Math.sqrt(share * proportion));
        double down = Math.min(1, Math.sqrt(share / proportion));
        double centreX = 0.5 + (random.nextDouble() - 0.5) * (1 - across + 2 * shift);
        double centreY = 0.5 + (random.nextDouble() - 0.5) * (1 - down + 2 * shift);
        double angle = Math.toRadians(rotation) * (2 * random.nextDouble() - 1);
        double direction = random.nextDouble() < mirrored ? -1 : 1;
        Optional<Change.Colors> colors = colour > 0
                ? Optional.of(new Change.Colors(factor(random), factor(random), factor(random)))
                : Optional.empty();
        Optional<Rectangle> covered = erased > 0 && random.nextDouble() < erased
                ? Optional.of(rectangle(width, height, random))
                : Optional.empty();
        return new Change(width, height, across, down, centreX, centreY, angle, direction, colors, covered);
    }

    /**
     * A changed picture of the given size.
     *
     * @param cover color of what is covered, {@code 0xRRGGBB}
     */
    Picture apply(Picture picture, int width, int height, int cover, RandomGenerator random) {
        return draw(width, height, random).apply(picture, width, height, cover);
    }

    private float factor(RandomGenerator random) {
        return (float) (1 + colour * (2 * random.nextDouble() - 1));
    }

    private static Rectangle rectangle(int width, int height, RandomGenerator random) {
        double share = LEAST_ERASED + (MOST_ERASED - LEAST_ERASED) * random.nextDouble();
        double proportion = Math.exp((2 * random.nextDouble() - 1) * Math.log(2));
        int across = (int) Math.max(1, Math.min(width, width * Math.sqrt(share * proportion)));
        int down = (int) Math.max(1, Math.min(height, height * Math.sqrt(share / proportion)));
        return new Rectangle(random.nextInt(width - across + 1), random.nextInt(height - down + 1), across, down);
    }

    /**
     * How much of a picture stays where it is blended with another: the larger of λ and 1 − λ. By Jöhnk's way to draw
     * from Beta(α, α).
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
