package dev.vitrine.lens.word;

/** Score of a word x as the answer to "a is to a* as b is to x". */
public enum AnalogyObjective {
    /** 3CosAdd: cos(x, a*) − cos(x, a) + cos(x, b). Mikolov et al. 2013, arXiv:1301.3781. */
    ADD {
        @Override
        double score(double first, double second, double third) {
            return second - first + third;
        }
    },
    /**
     * 3CosMul: cos'(x, a*) · cos'(x, b) / (cos'(x, a) + 0.001), where cos' = (cos + 1) / 2. Levy and Goldberg 2014,
     * doi:10.3115/v1/W14-1618.
     */
    MULTIPLY {
        @Override
        double score(double first, double second, double third) {
            return (second + 1) / 2 * ((third + 1) / 2) / ((first + 1) / 2 + 0.001);
        }
    };

    /** The arguments are the cosines of x to a, a* and b. */
    abstract double score(double first, double second, double third);
}
