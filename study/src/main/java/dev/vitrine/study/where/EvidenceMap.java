package dev.vitrine.study.where;

import dev.vitrine.engine.tensor.Tensor;
import java.util.Arrays;
import java.util.List;

/**
 * pᵢ = max(Φ, 0) summed over the cells of a coarse grid, / its total: where a picture's evidence lies, each picture
 * weighted equally. A map without positive values is uniform.
 *
 * @param shares row by row, summing to 1
 */
public record EvidenceMap(int side, float[] shares) {
    /** Fine enough to tell a corner from a side, coarse enough to compare hundreds of pictures. */
    public static final int SIDE = 24;

    /** Threshold above which one ninth of the picture holds more than its share: twice as much. */
    private static final double CONCENTRATED = 2 / 9.0;

    /** Threshold above which the outer eighths, 44 % of the picture, hold more than their share. */
    private static final double AT_THE_BORDER = 0.6;

    /** {@link #place()} of a map whose evidence surrounds the center. */
    public static final String BORDER = "border";

    /** {@link #place()} of a map whose evidence lies in the center. */
    public static final String CENTER = "center";

    /** {@link #place()} of a map without a preferred location. */
    public static final String EVERYWHERE = "everywhere";

    private static final List<String> ROWS = List.of("top", "", "bottom");
    private static final List<String> COLUMNS = List.of("left", "", "right");

    public EvidenceMap {
        if (shares.length != side * side) {
            throw new IllegalArgumentException(shares.length + " shares for a grid of " + side + " × " + side);
        }
    }

    /**
     * @param heat {@code f32[H,W]}
     */
    public static EvidenceMap of(Tensor heat) {
        int height = Math.toIntExact(heat.dimension(0));
        int width = Math.toIntExact(heat.dimension(1));
        float[] values = heat.toFloats();
        double[] cells = new double[SIDE * SIDE];
        double total = 0;
        double[] rowWeights = new double[SIDE];
        for (int y = 0; y < height; y++) {
            overlaps(y, height, rowWeights);
            for (int row = y * SIDE / height; row < SIDE && rowWeights[row] > 0; row++) {
                for (int x = 0; x < width; x++) {
                    double value = Math.max(0, values[y * width + x]) * rowWeights[row];
                    double from = (double) x * SIDE / width;
                    double to = (double) (x + 1) * SIDE / width;
                    for (int column = (int) from; column < to && column < SIDE; column++) {
                        double part = (Math.min(to, column + 1) - Math.max(from, column)) / (to - from);
                        cells[row * SIDE + column] += value * part;
                        total += value * part;
                    }
                }
            }
        }
        float[] shares = new float[cells.length];
        for (int index = 0; index < shares.length; index++) {
            shares[index] = (float) (total > 0 ? cells[index] / total : 1.0 / cells.length);
        }
        return new EvidenceMap(SIDE, shares);
    }

    /** Overlap of a line of pixels with each row of cells. */
    private static void overlaps(int place, int length, double[] weights) {
        Arrays.fill(weights, 0);
        double from = (double) place * SIDE / length;
        double to = (double) (place + 1) * SIDE / length;
        for (int cell = (int) from; cell < to && cell < SIDE; cell++) {
            weights[cell] = (Math.min(to, cell + 1) - Math.max(from, cell)) / (to - from);
        }
    }

    /** The mean of maps. */
    public static EvidenceMap mean(List<EvidenceMap> maps) {
        float[] mean = new float[maps.get(0).shares.length];
        for (EvidenceMap map : maps) {
            for (int index = 0; index < mean.length; index++) {
                mean[index] += map.shares[index] / maps.size();
            }
        }
        return new EvidenceMap(maps.get(0).side, mean);
    }

    /** Hellinger distance √(½ Σ (√p − √q)²), 0..1. */
    public double distance(EvidenceMap other) {
        double sum = 0;
        for (int index = 0; index < shares.length; index++) {
            double step = Math.sqrt(shares[index]) - Math.sqrt(other.shares[index]);
            sum += step * step;
        }
        return Math.sqrt(sum / 2);
    }

    /**
     * Where most of the evidence lies, as text: {@code border}, a third such as {@code top left} or {@code center}, or
     * {@code everywhere}.
     */
    public String place() {
        double[] thirds = new double[9];
        for (int index = 0; index < shares.length; index++) {
            int row = index / side;
            int column = index % side;
            thirds[3 * (3 * row / side) + 3 * column / side] += shares[index];
        }
        int most = 0;
        for (int third = 1; third < thirds.length; third++) {
            most = thirds[third] > thirds[most] ? third : most;
        }
        if (thirds[most] < CONCENTRATED) {
            return border() > AT_THE_BORDER ? BORDER : EVERYWHERE;
        }
        String words = (ROWS.get(most / 3) + " " + COLUMNS.get(most % 3)).strip();
        return words.isEmpty() ? CENTER : words;
    }

    /** Share of the evidence in the outer eighths of the picture, 0..1. */
    public double border() {
        double border = 0;
        for (int index = 0; index < shares.length; index++) {
            border += isOuter(index) ? shares[index] : 0;
        }
        return border;
    }

    /** The value of {@link #border} for a uniform map. */
    public double evenBorder() {
        int outer = 0;
        for (int index = 0; index < shares.length; index++) {
            outer += isOuter(index) ? 1 : 0;
        }
        return (double) outer / shares.length;
    }

    private boolean isOuter(int index) {
        int row = index / side;
        int column = index % side;
        return Math.min(Math.min(row, side - 1 - row), Math.min(column, side - 1 - column)) < side / 8;
    }

    /** As a heat map {@code f32[side,side]}. */
    public Tensor heat() {
        return Tensor.floats(shares, side, side);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof EvidenceMap map && side == map.side && Arrays.equals(shares, map.shares);
    }

    @Override
    public int hashCode() {
        return 31 * side + Arrays.hashCode(shares);
    }
}
