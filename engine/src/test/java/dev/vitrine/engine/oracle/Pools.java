package dev.vitrine.engine.oracle;

import dev.vitrine.engine.oracle.NDArray.Kind;
import java.util.Arrays;
import java.util.List;

/** Pooling, whole-map pooling and unpooling. */
final class Pools {
    private Pools() {}

    /** Takes each window's taps in row-major order, then gives the window's value. */
    private interface Accumulator {
        /** {@code offset} is the element's place in its plane. */
        void add(double value, int offset);

        /** {@code taps} counts those inside the input, {@code padded} those inside the input or its padding. */
        double finish(int taps, int padded);
    }

    private static NDArray pool(Call call, Accumulator accumulator) {
        NDArray x = call.in(0);
        Window window =
                Window.of(call, Convolutions.spatial(x.shape()), Window.inFront(call.integers("kernel_shape"), 1));
        int[] in = window.in();
        int[] out = window.out();
        int planes = x.dimension(0) * x.dimension(1);
        int inPlane = in[0] * in[1] * in[2];
        int taps = window.kernel()[0] * window.kernel()[1] * window.kernel()[2];
        int[][] shifts = new int[taps][];
        Arrays.setAll(shifts, window::shift);
        NDArray y = NDArray.zeros(Convolutions.outer(x.dimension(0), x.dimension(1), out, x.rank()));
        int position = 0;
        for (int plane = 0; plane < planes; plane++) {
            for (int d = 0; d < out[0]; d++) {
                for (int r = 0; r < out[1]; r++) {
                    for (int c = 0; c < out[2]; c++) {
                        int inside = 0;
                        int padded = 0;
                        for (int[] shift : shifts) {
                            int depth = d * window.strides()[0] + shift[0];
                            int row = r * window.strides()[1] + shift[1];
                            int column = c * window.strides()[2] + shift[2];
                            if (depth < in[0] + window.padEnd()[0]
                                    && row < in[1] + window.padEnd()[1]
                                    && column < in[2] + window.padEnd()[2]) {
                                padded++;
                            }
                            if (depth >= 0
                                    && depth < in[0]
                                    && row >= 0
                                    && row < in[1]
                                    && column >= 0
                                    && column < in[2]) {
                                inside++;
                                int offset = plane * inPlane + (depth * in[1] + row) * in[2] + column;
                                accumulator.add(x.data()[offset], offset);
                            }
                        }
                        y.data()[position++] = accumulator.finish(inside, padded);
                    }
                }
            }
        }
        return y;
    }

    private static final class Maximum implements Accumulator {
        private final double[] indices;
        private int window;
        private double best = Double.NEGATIVE_INFINITY;
        private int where = -1;

        Maximum(int windows) {
            indices = new double[windows];
        }

        @Override
        public void add(double value, int offset) {
            // the first of equal maxima wins
            if (where < 0 || value > best) {
                best = value;
                where = offset;
            }
        }

        @Override
        public double finish(int taps, int padded) {
            double result = best;
            indices[window++] = where;
            best = Double.NEGATIVE_INFINITY;
            where = -1;
            return result;
        }
    }

    private static final class Power implements Accumulator {
        private final long p;
        private double sum;

        Power(long p) {
            this.p = p;
        }

        @Override
        public void add(double value, int offset) {
            sum += Math.pow(Math.abs(value), p);
        }

        @Override
        public double finish(int taps, int padded) {
            double result = Math.pow(sum, 1.0 / p);
            sum = 0;
            return result;
        }
    }

    private static final class Average implements Accumulator {
        private final boolean countPadding;
        private double sum;

        Average(boolean countPadding) {
            this.countPadding = countPadding;
        }

        @Override
        public void add(double value, int offset) {
            sum += value;
        }

        @Override
        public double finish(int taps, int padded) {
            double result = sum / (countPadding ? padded : taps);
            sum = 0;
            return result;
        }
    }

    /** Indices count through the whole input, as ONNX Runtime counts them. */
    static List<NDArray> maxPool(Call call) {
        if (call.integer("storage_order", 0) != 0) {
            throw call.error("column-major indices");
        }
        NDArray x = call.in(0);
        Window window =
                Window.of(call, Convolutions.spatial(x.shape()), Window.inFront(call.integers("kernel_shape"), 1));
        Maximum maximum =
                new Maximum(x.dimension(0) * x.dimension(1) * window.out()[0] * window.out()[1] * window.out()[2]);
        NDArray y = pool(call, maximum);
        return List.of(y, new NDArray(maximum.indices, y.shape(), Kind.INTEGER));
    }

    static NDArray averagePool(Call call) {
        return pool(call, new Average(call.flag("count_include_pad", 0)));
    }

    static NDArray lpPool(Call call) {
        return pool(call, new Power(call.integer("p", 2)));
    }

    private static NDArray whole(Call call, Accumulator accumulator) {
        NDArray x = call.in(0);
        long[] shape = x.shape().clone();
        Arrays.fill(shape, 2, shape.length, 1);
        NDArray y = NDArray.zeros(shape);
        int plane = x.size() / y.size();
        for (int i = 0; i < y.size(); i++) {
            for (int j = 0; j < plane; j++) {
                accumulator.add(x.data()[i * plane + j], j);
            }
            y.data()[i] = accumulator.finish(plane, plane);
        }
        return y;
    }

    static NDArray globalMaxPool(Call call) {
        return whole(call, new Maximum(call.in(0).dimension(0) * call.in(0).dimension(1)));
    }

    static NDArray globalAveragePool(Call call) {
        return whole(call, new Average(false));
    }

    static NDArray globalLpPool(Call call) {
        return whole(call, new Power(call.integer("p", 2)));
    }

    static NDArray maxUnpool(Call call) {
        NDArray x = call.in(0);
        long[] shape = x.shape().clone();
        if (call.has(2)) {
            shape = call.longs(2);
        } else {
            long[] kernel = call.integers("kernel_shape");
            long[] ones = new long[kernel.length];
            Arrays.fill(ones, 1);
            long[] strides = call.integers("strides", ones);
            long[] pads = call.integers("pads", new long[2 * kernel.length]);
            for (int i = 0; i < kernel.length; i++) {
                shape[i + 2] = (shape[i + 2] - 1) * strides[i] + kernel[i] - pads[i] - pads[i + kernel.length];
            }
        }
        NDArray y = NDArray.zeros(shape);
        for (int i = 0; i < x.size(); i++) {
            y.data()[(int) call.in(1).data()[i]] = x.data()[i];
        }
        return y;
    }
}
