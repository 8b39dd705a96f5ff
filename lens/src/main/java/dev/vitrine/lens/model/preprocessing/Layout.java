package dev.vitrine.lens.model.preprocessing;

/** Order of an input's axes. */
public enum Layout {
    /** {@code f32[N,C,H,W]}, what nearly all ONNX files take. */
    NCHW,
    /** {@code f32[N,H,W,C]}, common for networks that come from TensorFlow. */
    NHWC;

    /** The axis of the colors. */
    public int channelAxis() {
        return this == NCHW ? 1 : 3;
    }

    /** The axis of the rows. */
    public int heightAxis() {
        return this == NCHW ? 2 : 1;
    }

    /** The axis of the columns. */
    public int widthAxis() {
        return heightAxis() + 1;
    }

    public long[] shape(long count, long channels, long height, long width) {
        return this == NCHW ? new long[] {count, channels, height, width} : new long[] {count, height, width, channels};
    }
}
