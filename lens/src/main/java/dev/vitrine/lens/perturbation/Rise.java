package dev.vitrine.lens.perturbation;

import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.attribution.Attribution;
import dev.vitrine.lens.attribution.Baseline;
import dev.vitrine.lens.attribution.Explainer;
import dev.vitrine.lens.attribution.ModelSession;
import dev.vitrine.lens.attribution.Progress;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.objective.Objective;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Σ_m m score(m ⊙ x + (1 − m) ⊙ x₀) / Σ_m m − mean score, over random masks m: coarse grids of ones and zeros, enlarged
 * bilinearly and shifted at random. Petsiuk, Das and Saenko 2018, arXiv:1806.07421, but for the mean, which is a
 * constant.
 *
 * @param cells of the grid along each side of the picture
 * @param keep probability that a cell stays
 */
public record Rise(int samples, int cells, double keep, Baseline baseline, long seed) implements Attribution {
    public static final int SAMPLES = 4000;
    public static final int CELLS = 7;
    public static final double KEEP = 0.5;

    public Rise {
        if (samples < 1 || cells < 1 || !(keep > 0 && keep < 1)) {
            throw new IllegalArgumentException("samples " + samples + ", cells " + cells + ", keep " + keep
                    + ": expected at least 1 sample, at least 1 cell, and keep between 0 and 1");
        }
    }

    @Override
    public String id() {
        return "rise";
    }

    @Override
    public Form form() {
        return Form.MAP;
    }

    @Override
    public Reduction reduction() {
        return Reduction.SUM;
    }

    @Override
    public Sign sign() {
        return Sign.SIGNED;
    }

    @Override
    public Map<String, String> options() {
        Map<String, String> options = new LinkedHashMap<>();
        options.put("samples", Integer.toString(samples));
        options.put("cells", Integer.toString(cells));
        options.put("keep", Double.toString(keep));
        options.put("baseline", baseline.label());
        options.put("seed", Long.toString(seed));
        return options;
    }

    @Override
    public long[] shape(Model model) {
        return new long[] {
            1, 1, model.preprocessing().height(), model.preprocessing().width()
        };
    }

    @Override
    public long evaluations(Model model) {
        return samples;
    }

    @Override
    public Explainer on(ModelSession session, Objective objective) {
        MaskedScores masked = new MaskedScores(session, objective);
        return new EachPicture(session, objective, (subject, progress) -> {
            Tensor start = EachPicture.baseline(session, baseline, subject.image());
            return explain(
                    masked,
                    new MaskedScores.Subject(subject.image(), start, subject.target()),
                    shape(session.model()),
                    progress);
        });
    }

    private EachPicture.Said explain(
            MaskedScores masked, MaskedScores.Subject subject, long[] shape, Progress progress) {
        Grids grids = new Grids((int) shape[2], (int) shape[3]);
        int places = (int) (shape[2] * shape[3]);
        float[] weighted = new float[places];
        float[] weights = new float[places];
        // Sums of floats over thousands of masks would lose digits: they are kept small and carried over now and then.
        double[] weightedTotal = new double[places];
        double[] weightTotal = new double[places];
        double[] sum = new double[1];
        masked.evaluate(
                subject,
                samples,
                grids::write,
                (index, mask, score) -> {
                    sum[0] += score;
                    for (int place = 0; place < places; place++) {
                        weighted[place] += score * mask[place];
                        weights[place] += mask[place];
                    }
                    if (index % CARRY == CARRY - 1 || index == samples - 1) {
                        carry(weighted, weightedTotal);
                        carry(weights, weightTotal);
                    }
                },
                progress);
        float[] map = new float[places];
        double mean = sum[0] / samples;
        for (int place = 0; place < places; place++) {
            // A place that no mask kept has nothing said about it.
            map[place] = (float) (weightTotal[place] > 0 ? weightedTotal[place] / weightTotal[place] - mean : 0);
        }
        return new EachPicture.Said(Tensor.floats(map, shape), List.of());
    }

    private static final int CARRY = 64;

    private static void carry(float[] part, double[] total) {
        for (int i = 0; i < part.length; i++) {
            total[i] += part[i];
            part[i] = 0;
        }
    }

    /** The masks, one after the other. */
    final class Grids {
        private final SplittableRandom random = new SplittableRandom(seed);
        private final int height;
        private final int width;
        private final int cellHeight;
        private final int cellWidth;
        private final float[] wide;

        Grids(int height, int width) {
            this.height = height;
            this.width = width;
            cellHeight = (height + cells - 1) / cells;
            cellWidth = (width + cells - 1) / cells;
            wide = new float[cells * width];
        }

        void write(int index, float[] mask) {
            float[] grid = new float[cells * cells];
            for (int cell = 0; cell < grid.length; cell++) {
                grid[cell] = random.nextDouble() < keep ? 1 : 0;
            }
            int top = random.nextInt(cellHeight);
            int left = random.nextInt(cellWidth);
            for (int x = 0; x < width; x++) {
                float at = place(x + left, cellWidth);
                int column = (int) at;
                int next = Math.min(column + 1, cells - 1);
                for (int row = 0; row < cells; row++) {
                    float first = grid[row * cells + column];
                    wide[row * width + x] = first + (at - column) * (grid[row * cells + next] - first);
                }
            }
            for (int y = 0; y < height; y++) {
                float at = place(y + top, cellHeight);
                int row = (int) at;
                blend(at - row, row * width, Math.min(row + 1, cells - 1) * width, mask, y * width);
            }
        }

        private void blend(float share, int upper, int lower, float[] mask, int target) {
            for (int x = 0; x < width; x++) {
                mask[target + x] = wide[upper + x] + share * (wide[lower + x] - wide[upper + x]);
            }
        }

        /** Where a pixel of the grid enlarged by one cell more than the picture lies between the middles of cells. */
        private float place(int pixel, int cell) {
            float at = (pixel + 0.5f) * cells / ((cells + 1) * cell) - 0.5f;
            return Math.max(0, Math.min(cells - 1, at));
        }
    }
}
