package dev.vitrine.lens.metric;

import dev.vitrine.engine.tensor.ElementType;
import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.model.preprocessing.Layout;
import dev.vitrine.lens.model.preprocessing.Preprocessing;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.Random;

/**
 * min_β E[(β Σ_{i∈S} Φᵢ − (f(x) − f(x without S)))²] / E[(f(x) − f(x without S))²] over random squares S turned black:
 * 0 if a map predicts the effect of occluding a square, 1 if it predicts nothing. Yeh et al. 2019, arXiv:1901.09392,
 * with square removal and the optimal scale β, as a share of the squared change.
 *
 * @param samples squares
 * @param smallest side of a square, as a share of the picture's shorter side
 * @param largest side of a square, as a share of it
 */
public record Infidelity(int samples, double smallest, double largest, long seed) {
    public Infidelity {
        if (samples < 2) {
            throw new IllegalArgumentException("samples " + samples + ": expected at least 2");
        }
        if (!(smallest > 0 && smallest <= largest && largest <= 1)) {
            throw new IllegalArgumentException(
                    "sides from " + smallest + " to " + largest + ": expected shares, 0..1, the smaller first");
        }
    }

    /** 50 squares of an eighth to a half of the picture's side. */
    public Infidelity(long seed) {
        this(50, 0.125, 0.5, seed);
    }

    /**
     * 0..1.
     *
     * @param score f
     * @param image as the model's input, batch 1
     * @param heat {@code f32[H,W]} in the input's size
     */
    public double of(PictureScore score, Preprocessing preprocessing, Tensor image, Tensor heat) {
        Changes changes = changes(score, preprocessing, image);
        return changes.infidelity(heat);
    }

    /** The effect of occlusion, evaluated once for all maps of a picture. */
    public Changes changes(PictureScore score, Preprocessing preprocessing, Tensor image) {
        int height = preprocessing.height();
        int width = preprocessing.width();
        double here = score.of(image)[0];
        Random random = new Random(seed);
        int[][] squares = new int[samples][];
        for (int sample = 0; sample < samples; sample++) {
            double share = smallest + (largest - smallest) * random.nextDouble();
            int side = (int) Math.max(1, Math.round(share * Math.min(height, width)));
            squares[sample] =
                    new int[] {random.nextInt(height - side + 1), random.nextInt(width - side + 1), side, side};
        }
        double[] drops = new double[samples];
        float[] black = preprocessing.blackLevel();
        for (int from = 0; from < samples; from += score.batchSize()) {
            int count = Math.min(score.batchSize(), samples - from);
            long[] shape = image.shape();
            shape[0] = count;
            ByteBuffer bytes = Tensor.allocate(ElementType.FLOAT32, shape);
            FloatBuffer batch = bytes.asFloatBuffer();
            for (int sample = from; sample < from + count; sample++) {
                batch.put(covered(image.toFloats(), preprocessing, black, squares[sample]));
            }
            double[] there = score.of(Tensor.wrap(ElementType.FLOAT32, shape, bytes));
            for (int sample = 0; sample < count; sample++) {
                drops[from + sample] = here - there[sample];
            }
        }
        return new Changes(squares, drops);
    }

    private static float[] covered(float[] values, Preprocessing preprocessing, float[] black, int[] square) {
        int places = values.length / black.length;
        for (int y = square[0]; y < square[0] + square[2]; y++) {
            for (int x = square[1]; x < square[1] + square[3]; x++) {
                int place = y * preprocessing.width() + x;
                for (int channel = 0; channel < black.length; channel++) {
                    int at = preprocessing.layout() == Layout.NCHW
                            ? channel * places + place
                            : place * black.length + channel;
                    values[at] = black[channel];
                }
            }
        }
        return values;
    }

    /** The score drops when squares of one picture are occluded. */
    public static final class Changes {
        private final int[][] squares;
        private final double[] drops;

        private Changes(int[][] squares, double[] drops) {
            this.squares = squares;
            this.drops = drops;
        }

        /** Of a map of the same picture. */
        public double infidelity(Tensor heat) {
            int width = Math.toIntExact(heat.dimension(1));
            float[] values = heat.toFloats();
            double product = 0;
            double foretold = 0;
            double happened = 0;
            for (int sample = 0; sample < drops.length; sample++) {
                double sum = 0;
                int[] square = squares[sample];
                for (int y = square[0]; y < square[0] + square[2]; y++) {
                    for (int x = square[1]; x < square[1] + square[3]; x++) {
                        sum += values[y * width + x];
                    }
                }
                product += sum * drops[sample];
                foretold += sum * sum;
                happened += drops[sample] * drops[sample];
            }
            if (happened == 0) {
                return 0;
            }
            return foretold == 0 ? 1 : Math.max(0, 1 - product * product / (foretold * happened));
        }
    }
}
