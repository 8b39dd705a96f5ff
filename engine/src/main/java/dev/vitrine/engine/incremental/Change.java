package dev.vitrine.engine.incremental;

import dev.vitrine.engine.tensor.Tensor;

/**
 * A rectangle of the input whose values differ from the unchanged picture.
 *
 * @param content {@code f32[C,h,w]} at rows top … top + h − 1 and columns left … left + w − 1
 */
public record Change(int top, int left, Tensor content) {
    public Change {
        if (content.rank() != 3) {
            throw new IllegalArgumentException("expected a content f32[C,h,w], found " + content);
        }
    }

    public int height() {
        return Math.toIntExact(content.dimension(1));
    }

    public int width() {
        return Math.toIntExact(content.dimension(2));
    }
}
