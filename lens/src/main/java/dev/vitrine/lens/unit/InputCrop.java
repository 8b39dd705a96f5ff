package dev.vitrine.lens.unit;

import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.data.Box;

/** A crop of planes aligned with the input. */
public final class InputCrop {
    private InputCrop() {}

    /**
     * Every pixel that the box touches.
     *
     * @param planes {@code f32[C,H,W]}
     */
    public static Tensor of(Tensor planes, Box box) {
        int height = (int) planes.dimension(1);
        int width = (int) planes.dimension(2);
        int left = (int) Math.floor(box.left());
        int top = (int) Math.floor(box.top());
        int across = (int) Math.ceil(box.right()) - left;
        int down = (int) Math.ceil(box.bottom()) - top;
        int channels = (int) planes.dimension(0);
        float[] all = planes.toFloats();
        float[] part = new float[channels * across * down];
        for (int line = 0; line < channels * down; line++) {
            int from = (line / down * height + top + line % down) * width + left;
            System.arraycopy(all, from, part, line * across, across);
        }
        return Tensor.floats(part, channels, down, across);
    }
}
