package dev.vitrine.lens.corruption.weather;

import dev.vitrine.lens.corruption.distortion.Distortion;
import dev.vitrine.lens.data.Picture;
import java.util.random.RandomGenerator;

/**
 * {@code a·x + b·frost}, the frost a random part of one of five textures.
 *
 * <p>The textures of the published pictures are photographs; these are {@linkplain FrostTexture computed}, so pictures agree
 * with the published ones in weights and in kind only.
 */
public record Frost(double pictureWeight, double frostWeight, FrostTexture.Grain grain) implements Distortion {
    public static Frost full(double pictureWeight, double frostWeight) {
        return new Frost(pictureWeight, frostWeight, FrostTexture.Grain.FULL);
    }

    /** With textures of a fifth of their size, for small pictures. */
    public static Frost small(double pictureWeight, double frostWeight) {
        return new Frost(pictureWeight, frostWeight, FrostTexture.Grain.FIFTH);
    }

    @Override
    public Picture apply(Picture picture, RandomGenerator random) {
        FrostTexture texture = FrostTexture.of(random.nextInt(FrostTexture.COUNT), grain);
        int left = random.nextInt(texture.side());
        int top = random.nextInt(texture.side());
        byte[] levels = picture.sharedRgb().clone();
        int width = picture.width();
        for (int i = 0; i < levels.length; i++) {
            int place = i / 3;
            int frost = texture.level(left + place % width, top + place / width, i % 3);
            double mixed = pictureWeight * (levels[i] & 255) + frostWeight * frost;
            levels[i] = (byte) (int) Math.min(mixed, 255);
        }
        return Picture.wrap(width, picture.height(), levels);
    }
}
