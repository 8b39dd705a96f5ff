package dev.vitrine.lens.embedding.tsne;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Barnes-Hut approximation by a quadtree in the plane: a cell counts as one point if its side is below θ times its
 * distance. Barnes and Hut 1986, doi:10.1038/324446a0; van der Maaten 2014, JMLR 15:3221. Nearby points share one
 * traversal of the tree.
 */
final class TreeRepulsion implements Repulsion {
    private static final int LEAF = 16;
    private static final int BITS = 16;
    private static final int BLOCKS = 128;

    private final double theta;
    private final int count;
    private final long[] keys;
    private final long[] spare;
    private final double[] x;
    private final double[] y;
    private final int[] original;

    /**
     * Nodes: the sorted points from one up to another, their center, the side of the cell, the first child and how
     * many.
     */
    private int[] from = new int[0];

    private int[] to = new int[0];
    private double[] centerX = new double[0];
    private double[] centerY = new double[0];
    private double[] side = new double[0];
    private int[] child = new int[0];
    private int[] next = new int[0];
    private int nodes;

    TreeRepulsion(int count, double theta) {
        this.count = count;
        this.theta = theta;
        this.keys = new long[count];
        this.spare = new long[count];
        this.x = new double[count];
        this.y = new double[count];
        this.original = new int[count];
    }

    @Override
    public double of(double[] points, double[] forces) {
        build(points);
        int[] leaves = IntStream.range(0, nodes).filter(node -> child[node] < 0).toArray();
        int blocks = Math.min(BLOCKS, leaves.length);
        double[] sums = new double[blocks];
        IntStream.range(0, blocks).parallel().forEach(block -> {
            Interactions interactions = new Interactions();
            int end = (int) ((long) (block + 1) * leaves.length / blocks);
            for (int index = (int) ((long) block * leaves.length / blocks); index < end; index++) {
                sums[block] += push(leaves[index], interactions, forces);
            }
        });
        double total = 0;
        for (double sum : sums) {
            total += sum;
        }
        return total - count;
    }

    private void build(double[] points) {
        double left = Double.POSITIVE_INFINITY;
        double right = Double.NEGATIVE_INFINITY;
        double bottom = Double.POSITIVE_INFINITY;
        double top = Double.NEGATIVE_INFINITY;
        for (int point = 0; point < count; point++) {
            left = Math.min(left, points[2 * point]);
            right = Math.max(right, points[2 * point]);
            bottom = Math.min(bottom, points[2 * point + 1]);
            top = Math.max(top, points[2 * point + 1]);
        }
        double width = Math.max(Math.max(right - left, top - bottom), Double.MIN_NORMAL);
        double scale = ((1 << BITS) - 1) / width;
        for (int point = 0; point < count; point++) {
            long code = spread((int) ((points[2 * point] - left) * scale))
                    | spread((int) ((points[2 * point + 1] - bottom) * scale)) << 1;
            keys[point] = code << 32 | point;
        }
        sort();
        for (int place = 0; place < count; place++) {
            int point = (int) keys[place];
            original[place] = point;
            x[place] = points[2 * point];
            y[place] = points[2 * point + 1];
        }
        nodes = 0;
        node(0, count, 2 * BITS - 2, width * (1 << BITS) / ((1 << BITS) - 1));
    }

    /** Interleaves the bits with zeros. */
    private static long spread(int value) {
        long bits = value & 0xffffL;
        bits = (bits | bits << 8) & 0x00ff00ffL;
        bits = (bits | bits << 4) & 0x0f0f0f0fL;
        bits = (bits | bits << 2) & 0x33333333L;
        return (bits | bits << 1) & 0x55555555L;
    }

    /** By the code, 11 bits at a time; points of one cell keep their order. */
    private void sort() {
        long[] source = keys;
        long[] target = spare;
        for (int shift = 32; shift < 64; shift += 8) {
            int[] places = new int[257];
            for (long key : source) {
                places[(int) (key >>> shift & 0xff) + 1]++;
            }
            for (int digit = 0; digit < 256; digit++) {
                places[digit + 1] += places[digit];
            }
            for (long key : source) {
                target[places[(int) (key >>> shift & 0xff)]++] = key;
            }
            long[] swap = source;
            source = target;
            target = swap;
        }
    }

