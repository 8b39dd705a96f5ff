package dev.vitrine.lens.visualization;

import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.data.Picture;
import dev.vitrine.lens.visualization.optimization.Course;
import java.util.List;

/**
 * Pictures that were made, and how it went.
 *
 * @param pictures {@code f32[N,C,H,W], 0..1}
 * @param scores of the finished pictures, looked at straight, one a picture
 * @param course from the first step to the last
 */
public record Synthesis(Tensor pictures, List<Float> scores, Course course) {
    /** What the settings are that several ways to make pictures have. */
    static final String STEPS = "steps of the optimizer";

    static final String RATE = "length of a step of Adam";

    static final String VARIATION = "weight of total variation";

    public Synthesis {
        scores = List.copyOf(scores);
    }

    /** One of the pictures. */
    public Picture picture(int index) {
        return Rgb.picture(pictures, index);
    }
}
