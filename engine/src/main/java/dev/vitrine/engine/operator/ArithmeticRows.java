package dev.vitrine.engine.operator;

import static dev.vitrine.engine.operator.property.Relevance.PASSED;
import static dev.vitrine.engine.operator.property.Relevance.ROUTED;
import static dev.vitrine.engine.operator.property.Relevance.SHARED;
import static dev.vitrine.engine.operator.property.Rescale.BILINEAR;
import static dev.vitrine.engine.operator.property.Rescale.LINEAR;
import static dev.vitrine.engine.operator.property.Signs.ANY;
import static dev.vitrine.engine.operator.property.Signs.OF_OPERANDS;
import static dev.vitrine.engine.operator.property.Whole.DIFFERS;
import static dev.vitrine.engine.operator.property.Whole.WRAPS;

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
import java.util.function.DoubleBinaryOperator;

/** Element-wise arithmetic on operands that are broadcast to each other. */
final class ArithmeticRows {
    /** A bias or a position embedding may be on either side. */
    private static final List<Integer> EITHER_SIDE = List.of(0, 1);

    static final List<Operator> ALL = List.of(
            row(
                    "Add",
                    Role.SUM,
                    OF_OPERANDS,
                    WRAPS,
                    EITHER_SIDE,
                    SHARED,
                    LINEAR,
                    function((a, b) -> a + b),
                    ArithmeticRules::sum),
            row(
                    "Sum",
                    Role.SUM,
                    OF_OPERANDS,
                    WRAPS,
                    List.of(),
                    SHARED,
                    LINEAR,
                    Optional.of(ScalarFunctions::sum),
                    ArithmeticRules::sum),
            row(
                    "Mean",
                    Role.MEAN,
                    OF_OPERANDS,
                    DIFFERS,
                    List.of(),
                    SHARED,
                    LINEAR,
                    Optional.of(ScalarFunctions::mean),
                    ArithmeticRules::mean),
            row(
                    "Sub",
                    Role.DIFFERENCE,
                    ANY,
                    WRAPS,
                    List.of(),
                    SHARED,
                    LINEAR,
                    function((a, b) -> a - b),
                    ArithmeticRules::subtract),
            row(
                    "Mul",
                    Role.PRODUCT,
                    OF_OPERANDS,
                    WRAPS,
                    List.of(),
                    Relevance.FACTORS,
                    BILINEAR,
                    function((a, b) -> a * b),
                    ArithmeticRules::multiply),
            row(
                    "Div",
                    Role.QUOTIENT,
                    OF_OPERANDS,
                    DIFFERS,
                    List.of(),
                    PASSED,
                    Rescale.QUOTIENT,
                    function((a, b) -> a / b),
                    ArithmeticRules::divide),
            row(
                    "Pow",
                    Role.POWER,
                    ANY,
                    DIFFERS,
                    List.of(),
                    PASSED,
                    Rescale.STEEP_OPERANDS,
                    function(Math::pow),
                    ArithmeticRules::power),
            row(
                    "Mod",
                    Role.FUNCTION,
                    ANY,
                    DIFFERS,
                    List.of(),
                    ROUTED,
                    Rescale.NONE,
                    Optional.empty(),
                    ArithmeticRules::remainder),
            extreme("Min", OF_OPERANDS, ScalarFunctions::least, ArithmeticRules::extreme),
            extreme("Max", Signs.OF_GREATEST, ScalarFunctions::greatest, ArithmeticRules::extreme),
            negation("Neg", ActivationRules::negate),
            choice("Where", ArithmeticRules::where));

    private ArithmeticRows() {}

    private static Optional<ScalarFunction> function(DoubleBinaryOperator function) {
        return Optional.of(ScalarFunctions.of(function));
    }

    private static Operator row(
            String name,
            Role role,
            Signs signs,
            Whole whole,
            List<Integer> weights,
            Relevance relevance,
            Rescale rescale,
            Optional<ScalarFunction> function,
            BackwardRule rule) {
        return new Operator(
                name,
                Words.of(name),
                Kind.ARITHMETIC,
                Space.POINTWISE,
                Sizes.BROADCAST,
                OptionalLong.empty(),
                Kernel.NONE,
                Effect.COMPUTES,
                Operands.ALL,
                Monotony.NEITHER,
                role,
                signs,
                whole,
                weights,
                relevance,
                rescale,
                function,
                Optional.of(rule));
    }

    private static Operator extreme(String name, Signs signs, ScalarFunction function, BackwardRule rule) {
        return new Operator(
                name,
                Words.of(name),
                Kind.ARITHMETIC,
                Space.POINTWISE,
                Sizes.BROADCAST,
                OptionalLong.empty(),
                Kernel.NONE,
                Effect.CHOOSES,
                Operands.ALL,
                Monotony.RISING,
                Role.EXTREME,
                signs,
                Whole.EXACT,
                List.of(),
                ROUTED,
                Rescale.OPERANDS,
                Optional.of(function),
                Optional.of(rule));
    }

    private static Operator negation(String name, BackwardRule rule) {
        return new Operator(
                name,
                Words.of(name),
                Kind.ARITHMETIC,
                Space.POINTWISE,
                Sizes.SAME,
                OptionalLong.empty(),
                Kernel.NONE,
                Effect.COMPUTES,
                Operands.ALL,
                Monotony.FALLING,
                Role.NEGATION,
                ANY,
                WRAPS,
                List.of(),
                PASSED,
                LINEAR,
                Optional.of(ScalarFunctions.of(x -> -x)),
                Optional.of(rule));
    }

    private static Operator choice(String name, BackwardRule rule) {
        return new Operator(
                name,
                Words.of(name),
                Kind.ARITHMETIC,
                Space.POINTWISE,
                Sizes.BROADCAST,
                OptionalLong.empty(),
                Kernel.NONE,
                Effect.MOVES,
                Operands.SECOND_AND_THIRD,
                Monotony.NEITHER,
                Role.CHOICE,
                OF_OPERANDS,
                Whole.EXACT,
                List.of(),
                ROUTED,
                LINEAR,
                Optional.of(ScalarFunctions::choice),
                Optional.of(rule));
    }
}
