package dev.vitrine.engine.operator;

import dev.vitrine.engine.operator.Operator.Kind;
import dev.vitrine.engine.operator.property.Effect;
import dev.vitrine.engine.operator.property.Kernel;
import dev.vitrine.engine.operator.property.Monotony;
import dev.vitrine.engine.operator.property.Operands;
import dev.vitrine.engine.operator.property.Relevance;
import dev.vitrine.engine.operator.property.Rescale;
import dev.vitrine.engine.operator.property.Role;
import dev.vitrine.engine.operator.property.Signs;
import dev.vitrine.engine.operator.property.Sizes;
import dev.vitrine.engine.operator.property.Space;
import dev.vitrine.engine.operator.property.Whole;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Layers with weights, and normalizations. */
final class LinearRows {
    private static final OptionalLong NO_AXIS = OptionalLong.empty();
    private static final OptionalLong LAST = OptionalLong.of(-1);

    /** Kernel or matrix, and bias. */
    private static final List<Integer> WEIGHTS = List.of(1, 2);

    static final List<Operator> ALL = List.of(
            linear("Conv", Words.CONVOLUTION, Space.WINDOW, Kernel.SECOND_INPUT, WEIGHTS, ConvolutionRules::conv),
            linear(
                    "ConvTranspose",
                    Words.DECONVOLUTION,
                    Space.SPREAD,
                    Kernel.SECOND_INPUT,
                    WEIGHTS,
                    ConvolutionRules::convTranspose),
            linear("Gemm", Words.DENSE, Space.PRODUCT, Kernel.NONE, WEIGHTS, MatrixRules::gemm),
            linear("MatMul", Words.PRODUCT, Space.PRODUCT, Kernel.NONE, List.of(0, 1), MatrixRules::matMul),
            linear("Einsum", Words.of("Einsum"), Space.PRODUCT, Kernel.NONE, List.of(), MatrixRules::einsum),
            // Only the first input may depend on the picture: it is divided by the statistics.
            normalization(
                    "BatchNormalization",
                    Words.NORMALIZATION,
                    Space.PER_CHANNEL,
                    NO_AXIS,
                    WEIGHTS,
                    Rescale.LINEAR_IN_FIRST,
                    NormalizationRules::batch),
            normalization(
                    "InstanceNormalization",
                    Words.NORMALIZATION,
                    Space.WHOLE_MAP,
                    NO_AXIS,
                    WEIGHTS,
                    Rescale.NONE,
                    NormalizationRules::instance),
            normalization(
                    "LayerNormalization",
                    Words.NORMALIZATION,
                    Space.FROM_AXIS,
                    LAST,
                    WEIGHTS,
                    Rescale.NONE,
                    NormalizationRules::layer),
            normalization(
                    "GroupNormalization",
                    Words.NORMALIZATION,
                    Space.WHOLE_MAP,
                    NO_AXIS,
                    WEIGHTS,
                    Rescale.NONE,
                    NormalizationRules::group),
            normalization(
                    "LRN",
                    Words.NORMALIZATION,
                    Space.ACROSS_CHANNELS,
                    NO_AXIS,
                    List.of(),
                    Rescale.NONE,
                    NormalizationRules::localResponse),
            normalization(
                    "LpNormalization",
                    Words.of("LpNormalization"),
                    Space.ALONG_AXIS,
                    LAST,
                    List.of(),
                    Rescale.NONE,
                    NormalizationRules::lpNorm));

    private LinearRows() {}

    private static Operator linear(
            String name, String word, Space space, Kernel kernel, List<Integer> weights, BackwardRule rule) {
        return new Operator(
                name,
                word,
                Kind.LINEAR,
                space,
                kernel.isWeighted() ? Sizes.SAME_RANK : Sizes.OTHER,
                NO_AXIS,
                kernel,
                Effect.COMPUTES,
                Operands.ALL,
                Monotony.NEITHER,
                Role.NONE,
                Signs.ANY,
                Whole.DIFFERS,
                weights,
                Relevance.LAYER,
                Rescale.BILINEAR,
                Optional.empty(),
                Optional.of(rule));
    }

    private static Operator normalization(
            String name,
            String word,
            Space space,
            OptionalLong axis,
            List<Integer> weights,
            Rescale rescale,
            BackwardRule rule) {
        return new Operator(
                name,
                word,
                Kind.NORMALIZATION,
                space,
                Sizes.SAME,
                axis,
                Kernel.NONE,
                Effect.COMPUTES,
                Operands.ALL,
                Monotony.NEITHER,
                Role.NONE,
                Signs.ANY,
                Whole.DIFFERS,
                weights,
                Relevance.PASSED,
                rescale,
                Optional.empty(),
                Optional.of(rule));
    }
}
