package dev.vitrine.lens.visualization.parametrization;

import dev.vitrine.engine.graph.Attributes;
import dev.vitrine.engine.graph.GraphBuilder;
import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.tensor.ElementType;
import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.setting.Setting;
import dev.vitrine.lens.setting.Settings;
import java.util.random.RandomGenerator;

/**
 * Random transformations of a picture, new at each step: shift, scale and rotation, with gray beyond the border.
 * Robustness to them suppresses high-frequency artifacts. Olah, Mordvintsev and Schubert 2017,
 * doi:10.23915/distill.00007.
 *
 * @param jitter pixels at most each way
 * @param zoom scales are from 1 − zoom to 1 + zoom
 * @param rotate degrees at most to either side
 */
public record Views(
        @Setting(label = "PIXELS", least = 0, meaning = "random shift at each step", otherwise = "modern 8")
        int jitter,

        @Setting(label = "SHARE", least = 0, below = 1, meaning = "random change of scale", otherwise = "modern 0.1")
        double zoom,

        @Setting(label = "DEGREES", least = 0, meaning = "random rotation", otherwise = "modern 10")
        double rotate) {
    /** The picture unchanged. */
    public static final Views NONE = new Views(0, 0, 0);

    /** Jitter 8 and 4 pixels each way in all, scale .9 to 1.1, ±10°. */
    public static final Views USUAL = new Views(8, 0.1, 10);

    public Views {
        Settings.require(Views.class, jitter, zoom, rotate);
    }

    /** For options and provenance. */
    public String label() {
        return equals(NONE)
                ? "none"
                : "jitter " + jitter + ", scale " + (1 - zoom) + ".." + (1 + zoom) + ", turn " + rotate;
    }

    /** {@code f32[3,2]}: the affine map from output positions to the picture, in coordinates of −1..1. */
    public Tensor next(RandomGenerator random, int height, int width) {
        double right = Math.rint((2 * random.nextDouble() - 1) * jitter);
        double below = Math.rint((2 * random.nextDouble() - 1) * jitter);
        double smallest = 1 - zoom;
        double scale = smallest + (1 + zoom - smallest) * random.nextDouble();
        double angle = Math.toRadians((2 * random.nextDouble() - 1) * rotate);
        double cosine = Math.cos(angle) / scale;
        double sine = Math.sin(angle) / scale;
        double aspect = (double) height / width;
        return Tensor.floats(
                new float[] {
                    (float) cosine, (float) (sine / aspect),
                    (float) (-sine * aspect), (float) cosine,
                    (float) (2 * right / width), (float) (2 * below / height)
                },
                3,
                2);
    }

    /** Emits the transformed pictures {@code f32[N,C,H,W], 0..1}; the transformation is the input {@code look}. */
    public Value emit(GraphBuilder builder, Value pictures, String look, long[] shape) {
        if (equals(NONE)) {
            return pictures;
        }
        int height = (int) shape[2];
        int width = (int) shape[3];
        float[] places = new float[3 * height * width];
        for (int i = 0; i < height * width; i++) {
            places[3 * i] = (2f * (i % width) + 1) / width - 1;
            places[3 * i + 1] = (2f * (i / width) + 1) / height - 1;
            places[3 * i + 2] = 1;
        }
        Value affine = builder.input(look, TensorType.of(ElementType.FLOAT32, 3, 2));
        Value flat = builder.node(
                "MatMul", builder.constant("places", Tensor.floats(places, (long) height * width, 3)), affine);
        Value grid = builder.node("Reshape", flat, builder.vector(1, height, width, 2));
        Value gray = builder.constant(0.5f);
        Value planes = builder.node(
                "Reshape", builder.node("Sub", pictures, gray), builder.vector(1, shape[0] * shape[1], height, width));
        Value sampled = builder.node("GridSample", Attributes.NONE.with("mode", "linear"), planes, grid);
        return builder.node("Add", builder.node("Reshape", sampled, builder.vector(shape)), gray);
    }
}
