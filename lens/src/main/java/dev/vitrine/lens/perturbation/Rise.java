package dev.vitrine.lens.perturbation;

import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.attribution.Baseline;
import dev.vitrine.lens.attribution.BaselineAttribution;
import dev.vitrine.lens.attribution.EachPicture;
import dev.vitrine.lens.attribution.Explainer;
import dev.vitrine.lens.attribution.PictureAttribution;
import dev.vitrine.lens.attribution.Progress;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.objective.Objective;
import dev.vitrine.lens.session.ModelSession;
import dev.vitrine.lens.setting.Setting;
import dev.vitrine.lens.setting.Settings;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Σ_m m score(m ⊙ x + (1 − m) ⊙ x₀) / Σ_m m − mean score, over random masks m: coarse binary grids, upsampled
 * bilinearly and shifted at random. Petsiuk, Das and Saenko 2018, arXiv:1806.07421, except for the mean, which is a
 * constant.
 *
 * @param cells of the grid along each side of the picture
 * @param keep probability that a cell is kept
 */
public record Rise(
        @Setting(least = 1, meaning = Rise.MASKS) int samples,

        @Setting(least = 1, meaning = Rise.CELLS_OF_A_MASK) int cells,

        @Setting(label = "SHARE", above = 0, below = 1, meaning = Rise.KEPT)
        double keep,

        @Setting(label = "WHAT", meaning = Rise.COVER) Baseline baseline,

        @Setting(meaning = Rise.SEED) long seed)
        implements PictureAttribution, BaselineAttribution {
    static final String MASKS = "random masks";
    static final String CELLS_OF_A_MASK = "cells of a mask along each side of the picture";
    static final String KEPT = "probability that a cell of a mask is kept";
    static final String COVER = "fill where a mask is 0";
    static final String SEED = "seed of the masks";

    private static final int SAMPLES = 4000;
    private static final int CELLS = 7;
    private static final double KEEP = 0.5;

    public Rise() {
        this(SAMPLES, CELLS, KEEP, Baseline.ZERO, 0);
    }

    public Rise {
        Settings.require(Rise.class, samples, cells, keep, baseline, seed);
    }

    @Override
    public Traits traits() {
        return new Traits("rise", Form.MAP, Reduction.SUM, Sign.SIGNED);
    }

    @Override
    public long[] shape(Model model) {
        return EachPicture.wholePicture(model);
    }

    @Override
    public long evaluations(Model model) {
        return samples;
    }

    @Override
    public Explainer on(ModelSession session, Objective objective) {
        long[] shape = shape(session.model());
        return MaskedScores.each(
                session, objective, baseline, (masked, subject, progress) -> explain(masked, subject, shape, progress));
    }

    private EachPicture.Said explain(
            MaskedScores masked, MaskedScores.Subject subject, long[] shape, Progress progress) {
        Grids grids = new Grids((int) shape[2], (int) shape[3]);
        Deque<Shifted> waiting = new ArrayDeque<>();
        Sums weighted = grids.sums();
        Sums weights = grids.sums();
        double[] sum = new double[1];
        int done = masked.evaluate(
                subject,
                samples,
                (index, mask) -> {
                    Shifted shifted = grids.next();
                    grids.write(shifted, mask);
                    waiting.add(shifted);
                },
                (index, mask, score) -> {
                    sum[0] += score;
                    Shifted shifted = waiting.remove();
                    weighted.add(shifted, score);
                    weights.add(shifted, 1);
                },
                progress);
        double[] weightedTotal = weighted.total();
        double[] weightTotal = weights.total();
        float[] map = new float[weightTotal.length];
        double mean = sum[0] / done;
        for (int place = 0; place < map.length; place++) {
            // Nothing is known about a pixel that no mask kept.
            map[place] = (float) (weightTotal[place] > 0 ? weightedTotal[place] / weightTotal[place] - mean : 0);
        }
        return new EachPicture.Said(Tensor.floats(map, shape), List.of()).after(done, samples, "masks");
    }

    /**
     * A mask upsampled horizontally, but not yet vertically.
     *
     * @param top rows that the upsampled grid is shifted up
     * @param wide rows of the grid in the picture's width
     */
    record Shifted(int top, float[] wide) {}

    /** Random grids as masks. */
    final class Grids {
        private final SplittableRandom random = new SplittableRandom(seed);
        private final int height;
        private final int width;
        private final int cellHeight;
        private final int cellWidth;

        Grids(int height, int width) {
            this.height = height;
            this.width = width;
            cellHeight = (height + cells - 1) / cells;
            cellWidth = (width + cells - 1) / cells;
        }

        Sums sums() {
            return new Sums(this);
        }

        Shifted next() {
            float[] grid = new float[cells * cells];
            for (int cell = 0; cell < grid.length; cell++) {
                grid[cell] = random.nextDouble() < keep ? 1 : 0;
            }
            int top = random.nextInt(cellHeight);
            int left = random.nextInt(cellWidth);
            float[] wide = new float[cells * width];
            for (int x = 0; x < width; x++) {
                float at = place(x + left, cellWidth);
                int column = (int) at;
                int next = Math.min(column + 1, cells - 1);
                for (int row = 0; row < cells; row++) {
                    float first = grid[row * cells + column];
                    wide[row * width + x] = first + (at - column) * (grid[row * cells + next] - first);
                }
            }
            return new Shifted(top, wide);
        }

        void write(Shifted shifted, float[] mask) {
            for (int y = 0; y < height; y++) {
                float at = place(y + shifted.top, cellHeight);
                int row = (int) at;
                blend(shifted.wide, at - row, row * width, Math.min(row + 1, cells - 1) * width, mask, y * width);
            }
        }

        private void blend(float[] wide, float share, int upper, int lower, float[] mask, int target) {
            for (int x = 0; x < width; x++) {
                mask[target + x] = wide[upper + x] + share * (wide[lower + x] - wide[upper + x]);
            }
        }

        /** The position of a pixel between cell centers of the grid, upsampled to one cell more than the picture. */
        private float place(int pixel, int cell) {
            float at = (pixel + 0.5f) * cells / ((cells + 1) * cell) - 0.5f;
            return Math.max(0, Math.min(cells - 1, at));
        }
    }

    /** Weighted sum of masks; upsampling is linear, so that masks with the same shift are summed before it. */
    private final class Sums {
        private final Grids grids;
        private final double[][] wide;

        Sums(Grids grids) {
            this.grids = grids;
            wide = new double[grids.cellHeight][cells * grids.width];
        }

        void add(Shifted shifted, double weight) {
            double[] sum = wide[shifted.top];
            for (int i = 0; i < sum.length; i++) {
                sum[i] += weight * shifted.wide[i];
            }
        }

        double[] total() {
            int width = grids.width;
            double[] total = new double[grids.height * width];
            for (int top = 0; top < wide.length; top++) {
                for (int y = 0; y < grids.height; y++) {
                    float at = grids.place(y + top, grids.cellHeight);
                    int row = (int) at;
                    int lower = Math.min(row + 1, cells - 1);
                    for (int x = 0; x < width; x++) {
                        double first = wide[top][row * width + x];
                        total[y * width + x] += first + (at - row) * (wide[top][lower * width + x] - first);
                    }
                }
            }
            return total;
        }
    }
}
