package dev.vitrine.lens.perturbation;

/**
 * A mask that is smooth by construction: at each position u the soft maximum over v of k(u − v) p(v), with free p in
 * 0..1. The kernel is 1 within half of σ and falls as a Gaussian beyond. The mask extends by σ beyond the picture, so
 * that corners have no advantage, where otherwise half a spot would count as a whole one. Fong, Patrick and Vedaldi
 * 2019, arXiv:1910.08485.
 */
final class SmoothMask {
    /** σ in cells: about a tenth of a side of 32 cells. */
    private static final double SIGMA = 3;

    private static final double TEMPERATURE = 1 / 20.0;

    /** Cells beyond each border of the picture. */
    private static final int MARGIN = (int) SIGMA;

    private final int height;
    private final int width;
    private final int reach = (int) (2 * SIGMA);
    private final double[] kernel;

    SmoothMask(int height, int width) {
        this.height = height;
        this.width = width;
        int side = 2 * reach + 1;
        kernel = new double[side * side];
        for (int i = 0; i < kernel.length; i++) {
            double distance = Math.hypot(i / side - reach, i % side - reach) / SIGMA;
            double beyond = Math.max(0, distance - 0.5);
            kernel[i] = Math.exp(-2 * beyond * beyond);
        }
    }

    /** A mask with the state needed for its gradient. */
    final class Made {
        private final double[] free;
        private final double[] mask = new double[places()];
        private final double[] totals = new double[places()];

        private Made(double[] free) {
            this.free = free;
            for (int place = 0; place < mask.length; place++) {
                double total = 0;
                double sum = 0;
                Window window = new Window(place);
                while (window.next()) {
                    double value = kernel[window.tap] * free[window.source];
                    double weight = Math.exp(value / TEMPERATURE);
                    total += weight;
                    sum += weight * value;
                }
                totals[place] = total;
                mask[place] = sum / total;
            }
        }

        /** With the margin. */
        double[] mask() {
            return mask;
        }

        /** Within the picture. */
        double[] seen() {
            double[] seen = new double[height * width];
            for (int cell = 0; cell < seen.length; cell++) {
                seen[cell] = mask[place(cell)];
            }
            return seen;
        }

        /** ∂/∂p from ∂/∂mask, with the margin. */
        double[] back(double[] gradient) {
            double[] result = new double[free.length];
            for (int place = 0; place < mask.length; place++) {
                if (gradient[place] == 0) {
                    continue;
                }
                Window window = new Window(place);
                while (window.next()) {
                    double value = kernel[window.tap] * free[window.source];
                    double share = Math.exp(value / TEMPERATURE) / totals[place];
                    result[window.source] +=
                            gradient[place] * share * (1 + (value - mask[place]) / TEMPERATURE) * kernel[window.tap];
                }
            }
            return result;
        }
    }

    Made of(double[] free) {
        return new Made(free);
    }

    /** Cells of the mask with its margin. */
    int places() {
        return (height + 2 * MARGIN) * (width + 2 * MARGIN);
    }

    /** The index of a cell of the picture in the mask with its margin. */
    int place(int cell) {
        return (cell / width + MARGIN) * (width + 2 * MARGIN) + cell % width + MARGIN;
    }

    /** The cells around a position; beyond the border the border cells are repeated. */
    private final class Window {
        private final int top;
        private final int left;
        private int tap = -1;
        private int source;

        Window(int place) {
            top = place / (width + 2 * MARGIN) - MARGIN - reach;
            left = place % (width + 2 * MARGIN) - MARGIN - reach;
        }

        boolean next() {
            int side = 2 * reach + 1;
            if (++tap >= side * side) {
                return false;
            }
            int y = Math.max(0, Math.min(height - 1, top + tap / side));
            int x = Math.max(0, Math.min(width - 1, left + tap % side));
            source = y * width + x;
            return true;
        }
    }
}
