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

/** Pooling over windows and whole maps, and reductions over axes. */
final class PoolingRows {
    private static final Space WINDOW = Space.WINDOW;
    private static final Space WHOLE = Space.WHOLE_MAP;
    private static final Signs NORM = Signs.NEVER_NEGATIVE;
    private static final Signs KEPT = Signs.OF_OPERANDS;
    private static final Whole ROUNDED = Whole.DIFFERS;

    static final List<Operator> ALL = List.of(
            greatest("MaxPool", WINDOW, new MaxPoolRule()),
            greatest("GlobalMaxPool", WHOLE, PoolingRules::globalMaxPool),
            mean("AveragePool", WINDOW, PoolingRules::averagePool),
            norm("LpPool", WINDOW, PoolingRules::lpPool),
            mean("GlobalAveragePool", WHOLE, PoolingRules::globalAveragePool),
            sum("ReduceMean", Role.MEAN, ROUNDED, ReductionRules::mean),
            sum("ReduceSum", Role.SUM, Whole.WRAPS, ReductionRules::sum),
            extreme("ReduceMax", Rescale.GREATEST, ReductionRules::extreme),
            extreme("ReduceMin", Rescale.LEAST, ReductionRules::extreme),
            measure("ReduceL1", NORM, ReductionRules::l1),
            measure("ReduceL2", NORM, ReductionRules::l2),
            measure("ReduceSumSquare", NORM, ReductionRules::sumSquare),
            measure("ReduceLogSum", Signs.ANY, ScanRules::logSum),
            measure("ReduceProd", KEPT, ScanRules::product),
            measure("ReduceLogSumExp", Signs.ANY, ReductionRules::logSumExp),
            scan("CumSum", ScanRules::cumulativeSum));

    private PoolingRows() {}

    private static Operator greatest(String name, Space space, BackwardRule rule) {
        return pooling(
                name, space, Effect.CHOOSES, Role.NONE, KEPT, Whole.EXACT, Relevance.ROUTED, Rescale.GREATEST, rule);
    }

    private static Operator mean(String name, Space space, BackwardRule rule) {
        return pooling(name, space, Effect.COMPUTES, Role.MEAN, KEPT, ROUNDED, Relevance.SHARED, Rescale.LINEAR, rule);
    }

    private static Operator norm(String name, Space space, BackwardRule rule) {
        return pooling(name, space, Effect.COMPUTES, Role.NONE, NORM, ROUNDED, Relevance.ROUTED, Rescale.NONE, rule);
    }

    private static Operator pooling(
            String name,
            Space space,
            Effect effect,
            Role role,
            Signs signs,
            Whole whole,
            Relevance relevance,
            Rescale rescale,
            BackwardRule rule) {
        return new Operator(
                name,
                Words.POOLING,
                Kind.POOLING,
                space,
                Sizes.SAME_RANK,
                OptionalLong.empty(),
                space == WINDOW ? Kernel.ATTRIBUTE : Kernel.NONE,
                effect,
                Operands.FIRST,
                Monotony.NEITHER,
                role,
                signs,
                whole,
                List.of(),
                relevance,
                rescale,
                Optional.empty(),
                Optional.of(rule));
    }

    private static Operator sum(String name, Role role, Whole whole, BackwardRule rule) {
        return reduction(name, Effect.COMPUTES, role, KEPT, whole, Relevance.SHARED, Rescale.LINEAR, rule);
    }

    private static Operator extreme(String name, Rescale rescale, BackwardRule rule) {
        return reduction(name, Effect.CHOOSES, Role.EXTREME, KEPT, Whole.EXACT, Relevance.ROUTED, rescale, rule);
    }

    private static Operator measure(String name, Signs signs, BackwardRule rule) {
        return reduction(name, Effect.COMPUTES, Role.NONE, signs, ROUNDED, Relevance.ROUTED, Rescale.NONE, rule);
    }

    private static Operator reduction(
            String name,
            Effect effect,
            Role role,
            Signs signs,
            Whole whole,
            Relevance relevance,
            Rescale rescale,
            BackwardRule rule) {
        return along(name, Space.REDUCTION, Sizes.OTHER, effect, role, signs, whole, relevance, rescale, rule);
    }

    /** Its axis is input 1. */
    private static Operator scan(String name, BackwardRule rule) {
        return along(
                name,
                Space.ALONG_AXIS,
                Sizes.SAME,
                Effect.COMPUTES,
                Role.NONE,
                KEPT,
                Whole.WRAPS,
                Relevance.ROUTED,
                Rescale.LINEAR,
                rule);
    }

    private static Operator along(
            String name,
            Space space,
            Sizes sizes,
            Effect effect,
            Role role,
            Signs signs,
            Whole whole,
            Relevance relevance,
            Rescale rescale,
            BackwardRule rule) {
        return new Operator(
                name,
                Words.of(name),
                Kind.REDUCTION,
                space,
                sizes,
                OptionalLong.empty(),
                Kernel.NONE,
                effect,
                Operands.FIRST,
                Monotony.NEITHER,
                role,
                signs,
                whole,
                List.of(),
                relevance,
                rescale,
                Optional.empty(),
                Optional.of(rule));
    }
}
