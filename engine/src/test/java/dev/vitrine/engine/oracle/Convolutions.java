package dev.vitrine.engine.oracle;

import java.util.Arrays;

/** Conv, ConvTranspose and Col2Im, over one to three spatial dimensions; fewer than three get ones in front. */
final class Convolutions {
    private Convolutions() {}

    static NDArray conv(Call call) {
        NDArray x = call.in(0);
        NDArray w = call.in(1);
        Window window = Window.of(call, spatial(x.shape()), spatial(w.shape()));
        int[] in = window.in();
        int[] kernel = window.kernel();
        int[] out = window.out();
        int groups = (int) call.integer("group", 1);
        int batch = x.dimension(0);
        int channels = x.dimension(1);
        int filters = w.dimension(0);
        int groupChannels = w.dimension(1);
        if (channels != groupChannels * groups || filters % groups != 0) {
            throw call.error("channels " + channels + ", weights " + w + " and groups " + groups + " disagree");
        }
        int inPlane = in[0] * in[1] * in[2];
        int outPlane = out[0] * out[1] * out[2];
        int taps = kernel[0] * kernel[1] * kernel[2];
        double[] y = new double[batch * filters * outPlane];
        for (int n = 0; n < batch; n++) {
            for (int f = 0; f < filters; f++) {
                int target = (n * filters + f) * outPlane;
                if (call.has(2)) {
                    Arrays.fill(y, target, target + outPlane, call.in(2).data()[f]);
                }
                int firstChannel = f / (filters / groups) * groupChannels;
                for (int c = 0; c < groupChannels; c++) {
                    int source = (n * channels + firstChannel + c) * inPlane;
                    int weights = (f * groupChannels + c) * taps;
                    for (int tap = 0; tap < taps; tap++) {
                        addShifted(window, tap, w.data()[weights + tap], x.data(), source, y, target);
                    }
                }
            }
        }
        return new NDArray(y, outer(batch, filters, out, x.rank()));
    }

    /** {@code y[o] += weight · x[o·stride + tap·dilation - pad]} for one plane, row by row. */
    private static void addShifted(
            Window window, int tap, double weight, double[] x, int source, double[] y, int target) {
        int[] in = window.in();
        int[] out = window.out();
        int[] shift = window.shift(tap);
        int step = window.strides()[2];
        int firstColumn = Math.max(0, Window.ceilDiv(-shift[2], step));
        int endColumn = Math.min(out[2], Math.floorDiv(in[2] - 1 - shift[2], step) + 1);
        for (int d = 0; d < out[0]; d++) {
            int depth = d * window.strides()[0] + shift[0];
            for (int r = 0; r < out[1] && depth >= 0 && depth < in[0]; r++) {
                int row = r * window.strides()[1] + shift[1];
                if (row < 0 || row >= in[1]) {
                    continue;
                }
                int from = source + (depth * in[1] + row) * in[2] + shift[2];
                int to = target + (d * out[1] + r) * out[2];
                if (step == 1) {
                    for (int i = firstColumn; i < endColumn; i++) {
                        y[to + i] += weight * x[from + i];
                    }
                } else {
                    for (int i = firstColumn; i < endColumn; i++) {
                        y[to + i] += weight * x[from + i * step];
                    }
                }
            }
        }
    }

    static NDArray convTranspose(Call call) {
        NDArray x = call.in(0);
        NDArray w = call.in(1);
        Window window = Window.transposed(call, spatial(x.shape()), spatial(w.shape()));
        int groups = (int) call.integer("group", 1);
        int batch = x.dimension(0);
        int channels = x.dimension(1);
        int groupFilters = w.dimension(1);
        int filters = groupFilters * groups;
        // a transposed convolution maps what a convolution calls its output to what it calls its input
        int[] small = window.out();
        int[] large = window.in();
        int smallPlane = small[0] * small[1] * small[2];
        int largePlane = large[0] * large[1] * large[2];
        int taps = window.kernel()[0] * window.kernel()[1] * window.kernel()[2];
        double[] y = new double[batch * filters * largePlane];
        for (int n = 0; n < batch; n++) {
            for (int f = 0; f < filters; f++) {
                int target = (n * filters + f) * largePlane;
                if (call.has(2)) {
                    Arrays.fill(y, target, target + largePlane, call.in(2).data()[f]);
                }
            }
            for (int c = 0; c < channels; c++) {
                int group = c / (channels / groups);
                int source = (n * channels + c) * smallPlane;
                for (int f = 0; f < groupFilters; f++) {
                    int target = (n * filters + group * groupFilters + f) * largePlane;
                    int weights = (c * groupFilters + f) * taps;
                    for (int tap = 0; tap < taps; tap++) {
                        scatterShifted(window, tap, w.data()[weights + tap], x.data(), source, y, target);
                    }
                }
            }
        }
        return new NDArray(y, outer(batch, filters, large, x.rank()));
    }

    /** {@code y[i·stride + tap·dilation - pad] += weight · x[i]} for one plane. */
    private static void scatterShifted(
            Window window, int tap, double weight, double[] x, int source, double[] y, int target) {
        int[] small = window.out();
        int[] large = window.in();
        int[] shift = window.shift(tap);
        int step = window.strides()[2];
        int firstColumn = Math.max(0, Window.ceilDiv(-shift[2], step));
        int endColumn = Math.min(small[2], Math.floorDiv(large[2] - 1 - shift[2], step) + 1);
        for (int d = 0; d < small[0]; d++) {
            int depth = d * window.strides()[0] + shift[0];
            for (int r = 0; r < small[1] && depth >= 0 && depth < large[0]; r++) {
                int row = r * window.strides()[1] + shift[1];
                if (row < 0 || row >= large[1]) {
                    continue;
                }
                int from = source + (d * small[1] + r) * small[2];
                int to = target + (depth * large[1] + row) * large[2] + shift[2];
                for (int i = firstColumn; i < endColumn; i++) {
                    y[to + i * step] += weight * x[from + i];
                }
            }
        }
    }

    static NDArray col2Im(Call call) {
        NDArray x = call.in(0);
        int rank = call.in(1).size();
        Window window = Window.of(
                call,
                Window.inFront(call.in(1).toLongs(), 1),
                Window.inFront(call.in(2).toLongs(), 1));
        int batch = x.dimension(0);
        int taps = window.kernel()[0] * window.kernel()[1] * window.kernel()[2];
        int channels = x.dimension(1) / taps;
        int small = x.dimension(2);
        int large = window.in()[0] * window.in()[1] * window.in()[2];
        double[] y = new double[batch * channels * large];
        for (int plane = 0; plane < batch * channels; plane++) {
            for (int tap = 0; tap < taps; tap++) {
                scatterShifted(window, tap, 1, x.data(), (plane * taps + tap) * small, y, plane * large);
            }
        }
        return new NDArray(y, outer(batch, channels, window.in(), rank + 2));
    }

    /** The spatial sizes of {@code [N, C, spatial...]}, with ones in front up to three. */
    static int[] spatial(long[] shape) {
        return Window.inFront(Arrays.copyOfRange(shape, 2, shape.length), 1);
    }

    /** {@code [batch, channels, spatial...]} for a tensor of this rank. */
    static long[] outer(int batch, int channels, int[] spatial, int rank) {
        long[] shape = new long[rank];
        shape[0] = batch;
        shape[1] = channels;
        for (int i = 2; i < rank; i++) {
            shape[i] = spatial[i - rank + 3];
        }
        return shape;
    }
}
