package dev.vitrine.engine.oracle;

import java.util.Arrays;

/**
 * How a kernel slides over three spatial dimensions: output position {@code o} reads
 * {@code in[o·stride + tap·dilation - padBegin]}.
 */
record Window(int[] in, int[] kernel, int[] strides, int[] dilations, int[] padBegin, int[] padEnd, int[] out) {
    private static final int RANK = 3;

    /** For Conv and the pools. */
    static Window of(Call call, int[] in, int[] kernel) {
        int[] strides = inFront(call.integers("strides"), 1);
        int[] dilations = inFront(call.integers("dilations"), 1);
        long[] pads = call.integers("pads");
        int[] begin = inFront(Arrays.copyOfRange(pads, 0, pads.length / 2), 0);
        int[] end = inFront(Arrays.copyOfRange(pads, pads.length / 2, pads.length), 0);
        boolean ceil = call.flag("ceil_mode", 0);
        String autoPad = call.text("auto_pad", "NOTSET");
        int[] out = new int[RANK];
        for (int i = 0; i < RANK; i++) {
            int extent = dilations[i] * (kernel[i] - 1) + 1;
            if (autoPad.equals("VALID")) {
                begin[i] = 0;
                end[i] = 0;
            }
            if (autoPad.startsWith("SAME")) {
                out[i] = ceilDiv(in[i], strides[i]);
                int total = Math.max(0, (out[i] - 1) * strides[i] + extent - in[i]);
                begin[i] = autoPad.equals("SAME_LOWER") ? total - total / 2 : total / 2;
                end[i] = total - begin[i];
            } else {
                int free = in[i] + begin[i] + end[i] - extent;
                out[i] = (ceil ? ceilDiv(free, strides[i]) : Math.floorDiv(free, strides[i])) + 1;
                // a window must begin in the input or in the padding before it
                if (ceil && (out[i] - 1) * strides[i] >= in[i] + begin[i]) {
                    out[i]--;
                }
            }
        }
        return new Window(in, kernel, strides, dilations, begin, end, out);
    }

    /** For ConvTranspose, whose input is {@code small}: {@code in} is then its output and {@code out} its input. */
    static Window transposed(Call call, int[] small, int[] kernel) {
        int[] strides = inFront(call.integers("strides"), 1);
        int[] dilations = inFront(call.integers("dilations"), 1);
        long[] pads = call.integers("pads");
        int[] begin = inFront(Arrays.copyOfRange(pads, 0, pads.length / 2), 0);
        int[] end = inFront(Arrays.copyOfRange(pads, pads.length / 2, pads.length), 0);
        int[] extra = inFront(call.integers("output_padding"), 0);
        long[] wanted = call.integers("output_shape");
        String autoPad = call.text("auto_pad", "NOTSET");
        int[] large = new int[RANK];
        for (int i = 0; i < RANK; i++) {
            int extent = dilations[i] * (kernel[i] - 1) + 1;
            int full = strides[i] * (small[i] - 1) + extra[i] + extent;
            int given = i - RANK + wanted.length;
            if (given >= 0 || autoPad.startsWith("SAME")) {
                large[i] = given >= 0 ? (int) wanted[given] : small[i] * strides[i];
                int total = Math.max(0, full - large[i]);
                begin[i] = autoPad.equals("SAME_UPPER") ? total / 2 : total - total / 2;
                end[i] = total - begin[i];
            } else if (autoPad.equals("VALID")) {
                begin[i] = 0;
                end[i] = 0;
                large[i] = full;
            } else {
                large[i] = full - begin[i] - end[i];
            }
        }
        return new Window(large, kernel, strides, dilations, begin, end, small);
    }

    /** As three numbers, with {@code fill} in front for dimensions that are not there. */
    static int[] inFront(long[] values, int fill) {
        if (values.length > RANK) {
            throw new IllegalArgumentException("more than three spatial dimensions");
        }
        int[] result = new int[RANK];
        Arrays.fill(result, fill);
        for (int i = 0; i < values.length; i++) {
            result[RANK - values.length + i] = (int) values[i];
        }
        return result;
    }

    static int ceilDiv(int a, int b) {
        return -Math.floorDiv(-a, b);
    }

    /** Where the window at output position 0 puts a tap, which is counted in row-major order. */
    int[] shift(int tap) {
        return new int[] {
            tap / (kernel[1] * kernel[2]) * dilations[0] - padBegin[0],
            tap / kernel[2] % kernel[1] * dilations[1] - padBegin[1],
            tap % kernel[2] * dilations[2] - padBegin[2]
        };
    }
}
