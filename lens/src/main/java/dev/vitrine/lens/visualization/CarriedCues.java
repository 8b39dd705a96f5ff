package dev.vitrine.lens.visualization;

import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.data.Picture;
import dev.vitrine.lens.data.Resampler;
import dev.vitrine.lens.data.Resampling;
import dev.vitrine.lens.session.ModelSession;
import java.util.List;

/**
 * How much a picture has of the texture of one picture and of the shape of another.
 *
 * @param texture {@code 1 − D(made, texture) / D(shape, texture)}, D the mean relative squared distance of Gram matrices:
 *     1 where the textures are the same for the network, 0 where they are as far apart as before
 * @param shape correlation of the strengths of edges with those of the shape, on a grid of {@value #GRID} × {@value #GRID}
 * @param strange correlation with the edges of the texture's picture, which the picture should not show as they are
 */
public record CarriedCues(double texture, double shape, double strange) {
    private static final int GRID = 56;
    private static final double LEAST_TEXTURE = 0.5;
    private static final double LEAST_SHAPE = 0.25;

    /** Whether the picture has the texture by half and more, and the edges of the shape rather than those of the texture. */
    public boolean areBoth() {
        return texture >= LEAST_TEXTURE && shape >= LEAST_SHAPE && shape > strange;
    }

    /** @param layers whose Gram matrices are compared */
    public static CarriedCues of(
            ModelSession session, Picture made, Picture shape, Picture texture, List<Value> layers) {
        List<Tensor> wanted = Canvas.of(session, texture, layers).grams(layers);
        double before = distance(Canvas.of(session, shape, layers).grams(layers), wanted);
        double after = distance(Canvas.of(session, made, layers).grams(layers), wanted);
        double[] edges = edges(made);
        return new CarriedCues(
                before == 0 ? 0 : 1 - after / before,
                correlation(edges, edges(shape)),
                correlation(edges, edges(texture)));
    }

    private static double distance(List<Tensor> grams, List<Tensor> wanted) {
        double sum = 0;
        for (int layer = 0; layer < grams.size(); layer++) {
            float[] one = grams.get(layer).toFloats();
            float[] other = wanted.get(layer).toFloats();
            double squares = 0;
            double norm = 0;
            for (int index = 0; index < one.length; index++) {
                double difference = one[index] - other[index];
                squares += difference * difference;
                norm += (double) other[index] * other[index];
            }
            sum += norm == 0 ? 0 : squares / norm;
        }
        return sum / grams.size();
    }

    private static double[] edges(Picture picture) {
        byte[] gray =
                Resampler.resize(picture, GRID, GRID, Resampling.BICUBIC).gray().sharedRgb();
        double[] edges = new double[GRID * GRID];
        for (int y = 1; y < GRID - 1; y++) {
            for (int x = 1; x < GRID - 1; x++) {
                edges[y * GRID + x] = Math.hypot(
                        shade(gray, x + 1, y) - shade(gray, x - 1, y), shade(gray, x, y + 1) - shade(gray, x, y - 1));
            }
        }
        return edges;
    }

    private static int shade(byte[] gray, int x, int y) {
        return gray[3 * (y * GRID + x)] & 255;
    }

    private static double correlation(double[] one, double[] other) {
        double meanOne = mean(one);
        double meanOther = mean(other);
        double product = 0;
        double squareOne = 0;
        double squareOther = 0;
        for (int index = 0; index < one.length; index++) {
            double first = one[index] - meanOne;
            double second = other[index] - meanOther;
            product += first * second;
            squareOne += first * first;
            squareOther += second * second;
        }
        double both = Math.sqrt(squareOne * squareOther);
        return both == 0 ? 0 : product / both;
    }

    private static double mean(double[] values) {
        double sum = 0;
        for (double value : values) {
            sum += value;
        }
        return sum / values.length;
    }
}
