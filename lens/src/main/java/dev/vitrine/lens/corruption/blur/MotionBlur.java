package dev.vitrine.lens.corruption.blur;

import dev.vitrine.lens.corruption.distortion.Angle;
import dev.vitrine.lens.corruption.distortion.Directed;
import dev.vitrine.lens.corruption.distortion.Trail;
import dev.vitrine.lens.data.Picture;
import java.util.random.RandomGenerator;

/** The picture drawn along one direction. */
public record MotionBlur(Trail trail, Angle angle) implements Directed {
    /** Along an angle between −45° and 45°. */
    public MotionBlur(double radius, double sigma) {
        this(new Trail(radius, sigma), new Angle(-45, 45));
    }

    @Override
    public MotionBlur along(double degrees) {
        return new MotionBlur(trail, Angle.fixed(degrees));
    }

    @Override
    public Picture apply(Picture picture, RandomGenerator random) {
        int width = picture.width();
        int height = picture.height();
        return Picture.wrap(width, height, trail.apply(picture.sharedRgb(), width, height, 3, angle.draw(random)));
    }
}
