package dev.vitrine.lens.corruption.weather;

import dev.vitrine.lens.corruption.distortion.Angle;
import dev.vitrine.lens.corruption.distortion.ClippedZoom;
import dev.vitrine.lens.corruption.distortion.Directed;
import dev.vitrine.lens.corruption.distortion.Shares;
import dev.vitrine.lens.corruption.distortion.Trail;
import dev.vitrine.lens.data.Picture;
import java.util.random.RandomGenerator;

/**
 * Flakes on a picture that they brighten: {@code m·x + (1 − m)·max(x, 1.5·gray + ½)}, and the layer of flakes added as it is
 * and turned by 180°.
 *
 * <p>The layer is N(mean, deviation²), zoomed, 0 below the threshold, and drawn along one direction.
 */
public record Snow(double mean, double deviation, double zoom, double threshold, Trail trail, double share, Angle angle)
        implements Directed {
    /** Falling at an angle between −135° and −45°. */
    public Snow(
            double mean, double deviation, double zoom, double threshold, double radius, double sigma, double share) {
        this(mean, deviation, zoom, threshold, new Trail(radius, sigma), share, new Angle(-135, -45));
    }

    @Override
    public Snow along(double degrees) {
        return new Snow(mean, deviation, zoom, threshold, trail, share, Angle.fixed(degrees));
    }

    @Override
    public Picture apply(Picture picture, RandomGenerator random) {
        int width = picture.width();
        int height = picture.height();
        byte[] layer = trail.apply(flakes(width, height, random), width, height, 1, angle.draw(random));
        float[] values = Shares.floats(picture);
        int places = layer.length;
        for (int place = 0; place < places; place++) {
            int at = 3 * place;
            float gray = 0.299f * values[at] + 0.587f * values[at + 1] + 0.114f * values[at + 2];
            double snow = Shares.share(layer[place]) + Shares.share(layer[places - 1 - place]);
            for (int c = 0; c < 3; c++) {
                double bright = Math.max(values[at + c], gray * 1.5 + 0.5);
                values[at + c] = (float) (share * values[at + c] + (1 - share) * bright + snow);
            }
        }
        return Shares.picture(picture, values);
    }

    private byte[] flakes(int width, int height, RandomGenerator random) {
        float[] noise = new float[width * height];
        for (int i = 0; i < noise.length; i++) {
            noise[i] = (float) (mean + deviation * random.nextGaussian());
        }
        float[] large = new float[noise.length];
        ClippedZoom.add(noise, ClippedZoom.of(height, zoom), ClippedZoom.of(width, zoom), 1, large);
        byte[] flakes = new byte[noise.length];
        for (int i = 0; i < flakes.length; i++) {
            flakes[i] = large[i] < threshold ? 0 : Shares.level(large[i]);
        }
        return flakes;
    }
}
