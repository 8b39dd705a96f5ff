package dev.vitrine.engine.operator;

import dev.vitrine.engine.operator.Operator.Kind;
import dev.vitrine.engine.operator.property.Effect;
import dev.vitrine.engine.operator.property.Kernel;
import dev.vitrine.engine.operator.property.Monotony;
import dev.vitrine.engine.operator.property.Operands;
import dev.vitrine.engine.operator.property.Relevance;
import dev.vitrine.engine.operator.property.Rescale;
import dev.vitrine.engine.operator.property.Role;
import dev.vitrine.engine.operator.property.ScalarFunction;
import dev.vitrine.engine.operator.property.Signs;
import dev.vitrine.engine.operator.property.Sizes;
import dev.vitrine.engine.operator.property.Space;
import dev.vitrine.engine.operator.property.Whole;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.DoubleUnaryOperator;

/** Operators whose gradient is 0 everywhere, or whose result is not a real number. */
final class GradientFreeRows {
    private static final OptionalLong NO_AXIS = OptionalLong.empty();

    static final List<Operator> ALL = List.of(
            steps("Ceil", Math::ceil),
            steps("Floor", Math::floor),
            steps("Round", Math::rint),
            steps("Sign", Math::signum),
            condition("Equal", Sizes.BROADCAST, (a, b) -> a == b),
            condition("Greater", Sizes.BROADCAST, (a, b) -> a > b),
            condition("GreaterOrEqual", Sizes.BROADCAST, (a, b) -> a >= b),
            condition("Less", Sizes.BROADCAST, (a, b) -> a < b),
            condition("LessOrEqual", Sizes.BROADCAST, (a, b) -> a <= b),
            condition("And", Sizes.BROADCAST, (a, b) -> a != 0 && b != 0),
            condition("Or", Sizes.BROADCAST, (a, b) -> a != 0 || b != 0),
            condition("Xor", Sizes.BROADCAST, (a, b) -> (a != 0) != (b != 0)),
            condition("Not", x -> 1 - x),
            condition("IsInf"),
            condition("IsNaN"),
            alongAxis("ArgMax", Sizes.OTHER, 0),
            alongAxis("ArgMin", Sizes.OTHER, 0),
            alongAxis("Hardmax", Sizes.SAME, -1),
            makes("Constant"),
            nowhere("ConstantOfShape", Effect.MAKES_ONE_NUMBER, Signs.ANY, StructureRules::none),
            makes("EyeLike"),
            makes("Range", StructureRules::oneHotOrRange),
            oneHot("OneHot", StructureRules::oneHotOrRange),
            measures("Shape"),
            measures("Size"),
            places("NonZero"),
            draws("RandomNormal"),
            draws("RandomNormalLike"),
            draws("RandomUniform"),
            draws("RandomUniformLike"));

    private GradientFreeRows() {}

    private interface Comparison {
        boolean of(double a, double b);
    }

    private static Operator steps(String name, DoubleUnaryOperator function) {
        return row(
                name,
                Space.POINTWISE,
                Sizes.SAME,
                NO_AXIS,
                Effect.COMPUTES,
                Operands.FIRST,
                Monotony.RISING,
                Role.FUNCTION,
                Signs.OF_OPERANDS,
                Rescale.STEPS,
                Optional.of(ScalarFunctions.of(function)),
                StructureRules::none);
    }

    private static Operator condition(String name, Sizes sizes, Comparison comparison) {
        ScalarFunction function = (attributes, x) -> ScalarFunctions.truth(comparison.of(x[0], x[1]));
        return condition(name, sizes, Optional.of(function));
    }

    private static Operator condition(String name, DoubleUnaryOperator function) {
        return condition(name, Sizes.SAME, Optional.of(ScalarFunctions.of(function)));
    }

    /** Of NaN and infinity. */
    private static Operator condition(String name) {
        return condition(name, Sizes.SAME, Optional.empty());
    }

    private static Operator condition(String name, Sizes sizes, Optional<ScalarFunction> function) {
        return row(
                name,
                Space.POINTWISE,
                sizes,
                NO_AXIS,
                Effect.COMPUTES,
                Operands.ALL,
                Monotony.NEITHER,
                Role.CONDITION,
                Signs.NEVER_NEGATIVE,
                Rescale.PIECEWISE_CONSTANT,
                function,
                StructureRules::none);
    }

    private static Operator alongAxis(String name, Sizes sizes, long axis) {
        return row(
                name,
                Space.ALONG_AXIS,
                sizes,
                OptionalLong.of(axis),
                Effect.COMPUTES,
                Operands.FIRST,
                Monotony.NEITHER,
                Role.NONE,
                Signs.NEVER_NEGATIVE,
                Rescale.PIECEWISE_CONSTANT,
                Optional.empty(),
                StructureRules::none);
    }

    private static Operator makes(String name) {
        return makes(name, StructureRules::none);
    }

    private static Operator makes(String name, BackwardRule rule) {
        return nowhere(name, Effect.MAKES, Signs.ANY, rule);
    }

    private static Operator measures(String name) {
        return nowhere(name, Effect.MEASURES, Signs.NEVER_NEGATIVE, StructureRules::none);
    }

    private static Operator draws(String name) {
        return nowhere(name, Effect.DRAWS, Signs.ANY, StructureRules::none);
    }

    private static Operator nowhere(String name, Effect effect, Signs signs, BackwardRule rule) {
        return row(
                name,
                Space.NOWHERE,
                Sizes.OTHER,
                NO_AXIS,
                effect,
                Operands.NO_INPUT,
                Monotony.NEITHER,
                Role.NONE,
                signs,
                Rescale.PIECEWISE_CONSTANT,
                Optional.empty(),
                rule);
    }

    private static Operator oneHot(String name, BackwardRule rule) {
        return row(
                name,
                Space.ANYWHERE,
                Sizes.OTHER,
                OptionalLong.of(-1),
                Effect.COMPUTES,
                Operands.NO_INPUT,
                Monotony.NEITHER,
                Role.NONE,
                Signs.ANY,
                Rescale.PIECEWISE_CONSTANT,
                Optional.empty(),
                rule);
    }

    private static Operator places(String name) {
        return row(
                name,
                Space.ANYWHERE,
                Sizes.OTHER,
                NO_AXIS,
                Effect.COMPUTES,
                Operands.FIRST,
                Monotony.NEITHER,
                Role.NONE,
                Signs.NEVER_NEGATIVE,
                Rescale.PIECEWISE_CONSTANT,
                Optional.empty(),
                StructureRules::none);
    }

    private static Operator row(
            String name,
            Space space,
            Sizes sizes,
            OptionalLong axis,
            Effect effect,
            Operands numbers,
            Monotony monotony,
            Role role,
            Signs signs,
            Rescale rescale,
            Optional<ScalarFunction> function,
            BackwardRule rule) {
        return new Operator(
                name,
                Words.of(name),
                Kind.GRADIENT_FREE,
                space,
                sizes,
                axis,
                Kernel.NONE,
                effect,
                numbers,
                monotony,
                role,
                signs,
                Whole.DIFFERS,
                List.of(),
                Relevance.NONE,
                rescale,
                function,
                Optional.of(rule));
    }
}
