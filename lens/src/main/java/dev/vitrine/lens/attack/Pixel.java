package dev.vitrine.lens.attack;

/**
 * A pixel and its new color.
 *
 * @param color value of each channel, 0..1
 */
public record Pixel(int row, int column, float[] color) {
    /** The picture {@code [C,H,W]} with this pixel. */
    public float[] in(float[] picture, int height, int width) {
        float[] changed = picture.clone();
        for (int channel = 0; channel < color.length; channel++) {
            changed[(channel * height + row) * width + column] = color[channel];
        }
        return changed;
    }
}
