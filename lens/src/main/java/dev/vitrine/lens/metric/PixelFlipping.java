package dev.vitrine.lens.metric;

import dev.vitrine.engine.tensor.ElementType;
import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.model.preprocessing.GaussianBlur;
import dev.vitrine.lens.model.preprocessing.Layout;
import dev.vitrine.lens.model.preprocessing.Preprocessing;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * sₖ = f(x with its k·n most relevant pixels changed). Deletion and insertion: Petsiuk et al. 2018, arXiv:1806.07421.
 * Deletion turns them black, and a good map makes the score drop quickly; insertion restores them in the blurred
 * picture, and a good map makes it rise quickly.
 *
 * @param pixelsPerStep n
 * @param seed of the order of equally relevant pixels
 */
public record PixelFlipping(Direction direction, int pixelsPerStep, long seed) {
    /** Deletion from the picture, or insertion into a baseline. */
    public enum Direction {
        DELETION,
        INSERTION
    }

    /** As published, for pictures of 224×224. */
    public static final int PIXELS_PER_STEP = 224;

    private static final GaussianBlur BLUR = new GaussianBlur(5, 5);

    public PixelFlipping {
        if (pixelsPerStep < 1) {
            throw new IllegalArgumentException("pixelsPerStep " + pixelsPerStep + ": expected at least 1");
        }
    }

    /** Number of steps to cover all pixels of the picture. */
    public int steps(Preprocessing preprocessing) {
        int pixels = preprocessing.width() * preprocessing.height();
        return (pixels + pixelsPerStep - 1) / pixelsPerStep;
    }

    /**
     * The curve of one picture.
     *
     * @param image as the model's input, batch 1
     * @param heat {@code f32[H,W]} in the input's size
     */
    public Curve curve(PictureScore score, Preprocessing preprocessing, Tensor image, Tensor heat) {
        Tensor other = switch (direction) {
            case DELETION -> black(preprocessing, image);
            case INSERTION -> BLUR.apply(image, preprocessing.layout());
        };
        Tensor start = direction == Direction.DELETION ? image : other;
        Tensor end = direction == Direction.DELETION ? other : image;
        int[] order = order(heat);
        int steps = steps(preprocessing);
        List<Double> shares = new ArrayList<>();
        List<Double> scores = new ArrayList<>();
        Painting painting = new Painting(start.toFloats(), end.toFloats(), preprocessing, order);
        for (int from = 0; from <= steps; from += score.batchSize()) {
            int count = Math.min(score.batchSize(), steps + 1 - from);
            long[] shape = image.shape();
            shape[0] = count;
            ByteBuffer bytes = Tensor.allocate(ElementType.FLOAT32, shape);
            FloatBuffer batch = bytes.asFloatBuffer();
            for (int step = from; step < from + count; step++) {
                int changed = (int) Math.min(order.length, (long) step * pixelsPerStep);
                batch.put(painting.until(changed));
                shares.add((double) changed / order.length);
            }
            for (double one : score.of(Tensor.wrap(ElementType.FLOAT32, shape, bytes))) {
                scores.add(one);
            }
        }
        return new Curve(shares, scores);
    }

    private static Tensor black(Preprocessing preprocessing, Tensor image) {
        float[] level = preprocessing.blackLevel();
        float[] values = new float[Math.toIntExact(image.elements())];
        int places = values.length / level.length;
        for (int index = 0; index < values.length; index++) {
            values[index] = level[preprocessing.layout() == Layout.NCHW ? index / places : index % level.length];
        }
        return Tensor.floats(values, image.shape());
    }

    /** Pixels, the most relevant first. */
    private int[] order(Tensor heat) {
        float[] relevance = heat.toFloats();
        int[] chance = IntStream.range(0, relevance.length).toArray();
        Random random = new Random(seed);
        for (int index = chance.length - 1; index > 0; index--) {
            int other = random.nextInt(index + 1);
            int kept = chance[index];
            chance[index] = chance[other];
            chance[other] = kept;
        }
        float[] falling = new float[chance.length];
        for (int index = 0; index < falling.length; index++) {
            falling[index] = -relevance[chance[index]];
        }
        return IntStream.of(RisingOrder.of(falling)).map(index -> chance[index]).toArray();
    }

    /** A picture between two others. */
    private static final class Painting {
        private final float[] values;
        private final float[] end;
        private final int[] order;
        private final int channels;
        private final Layout layout;
        private int done;

        Painting(float[] start, float[] end, Preprocessing preprocessing, int[] order) {
            this.values = start;
            this.end = end;
            this.order = order;
            this.channels = preprocessing.channels().count();
            this.layout = preprocessing.layout();
            if (order.length * channels != start.length) {
                throw new IllegalArgumentException("a map of " + order.length + " pixels for a picture of "
                        + start.length / channels + ": expected the input's size");
            }
        }

        float[] until(int changed) {
            for (; done < changed; done++) {
                for (int channel = 0; channel < channels; channel++) {
                    int at = layout == Layout.NCHW
                            ? channel * order.length + order[done]
                            : order[done] * channels + channel;
                    values[at] = end[at];
                }
            }
            return values;
        }
    }
}
