package dev.vitrine.engine.incremental;

import dev.vitrine.engine.tensor.ElementType;
import dev.vitrine.engine.tensor.Tensor;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.Optional;

/** Pastes changes into crops of an unchanged map. */
final class Crops {
    private Crops() {}

    /** An unchanged map, {@code f32[C,H,W]}. */
    record Map(float[] values, int channels, int height, int width) {
        static Map of(Tensor tensor) {
            int rank = tensor.rank();
            int height = Math.toIntExact(tensor.dimension(rank - 2));
            int width = Math.toIntExact(tensor.dimension(rank - 1));
            float[] values = tensor.toFloats();
            return new Map(values, values.length / (height * width), height, width);
        }
    }

    /** The changed region of each sample, {@code f32[N,C,h,w]}. */
    record Changed(float[] values, Region.Placement placement) {}

    /**
     * Crops of a map with the changes pasted in.
     *
     * @param outside value outside the map
     */
    static Tensor pasted(Map map, Optional<Changed> changed, Region.Placement to, float outside) {
        return pasted(map, changed, to, outside, Tensor.allocate(ElementType.FLOAT32, shape(map, to)));
    }

    private static long[] shape(Map map, Region.Placement to) {
        return new long[] {to.tops().length, map.channels(), to.size().height(), to.size().width()};
    }

    /** Bytes of such crops. */
    static int bytes(Map map, Region.Placement to) {
        return Math.toIntExact(ElementType.FLOAT32.bytes() * Tensor.elements(shape(map, to)));
    }

    /** Crops in given memory. */
    static Tensor pasted(Map map, Optional<Changed> changed, Region.Placement to, float outside, ByteBuffer bytes) {
        int samples = to.tops().length;
        float[] sample = new float[map.channels() * Math.toIntExact(to.size().places())];
        FloatBuffer all = bytes.asFloatBuffer();
        for (int n = 0; n < samples; n++) {
            crop(map, to, n, outside, sample);
            if (changed.isPresent()) {
                paste(changed.get(), n, map.channels(), to, sample);
            }
            all.put(sample);
        }
        return Tensor.wrap(ElementType.FLOAT32, shape(map, to), bytes);
    }

    private static void crop(Map map, Region.Placement to, int n, float outside, float[] sample) {
        int height = to.size().height();
        int width = to.size().width();
        int top = to.tops()[n];
        int left = to.lefts()[n];
        int firstRow = Math.max(0, -top);
        int endRow = Math.min(height, map.height() - top);
        int firstColumn = Math.max(0, -left);
        int endColumn = Math.min(width, map.width() - left);
        if (firstRow > 0 || firstColumn > 0 || endRow < height || endColumn < width) {
            Arrays.fill(sample, outside);
        }
        int run = endColumn - firstColumn;
        for (int c = 0; c < map.channels(); c++) {
            int from = (c * map.height() + top + firstRow) * map.width() + left + firstColumn;
            int at = (c * height + firstRow) * width + firstColumn;
            for (int row = firstRow; row < endRow; row++) {
                System.arraycopy(map.values(), from, sample, at, run);
                from += map.width();
                at += width;
            }
        }
    }

    private static void paste(Changed changed, int n, int channels, Region.Placement to, float[] sample) {
        Region.Placement at = changed.placement();
        int height = at.size().height();
        int width = at.size().width();
        int down = at.tops()[n] - to.tops()[n];
        int across = at.lefts()[n] - to.lefts()[n];
        int firstRow = Math.max(0, -down);
        int endRow = Math.min(height, to.size().height() - down);
        int firstColumn = Math.max(0, -across);
        int run = Math.min(width, to.size().width() - across) - firstColumn;
        if (run <= 0) {
            return;
        }
        for (int c = 0; c < channels; c++) {
            int from = ((n * channels + c) * height + firstRow) * width + firstColumn;
            int into = (c * to.size().height() + down + firstRow) * to.size().width() + across + firstColumn;
            for (int row = firstRow; row < endRow; row++) {
                System.arraycopy(changed.values(), from, sample, into, run);
                from += width;
                into += to.size().width();
            }
        }
    }

    /** Σ over a rectangle of each channel, {@code [C]}. */
    static double[] sums(Map map, int top, int left, Region.Size size) {
        double[] sums = new double[map.channels()];
        for (int c = 0; c < sums.length; c++) {
            double sum = 0;
            for (int row = 0; row < size.height(); row++) {
                int from = (c * map.height() + top + row) * map.width() + left;
                for (int column = 0; column < size.width(); column++) {
                    sum += map.values()[from + column];
                }
            }
            sums[c] = sum;
        }
        return sums;
    }
}
