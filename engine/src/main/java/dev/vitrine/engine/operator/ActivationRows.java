package dev.vitrine.engine.operator;

import static dev.vitrine.engine.operator.property.Monotony.FALLING;
import static dev.vitrine.engine.operator.property.Monotony.NEITHER;
import static dev.vitrine.engine.operator.property.Monotony.RISING;
import static dev.vitrine.engine.operator.property.Rescale.SECANT;
import static dev.vitrine.engine.operator.property.Rescale.SECANT_OF_SMOOTH;
import static dev.vitrine.engine.operator.property.Role.FUNCTION;
import static dev.vitrine.engine.operator.property.Role.GATE;
import static dev.vitrine.engine.operator.property.Role.GUARDED;
import static dev.vitrine.engine.operator.property.Role.RECTIFIER;
import static dev.vitrine.engine.operator.property.Role.SELF_GATED;
import static dev.vitrine.engine.operator.property.Signs.ANY;
import static dev.vitrine.engine.operator.property.Signs.NEVER_NEGATIVE;
import static dev.vitrine.engine.operator.property.Signs.OF_OPERANDS;

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
import java.util.function.DoubleUnaryOperator;

/** Functions of one operand that are not linear: element by element, and softmax along an axis. */
final class ActivationRows {
    static final List<Operator> ALL = List.of(
            exact("Relu", RECTIFIER, NEVER_NEGATIVE, Rescale.HINGE, x -> Math.max(x, 0), ActivationRules.RELU),
            rectifier("LeakyRelu", Rescale.LEAKY_HINGE, ScalarFunctions::leakyRelu, ActivationRules.LEAKY_RELU),
            parametric("PRelu", ScalarFunctions::parametricRelu, ActivationRules::parametricRelu),
            rectifier("ThresholdedRelu", SECANT, ScalarFunctions::thresholdedRelu, ActivationRules.THRESHOLDED_RELU),
            unit("Elu", SECANT, ScalarFunctions::elu, ActivationRules.ELU),
            unit("Selu", SECANT, ScalarFunctions::selu, ActivationRules.SELU),
            unit("Celu", SECANT, ScalarFunctions::celu, ActivationRules.CELU),
            gate(
                    "Sigmoid",
                    NEVER_NEGATIVE,
                    SECANT_OF_SMOOTH,
                    smooth(ScalarFunctions::sigmoid),
                    ActivationRules.SIGMOID),
            gate("HardSigmoid", NEVER_NEGATIVE, SECANT, ScalarFunctions::hardSigmoid, ActivationRules.HARD_SIGMOID),
            gate("Tanh", OF_OPERANDS, SECANT_OF_SMOOTH, smooth(Math::tanh), ActivationRules.TANH),
            selfGated("HardSwish", SECANT, smooth(ScalarFunctions::hardSwish), ActivationRules.HARD_SWISH),
            selfGated("Gelu", SECANT_OF_SMOOTH, ScalarFunctions::gelu, ActivationRules.GELU),
            selfGated("Mish", SECANT_OF_SMOOTH, smooth(ScalarFunctions::mish), ActivationRules.MISH),
            smooth(
                    "Softplus",
                    RISING,
                    Role.SOFT_RECTIFIER,
                    NEVER_NEGATIVE,
                    ScalarFunctions::softplus,
                    ActivationRules.SOFTPLUS),
            smooth("Softsign", RISING, FUNCTION, OF_OPERANDS, x -> x / (1 + Math.abs(x)), ActivationRules.SOFTSIGN),
            smooth("Erf", RISING, FUNCTION, OF_OPERANDS, ScalarFunctions::erf, ActivationRules.ERF),
            smooth("Exp", RISING, FUNCTION, NEVER_NEGATIVE, Math::exp, ActivationRules.EXP),
            clip("Clip", ScalarFunctions::clip, ActivationRules::clip),
            guarded("Sqrt", RISING, NEVER_NEGATIVE, Rescale.ROOT, Math::sqrt, ActivationRules::root),
            guarded("Log", RISING, ANY, Rescale.SECANT_OF_STEEP, Math::log, ActivationRules.LOG),
            guarded("Reciprocal", NEITHER, OF_OPERANDS, Rescale.RECIPROCAL, x -> 1 / x, ActivationRules.RECIPROCAL),
            exact("Abs", FUNCTION, NEVER_NEGATIVE, SECANT, Math::abs, ActivationRules.ABS),
            periodic("Sin", SECANT_OF_SMOOTH, ActivationRules.SINE),
            periodic("Cos", SECANT_OF_SMOOTH, ActivationRules.COSINE),
            periodic("Tan", SECANT, ActivationRules.TANGENT),
            other("Asin", RISING, OF_OPERANDS, smooth(Math::asin), ActivationRules.ARC_SINE),
            other("Acos", FALLING, NEVER_NEGATIVE, smooth(Math::acos), ActivationRules.ARC_COSINE),
            other("Atan", RISING, OF_OPERANDS, smooth(Math::atan), ActivationRules.ARC_TANGENT),
            other("Sinh", RISING, OF_OPERANDS, smooth(Math::sinh), ActivationRules.HYPERBOLIC_SINE),
            other("Cosh", NEITHER, NEVER_NEGATIVE, smooth(Math::cosh), ActivationRules.HYPERBOLIC_COSINE),
            other("Asinh", RISING, OF_OPERANDS, smooth(ScalarFunctions::areaSine), ActivationRules.AREA_SINE),
            other("Acosh", RISING, NEVER_NEGATIVE, smooth(ScalarFunctions::areaCosine), ActivationRules.AREA_COSINE),
            other("Atanh", RISING, OF_OPERANDS, smooth(ScalarFunctions::areaTangent), ActivationRules.AREA_TANGENT),
            other("Shrink", RISING, ANY, ScalarFunctions::shrink, ActivationRules.SHRINK),
            alongAxis("Softmax", GATE, NEVER_NEGATIVE, Rescale.SOFTMAX, ActivationRules::softmax),
            alongAxis("LogSoftmax", Role.NONE, ANY, Rescale.LOG_SOFTMAX, ActivationRules::logSoftmax));

