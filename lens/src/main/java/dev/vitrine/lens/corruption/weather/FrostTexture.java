package dev.vitrine.lens.corruption.weather;

import dev.vitrine.lens.corruption.distortion.Edge;
import dev.vitrine.lens.corruption.distortion.GaussianFilter;
import dev.vitrine.lens.corruption.distortion.Plasma;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * Ice on glass, {@code u8[side,side,3]}, which repeats itself in both directions: {@linkplain IceFerns ferns of ice} on a grainy
 * film that is thicker in some places than in others, bluish white on a dark pane.
 */
final class FrostTexture {
    /** How large the crystals are: a texture as it is, or a fifth of its size. */
    enum Grain {
        FULL(1),
        FIFTH(5);

        private final int step;

        Grain(int step) {
            this.step = step;
        }
    }

    static final int COUNT = 5;
    private static final int SIDE = 512;
    private static final long SEED = 20190328;
    private static final int FEWEST_FERNS = 70;
    private static final GaussianFilter SOFT = new GaussianFilter(0.8, 4, Edge.REPEATED);

    private static final List<Supplier<FrostTexture>> FULL_SIZE = IntStream.range(0, COUNT)
            .mapToObj(index -> once(() -> painted(index)))
            .toList();
    private static final List<Supplier<FrostTexture>> SMALL = IntStream.range(0, COUNT)
            .mapToObj(index -> once(() -> FULL_SIZE.get(index).get().reduced(Grain.FIFTH.step)))
            .toList();

    private final int side;
    private final byte[] levels;

    private FrostTexture(int side, byte[] levels) {
        this.side = side;
        this.levels = levels;
    }

    static FrostTexture of(int index, Grain grain) {
        return switch (grain) {
            case FULL -> FULL_SIZE.get(index).get();
            case FIFTH -> SMALL.get(index).get();
        };
    }

    int side() {
        return side;
    }

    int level(int x, int y, int channel) {
        return levels[3 * (y % side * side + x % side) + channel] & 255;
    }

    private FrostTexture reduced(int step) {
        int small = side / step;
        byte[] mean = new byte[3 * small * small];
        for (int i = 0; i < mean.length; i++) {
            int x = i / 3 % small;
            int y = i / 3 / small;
            int sum = 0;
            for (int j = 0; j < step * step; j++) {
                sum += level(x * step + j % step, y * step + j / step, i % 3);
            }
            mean[i] = (byte) (sum / (step * step));
        }
        return new FrostTexture(small, mean);
    }

    private static FrostTexture painted(int index) {
        SplittableRandom random = new SplittableRandom(SEED + index);
        double[] grain = Plasma.of(SIDE, 1.25, random);
        double[] cover = Plasma.of(SIDE, 2.1, random);
        double[] ferns = SOFT.apply(
                new IceFerns(SIDE, random).drawn(FEWEST_FERNS + random.nextInt(FEWEST_FERNS)), SIDE, SIDE, 1);
        double blue = 0.06 + 0.12 * random.nextDouble();
        byte[] levels = new byte[3 * SIDE * SIDE];
        for (int place = 0; place < SIDE * SIDE; place++) {
            double thick = cover[place] * cover[place];
            double film = 0.05 + 0.3 * thick + 0.3 * (grain[place] - 0.5);
            double ice = 1 - (1 - film) * Math.exp(-ferns[place] * (0.15 + 2.2 * thick));
            int at = 3 * place;
            levels[at] = level(ice * (1 - blue));
            levels[at + 1] = level(ice * (1 - blue / 3));
            levels[at + 2] = level(ice + blue * (1 - ice) / 2);
        }
        return new FrostTexture(SIDE, levels);
    }

    private static byte level(double share) {
        return (byte) (int) (255 * Math.min(1, Math.max(0, share)));
    }

    private static <T> Supplier<T> once(Supplier<T> supplier) {
        return new Supplier<>() {
            private volatile T value;

            @Override
            public T get() {
                T known = value;
                if (known == null) {
                    synchronized (this) {
                        if (value == null) {
                            value = supplier.get();
                        }
                        known = value;
                    }
                }
                return known;
            }
        };
    }
}
