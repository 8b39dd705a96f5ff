package dev.vitrine.lens.visualization;

import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.data.Picture;
import dev.vitrine.lens.visualization.optimization.Course;
import java.util.List;

/**
 * Synthesized pictures and the course of the optimization.
 *
 * @param pictures {@code f32[N,C,H,W], 0..1}
 * @param scores of the finished pictures without random transformations, one per picture
 * @param course from the first step to the last
 */
public record Synthesis(Tensor pictures, List<Float> scores, Course course) {
    /** Meanings of settings shared by several synthesis methods. */
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
