package dev.vitrine.engine.gradient;

import java.util.List;

/** How a linear layer distributes its relevance among its inputs in layer-wise relevance propagation. */
public sealed interface RelevanceRule {
    /** Whether each input's relevance is a multiple of the input. */
    default boolean multipliesInput() {
        return true;
    }

    /** Rx = x ⊙ vjp(Ry / (y + ε sign y)). Bach et al. 2015, doi:10.1371/journal.pone.0130140. */
    record Epsilon(double epsilon) implements RelevanceRule {}

    /**
     * Weights w + γ w⁺ in place of w. Montavon et al. 2019, doi:10.1007/978-3-030-28954-6_10; for inputs and outputs of
     * either sign Andéol et al. 2021, arXiv:2106.04923.
     */
    record Gamma(double gamma) implements RelevanceRule {}

    /** Positive contributions only. Montavon et al. 2017, doi:10.1016/j.patcog.2016.11.008. */
    record ZPlus() implements RelevanceRule {}

    /** α times the share in the positive contributions minus β times the share in the negative ones, α − β = 1. */
    record AlphaBeta(double alpha, double beta) implements RelevanceRule {
        public AlphaBeta {
            if (Math.abs(alpha - beta - 1) > 1e-6) {
                throw new IllegalArgumentException("alpha " + alpha + ", beta " + beta + ": expected alpha - beta = 1");
            }
        }
    }

    /**
     * Rx = x ⊙ vjp_w(s) − l ⊙ vjp_w⁺(s) − h ⊙ vjp_w⁻(s), s = Ry/(w x − w⁺ l − w⁻ h), for inputs between l and h.
     *
     * @param low smallest value of each channel of the input
     * @param high largest value of each channel of the input
     */
    record ZBox(List<Float> low, List<Float> high) implements RelevanceRule {
        public ZBox {
            low = List.copyOf(low);
            high = List.copyOf(high);
        }

        @Override
        public boolean multipliesInput() {
            return false;
        }
    }

    /** Rx = vjp₁(Ry / Σ 1): evenly among a neuron's inputs. Bach et al. 2015, doi:10.1371/journal.pone.0130140. */
    record Flat() implements RelevanceRule {
        @Override
        public boolean multipliesInput() {
            return false;
        }
    }

    /** Rx = vjp_w²(Ry / Σ w²). Montavon et al. 2017, doi:10.1016/j.patcog.2016.11.008. */
    record WSquare() implements RelevanceRule {
        @Override
        public boolean multipliesInput() {
            return false;
        }
    }
}
