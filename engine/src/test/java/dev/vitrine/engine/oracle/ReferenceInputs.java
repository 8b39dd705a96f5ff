package dev.vitrine.engine.oracle;

import dev.vitrine.engine.tensor.Tensor;

/** The pictures that the stored numbers of {@code References} were computed for, made from a formula. */
public final class ReferenceInputs {
    private ReferenceInputs() {}

    /**
     * {@code (3·h(block) + h(element)) / 4} in whole numbers, u8[3,pixels,pixels] in order R, G, B: noise over blocks of
     * 8×8 pixels, where h is the upper byte of MurmurHash3's finalizer of 0x9E3779B1 times the place in row-major order.
     */
    public static int[] bytes(int pixels) {
        int blocks = pixels / 8;
        int[] bytes = new int[3 * pixels * pixels];
        for (int i = 0; i < bytes.length; i++) {
            int channel = i / (pixels * pixels);
            int row = i / pixels % pixels;
            int column = i % pixels;
            int block = (channel * blocks + row / 8) * blocks + column / 8;
            bytes[i] = (3 * hash(block) + hash(i)) / 4;
        }
        return bytes;
    }

    private static int hash(int place) {
        int h = place * 0x9E3779B1;
        h ^= h >>> 16;
        h *= 0x85EBCA6B;
        h ^= h >>> 13;
        h *= 0xC2B2AE35;
        h ^= h >>> 16;
        return h >>> 24;
    }

    /** What is fed to a shared model, f32[1,3,H,W], after the model's own preprocessing in single precision. */
    public static Tensor image(ReferenceModel model) {
        int[] bytes = bytes(model.pixels());
        float[] data = new float[bytes.length];
        for (int i = 0; i < data.length; i++) {
            int channel = i / (model.pixels() * model.pixels());
            data[i] = switch (model) {
                case TINY_DARKNET -> bytes[i] / 255f;
                // the first channel counts as blue there; the bytes are taken as they come
                case SQUEEZENET -> bytes[i] - new float[] {104, 117, 123}[channel];
                case RESNET20 ->
                    (bytes[i] / 255f - new float[] {.485f, .456f, .406f}[channel])
                            / new float[] {.229f, .224f, .225f}[channel];
            };
        }
        return Tensor.floats(data, 1, 3, model.pixels(), model.pixels());
    }
}
