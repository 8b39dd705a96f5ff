package dev.vitrine.engine.operator;

import java.util.Locale;

/** Short names of layers by their operators. */
final class Words {
    static final String CONVOLUTION = "conv";
    static final String DECONVOLUTION = "deconv";
    static final String DENSE = "dense";
    static final String PRODUCT = "matmul";
    static final String NORMALIZATION = "norm";
    static final String RECTIFIER = "relu";
    static final String POOLING = "pool";

    private Words() {}

    /** An operator's own name: {@code com.microsoft.Gelu} is a gelu. */
    static String of(String operator) {
        return operator.substring(operator.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    }
}
