package dev.vitrine.lens.render.color;

import dev.vitrine.engine.tensor.Tensor;
import java.nio.FloatBuffer;

/** Whether scores are signed. */
public enum Polarity {
    /** Positive is evidence for the target, negative against it: diverging colors around zero. */
    SIGNED,
    /** Unsigned: sequential colors. */
    UNSIGNED;

    /** Signed where any score is negative. */
    public static Polarity of(Tensor scores) {
        FloatBuffer values = scores.floats();
        while (values.hasRemaining()) {
            if (values.get() < 0) {
                return SIGNED;
            }
        }
        return UNSIGNED;
    }
}