    /** Adds the node of a cell, then its descendants; the next node outside it is at {@link #next}. */
    private void node(int first, int end, int shift, double width) {
        int node = nodes++;
        if (node == from.length) {
            grow();
        }
        from[node] = first;
        to[node] = end;
        side[node] = width;
        double sumX = 0;
        double sumY = 0;
        for (int place = first; place < end; place++) {
            sumX += x[place];
            sumY += y[place];
        }
        centerX[node] = sumX / (end - first);
        centerY[node] = sumY / (end - first);
        if (end - first <= LEAF || shift < 0) {
            child[node] = -1;
        } else {
            child[node] = nodes;
            int begin = first;
            while (begin < end) {
                long quarter = keys[begin] >>> 32 + shift & 3;
                int stop = begin + 1;
                while (stop < end && (keys[stop] >>> 32 + shift & 3) == quarter) {
                    stop++;
                }
                node(begin, stop, shift - 2, width / 2);
                begin = stop;
            }
        }
        next[node] = nodes;
    }

    private void grow() {
        int size = Math.max(64, 2 * from.length);
        from = Arrays.copyOf(from, size);
        to = Arrays.copyOf(to, size);
        centerX = Arrays.copyOf(centerX, size);
        centerY = Arrays.copyOf(centerY, size);
        side = Arrays.copyOf(side, size);
        child = Arrays.copyOf(child, size);
        next = Arrays.copyOf(next, size);
    }

    /** The interaction list of a group of points: single points and cells, with their weights. */
    private static final class Interactions {
        private double[] x = new double[1024];
        private double[] y = new double[1024];
        private double[] weight = new double[1024];
        private int size;

        void add(double toX, double toY, double heavy) {
            if (size == x.length) {
                x = Arrays.copyOf(x, 2 * size);
                y = Arrays.copyOf(y, 2 * size);
                weight = Arrays.copyOf(weight, 2 * size);
            }
            x[size] = toX;
            y[size] = toY;
            weight[size++] = heavy;
        }
    }

    /** The forces on the points of a leaf, and the sum of their q, each with itself included. */
    private double push(int leaf, Interactions interactions, double[] forces) {
        double left = Double.POSITIVE_INFINITY;
        double right = Double.NEGATIVE_INFINITY;
        double bottom = Double.POSITIVE_INFINITY;
        double top = Double.NEGATIVE_INFINITY;
        for (int place = from[leaf]; place < to[leaf]; place++) {
            left = Math.min(left, x[place]);
            right = Math.max(right, x[place]);
            bottom = Math.min(bottom, y[place]);
            top = Math.max(top, y[place]);
        }
        interactions.size = 0;
        for (int node = 0; node < nodes; ) {
            double apartX = Math.max(0, Math.max(left - centerX[node], centerX[node] - right));
            double apartY = Math.max(0, Math.max(bottom - centerY[node], centerY[node] - top));
            double square = apartX * apartX + apartY * apartY;
            if (side[node] * side[node] < theta * theta * square) {
                interactions.add(centerX[node], centerY[node], to[node] - from[node]);
                node = next[node];
            } else if (child[node] < 0) {
                for (int place = from[node]; place < to[node]; place++) {
                    interactions.add(x[place], y[place], 1);
                }
                node = next[node];
            } else {
                node = child[node];
            }
        }
        double sum = 0;
        for (int place = from[leaf]; place < to[leaf]; place++) {
            sum += pushOne(place, interactions, forces);
        }
        return sum;
    }

    private double pushOne(int place, Interactions interactions, double[] forces) {
        double ownX = x[place];
        double ownY = y[place];
        double forceX = 0;
        double forceY = 0;
        double sum = 0;
        double[] otherX = interactions.x;
        double[] otherY = interactions.y;
        double[] weight = interactions.weight;
        for (int index = 0; index < interactions.size; index++) {
            double apartX = ownX - otherX[index];
            double apartY = ownY - otherY[index];
            double q = 1 / (1 + apartX * apartX + apartY * apartY);
            double heavy = weight[index] * q;
            sum += heavy;
            forceX += heavy * q * apartX;
            forceY += heavy * q * apartY;
        }
        forces[2 * original[place]] = forceX;
        forces[2 * original[place] + 1] = forceY;
        return sum;
    }
}
