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

/**
 * Operators without a derivative: a gradient through one is refused by name. Most are rewritten as other operators when
 * a model is opened.
 */
final class UndifferentiatedRows {
    private static final Effect COMPUTES = Effect.COMPUTES;
    private static final Effect CODES = Effect.COMPUTES_CODES;

    static final List<Operator> ALL = List.of(
            linear("ConvInteger", Words.CONVOLUTION, Space.WINDOW, Kernel.SECOND_INPUT, CODES),
            linear("QLinearConv", Words.CONVOLUTION, Space.WINDOW, Kernel.FOURTH_INPUT, CODES),
            // Its window is deformed by another input.
            linear("DeformConv", Words.of("DeformConv"), Space.ANYWHERE, Kernel.SECOND_INPUT, COMPUTES),
            linear("MatMulInteger", Words.PRODUCT, Space.PRODUCT, Kernel.NONE, CODES),
            linear("QLinearMatMul", Words.PRODUCT, Space.PRODUCT, Kernel.NONE, CODES),
            element("com.microsoft.QLinearAdd", Kind.ARITHMETIC, Sizes.BROADCAST, Role.SUM, CODES),
            element("com.microsoft.Gelu", Kind.ACTIVATION, Sizes.SAME, Role.SELF_GATED, COMPUTES),
            element("com.microsoft.QuickGelu", Kind.ACTIVATION, Sizes.SAME, Role.SELF_GATED, COMPUTES),
            element("BitShift", Kind.GRADIENT_FREE, Sizes.BROADCAST, Role.FUNCTION, COMPUTES),
            element("BitwiseAnd", Kind.GRADIENT_FREE, Sizes.BROADCAST, Role.FUNCTION, COMPUTES),
            element("BitwiseOr", Kind.GRADIENT_FREE, Sizes.BROADCAST, Role.FUNCTION, COMPUTES),
            element("BitwiseXor", Kind.GRADIENT_FREE, Sizes.BROADCAST, Role.FUNCTION, COMPUTES),
            element("BitwiseNot", Kind.GRADIENT_FREE, Sizes.SAME, Role.FUNCTION, COMPUTES),
            normalization("MeanVarianceNormalization", Space.REDUCTION, OptionalLong.empty()),
            normalization("RMSNormalization", Space.FROM_AXIS, OptionalLong.of(-1)),
            globalPooling("GlobalLpPool"),
            sequence("LSTM", Kind.RECURRENT, COMPUTES, Sizes.OTHER),
            sequence("GRU", Kind.RECURRENT, COMPUTES, Sizes.OTHER),
            sequence("RNN", Kind.RECURRENT, COMPUTES, Sizes.OTHER),
            sequence("ReverseSequence", Kind.STRUCTURE, Effect.MOVES, Sizes.SAME),
            anywhere("RoiAlign", Kind.POOLING, COMPUTES),
            anywhere("MaxRoiPool", Kind.POOLING, COMPUTES),
            anywhere("Bernoulli", Kind.GRADIENT_FREE, Effect.DRAWS),
            anywhere("Multinomial", Kind.GRADIENT_FREE, Effect.DRAWS),
            anywhere("If", Kind.CONTROL, Effect.BRANCHES),
            anywhere("Loop", Kind.CONTROL, Effect.LOOPS),
            anywhere("Scan", Kind.CONTROL, Effect.LOOPS));

    private UndifferentiatedRows() {}

    private static Operator linear(String name, String word, Space space, Kernel kernel, Effect effect) {
        Sizes sizes = kernel.isWeighted() ? Sizes.SAME_RANK : Sizes.OTHER;
        return row(
                name, word, Kind.LINEAR, space, sizes, OptionalLong.empty(), kernel, effect, Operands.ALL, Role.NONE);
    }

    private static Operator element(String name, Kind kind, Sizes sizes, Role role, Effect effect) {
        return row(
                name,
                Words.of(name),
                kind,
                Space.POINTWISE,
                sizes,
                OptionalLong.empty(),
                Kernel.NONE,
                effect,
                Operands.ALL,
                role);
    }

    private static Operator normalization(String name, Space space, OptionalLong axis) {
        return row(
                name,
                Words.NORMALIZATION,
                Kind.NORMALIZATION,
                space,
                Sizes.SAME,
                axis,
                Kernel.NONE,
                COMPUTES,
                Operands.ALL,
                Role.NONE);
    }

    private static Operator globalPooling(String name) {
        return row(
                name,
                Words.POOLING,
                Kind.POOLING,
                Space.WHOLE_MAP,
                Sizes.SAME_RANK,
                OptionalLong.empty(),
                Kernel.NONE,
                COMPUTES,
                Operands.FIRST,
                Role.NONE);
    }

    private static Operator sequence(String name, Kind kind, Effect effect, Sizes sizes) {
        return row(
                name,
                Words.of(name),
                kind,
                Space.SEQUENCE,
                sizes,
                OptionalLong.empty(),
                Kernel.NONE,
                effect,
                Operands.FIRST,
                Role.NONE);
    }

    private static Operator anywhere(String name, Kind kind, Effect effect) {
        return row(
                name,
                Words.of(name),
                kind,
                Space.ANYWHERE,
                Sizes.OTHER,
                OptionalLong.empty(),
                Kernel.NONE,
                effect,
                Operands.ALL,
                Role.NONE);
    }

    private static Operator row(
            String name,
            String word,
            Kind kind,
            Space space,
            Sizes sizes,
            OptionalLong axis,
            Kernel kernel,
            Effect effect,
            Operands numbers,
            Role role) {
        return new Operator(
                name,
                word,
                kind,
                space,
                sizes,
                axis,
                kernel,
                effect,
                numbers,
                Monotony.NEITHER,
                role,
                Signs.ANY,
                Whole.DIFFERS,
                List.of(),
                Relevance.NONE,
                Rescale.NONE,
                Optional.empty(),
                Optional.empty());
    }
}
