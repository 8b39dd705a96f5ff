package dev.vitrine.study.embedding;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.lens.unit.ChannelLayer;
import java.util.Arrays;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * Which positions of a layer's maps are codes of their own.
 *
 * @param most positions per picture, drawn without replacement; all if empty
 * @param seed of the draw; each picture has its own positions, the same for every batch size
 */
public record Positions(OptionalInt most, long seed) {
    public static final Positions ALL = new Positions(OptionalInt.empty(), 0);

    public Positions {
        if (most.isPresent() && most.getAsInt() < 1) {
            throw VitrineException.usage("Found " + most.getAsInt() + " positions per picture; expected at least 1.");
        }
    }

    Grid of(ChannelLayer layer) {
        return new Grid(layer.height(), layer.width(), Math.min(most.orElse(layer.places()), layer.places()), seed);
    }

    /**
     * Positions of a layer of a given size.
     *
     * @param count positions of each picture
     */
    public record Grid(int height, int width, int count, long seed) {
        /** The positions of a picture, ascending, {@code row · width + column}. */
        public int[] of(int picture) {
            int[] places = IntStream.range(0, height * width).toArray();
            if (count == places.length) {
                return places;
            }
            SplittableRandom random = new SplittableRandom(seed ^ (picture + 1) * 0x9e3779b97f4a7c15L);
            for (int drawn = 0; drawn < count; drawn++) {
                int other = random.nextInt(drawn, places.length);
                int place = places[other];
                places[other] = places[drawn];
                places[drawn] = place;
            }
            int[] chosen = Arrays.copyOf(places, count);
            Arrays.sort(chosen);
            return chosen;
        }
    }
}