    private ActivationRows() {}

    private static ScalarFunction smooth(DoubleUnaryOperator function) {
        return ScalarFunctions.of(function);
    }

    /** Gives whole numbers for whole numbers. */
    private static Operator exact(
            String name, Role role, Signs signs, Rescale rescale, DoubleUnaryOperator function, BackwardRule rule) {
        Monotony monotony = role == RECTIFIER ? RISING : NEITHER;
        Optional<ScalarFunction> known = Optional.of(smooth(function));
        return of(name, Words.of(name), Operands.FIRST, monotony, role, signs, Whole.EXACT, rescale, known, rule);
    }

    private static Operator rectifier(String name, Rescale rescale, ScalarFunction function, BackwardRule rule) {
        return named(Words.RECTIFIER, name, RISING, RECTIFIER, OF_OPERANDS, rescale, function, rule);
    }

    /** A rectifier named after its operator. */
    private static Operator unit(String name, Rescale rescale, ScalarFunction function, BackwardRule rule) {
        return named(Words.of(name), name, RISING, RECTIFIER, OF_OPERANDS, rescale, function, rule);
    }

    private static Operator gate(
            String name, Signs signs, Rescale rescale, ScalarFunction function, BackwardRule rule) {
        return named(Words.of(name), name, RISING, GATE, signs, rescale, function, rule);
    }

    private static Operator selfGated(String name, Rescale rescale, ScalarFunction function, BackwardRule rule) {
        return named(Words.of(name), name, NEITHER, SELF_GATED, OF_OPERANDS, rescale, function, rule);
    }

    private static Operator smooth(
            String name, Monotony monotony, Role role, Signs signs, DoubleUnaryOperator function, BackwardRule rule) {
        return named(Words.of(name), name, monotony, role, signs, SECANT_OF_SMOOTH, smooth(function), rule);
    }

    private static Operator guarded(
            String name,
            Monotony monotony,
            Signs signs,
            Rescale rescale,
            DoubleUnaryOperator function,
            BackwardRule rule) {
        return named(Words.of(name), name, monotony, GUARDED, signs, rescale, smooth(function), rule);
    }

    private static Operator other(
            String name, Monotony monotony, Signs signs, ScalarFunction function, BackwardRule rule) {
        return named(Words.of(name), name, monotony, FUNCTION, signs, SECANT, function, rule);
    }

    private static Operator named(
            String word,
            String name,
            Monotony monotony,
            Role role,
            Signs signs,
            Rescale rescale,
            ScalarFunction function,
            BackwardRule rule) {
        Optional<ScalarFunction> known = Optional.of(function);
        return of(name, word, Operands.FIRST, monotony, role, signs, Whole.DIFFERS, rescale, known, rule);
    }

    /** Has no scalar function: bounds of its input do not bound its output. */
    private static Operator periodic(String name, Rescale rescale, BackwardRule rule) {
        Optional<ScalarFunction> none = Optional.empty();
        return of(name, Words.of(name), Operands.FIRST, NEITHER, FUNCTION, ANY, Whole.DIFFERS, rescale, none, rule);
    }

    private static Operator clip(String name, ScalarFunction function, BackwardRule rule) {
        return of(
                name,
                Words.of(name),
                Operands.ALL,
                RISING,
                Role.BOUND,
                Signs.OF_BOUNDS,
                Whole.EXACT,
                SECANT,
                Optional.of(function),
                rule);
    }

    /** With learned slopes, broadcast to the first operand. */
    private static Operator parametric(String name, DoubleBinaryOperator function, BackwardRule rule) {
        return new Operator(
                name,
                Words.RECTIFIER,
                Kind.ACTIVATION,
                Space.POINTWISE,
                Sizes.BROADCAST,
                OptionalLong.empty(),
                Kernel.NONE,
                Effect.COMPUTES,
                Operands.ALL,
                RISING,
                RECTIFIER,
                OF_OPERANDS,
                Whole.DIFFERS,
                List.of(1),
                Relevance.PASSED,
                Rescale.OPERANDS,
                Optional.of(ScalarFunctions.of(function)),
                Optional.of(rule));
    }

    private static Operator of(
            String name,
            String word,
            Operands numbers,
            Monotony monotony,
            Role role,
            Signs signs,
            Whole whole,
            Rescale rescale,
            Optional<ScalarFunction> function,
            BackwardRule rule) {
        return new Operator(
                name,
                word,
                Kind.ACTIVATION,
                Space.POINTWISE,
                Sizes.SAME,
                OptionalLong.empty(),
                Kernel.NONE,
                Effect.COMPUTES,
                numbers,
                monotony,
                role,
                signs,
                whole,
                List.of(),
                Relevance.PASSED,
                rescale,
                function,
                Optional.of(rule));
    }

    private static Operator alongAxis(String name, Role role, Signs signs, Rescale rescale, BackwardRule rule) {
        return new Operator(
                name,
                Words.of(name),
                Kind.ACTIVATION,
                Space.ALONG_AXIS,
                Sizes.SAME,
                OptionalLong.of(-1),
                Kernel.NONE,
                Effect.COMPUTES,
                Operands.FIRST,
                NEITHER,
                role,
                signs,
                Whole.DIFFERS,
                List.of(),
                Relevance.PASSED,
                rescale,
                Optional.empty(),
                Optional.of(rule));
    }
}
