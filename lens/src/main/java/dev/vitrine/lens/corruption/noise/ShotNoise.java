package dev.vitrine.lens.corruption.noise;

import dev.vitrine.lens.corruption.distortion.Distortion;
import dev.vitrine.lens.corruption.distortion.Shares;
import dev.vitrine.lens.data.Picture;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.random.RandomGenerator;

/** {@code Poisson(λx) / λ}, for each value of each channel. */
public record ShotNoise(double rate) implements Distortion {
    private static final Map<Double, PoissonTable[]> TABLES = new ConcurrentHashMap<>();

    @Override
    public Picture apply(Picture picture, RandomGenerator random) {
        PoissonTable[] tables = TABLES.computeIfAbsent(rate, ShotNoise::tables);
        byte[] levels = picture.sharedRgb().clone();
        for (int i = 0; i < levels.length; i++) {
            levels[i] = Shares.level(tables[levels[i] & 255].draw(random) / rate);
        }
        return Picture.wrap(picture.width(), picture.height(), levels);
    }

    private static PoissonTable[] tables(double rate) {
        PoissonTable[] tables = new PoissonTable[256];
        for (int level = 0; level < tables.length; level++) {
            tables[level] = PoissonTable.of(Shares.share((byte) level) * rate);
        }
        return tables;
    }
}
