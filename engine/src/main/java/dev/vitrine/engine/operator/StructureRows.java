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

/** Operators that move, copy or drop elements. */
final class StructureRows {
    private static final OptionalLong NO_AXIS = OptionalLong.empty();
    private static final OptionalLong FIRST_AXIS = OptionalLong.of(0);
    private static final OptionalLong SECOND_AXIS = OptionalLong.of(1);
    private static final OptionalLong LAST_AXIS = OptionalLong.of(-1);
    private static final Operands FIRST = Operands.FIRST;
    private static final Operands FILLED = Operands.FIRST_AND_THIRD;

    static final List<Operator> ALL = List.of(
            same("Identity", Operands.ALL, Optional.of((attributes, x) -> x[0]), StructureRules::identity),
            // No scalar function: in training it is random.
            same("Dropout", FIRST, Optional.empty(), StructureRules::dropout),
            moves("Concat", Space.JOIN, Sizes.SAME_RANK, FIRST_AXIS, Operands.ALL, StructureRules::concat),
            moves("Split", Space.PART, Sizes.SAME_RANK, FIRST_AXIS, FIRST, StructureRules::split),
            moves("Slice", Space.SLICE, Sizes.SAME_RANK, NO_AXIS, FIRST, StructureRules::slice),
            moves("Reshape", Space.RESHAPE, Sizes.OTHER, NO_AXIS, FIRST, StructureRules::reshape),
            moves("Flatten", Space.FLATTEN, Sizes.OTHER, SECOND_AXIS, FIRST, StructureRules::reshape),
            moves("Squeeze", Space.SQUEEZE, Sizes.OTHER, NO_AXIS, FIRST, StructureRules::reshape),
            moves("Unsqueeze", Space.UNSQUEEZE, Sizes.OTHER, NO_AXIS, FIRST, StructureRules::reshape),
            moves("Transpose", Space.TURN, Sizes.SAME_RANK, NO_AXIS, FIRST, StructureRules::transpose),
            moves("Expand", Space.BROADCASTING, Sizes.OTHER, NO_AXIS, FIRST, StructureRules::expand),
            moves("Tile", Space.REPEATING, Sizes.SAME_RANK, NO_AXIS, FIRST, StructureRules::tile),
            moves("Gather", Space.PICKING_ALONG_AXIS, Sizes.OTHER, FIRST_AXIS, FIRST, StructureRules::gather),
            moves(
                    "GatherElements",
                    Space.PICKING_ELEMENTS,
                    Sizes.SAME_RANK,
                    FIRST_AXIS,
                    FIRST,
                    StructureRules::gatherElements),
            moves("GatherND", Space.PICKING, Sizes.OTHER, NO_AXIS, FIRST, ScanRules::gatherPlaces),
            moves("Compress", Space.ANYWHERE, Sizes.OTHER, NO_AXIS, FIRST, ScanRules::compress),
            moves("DepthToSpace", Space.FROM_CHANNELS, Sizes.SAME_RANK, NO_AXIS, FIRST, StructureRules::depthToSpace),
            moves("SpaceToDepth", Space.TO_CHANNELS, Sizes.SAME_RANK, NO_AXIS, FIRST, StructureRules::spaceToDepth),
            fills("Pad", Space.PADDING, Sizes.SAME_RANK, NO_AXIS, FILLED, StructureRules::pad),
            fills("Trilu", Space.MASK, Sizes.SAME, NO_AXIS, FIRST, StructureRules::triangle),
            // Some reductions add to the existing value.
            scatters("ScatterND", Space.PICKING, NO_AXIS, ScanRules::scatterPlaces),
            scatters("ScatterElements", Space.PICKING_ELEMENTS, FIRST_AXIS, StructureRules::scatterElements),
            row(
                    "TopK",
                    Space.ALONG_AXIS,
                    Sizes.SAME_RANK,
                    LAST_AXIS,
                    Effect.CHOOSES,
                    FIRST,
                    Signs.ANY,
                    Whole.EXACT,
                    Relevance.ROUTED,
                    Rescale.NONE,
                    ScanRules::top),
            // Exact in nearest mode, the one used for integers.
            row(
                    "Resize",
                    Space.RESAMPLING,
                    Sizes.SAME_RANK,
                    NO_AXIS,
                    Effect.COMPUTES,
                    FIRST,
                    Signs.ANY,
                    Whole.EXACT,
                    Relevance.SHARED,
                    Rescale.LINEAR,
                    StructureRules::resize),
            row(
                    "GridSample",
                    Space.SAMPLING,
                    Sizes.SAME_RANK,
                    NO_AXIS,
                    Effect.COMPUTES,
                    Operands.FIRST_AND_SECOND,
                    Signs.ANY,
                    Whole.DIFFERS,
                    Relevance.ROUTED,
                    Rescale.LINEAR_IN_FIRST,
                    new GridSampleRule()),
            row(
                    "Col2Im",
                    Space.SPREAD,
                    Sizes.OTHER,
                    NO_AXIS,
                    Effect.COMPUTES,
                    FIRST,
                    Signs.OF_OPERANDS,
                    Whole.DIFFERS,
                    Relevance.ROUTED,
                    Rescale.LINEAR,
                    ConvolutionRules::col2Im),
            rounds(
                    "Cast",
                    Effect.CASTS,
                    NO_AXIS,
                    Signs.OF_OPERANDS,
                    Rescale.LINEAR,
                    Optional.of(ScalarFunctions::cast),
                    StructureRules::cast),
            rounds(
                    "QuantizeLinear",
                    Effect.CODES,
                    SECOND_AXIS,
                    Signs.ANY,
                    Rescale.CODE,
                    Optional.empty(),
                    QuantizationRules::straight),
            rounds(
                    "DequantizeLinear",
                    Effect.DECODES,
                    SECOND_AXIS,
                    Signs.ANY,
                    Rescale.PASSED,
                    Optional.empty(),
                    QuantizationRules::straight),
            row(
                    "DynamicQuantizeLinear",
                    Space.ANYWHERE,
                    Sizes.SAME,
                    NO_AXIS,
                    Effect.CODES,
                    FIRST,
                    Signs.ANY,
                    Whole.DIFFERS,
                    Relevance.ROUTED,
                    Rescale.NONE,
                    QuantizationRules::dynamic));

    private StructureRows() {}

    private static Operator same(String name, Operands numbers, Optional<ScalarFunction> function, BackwardRule rule) {
        return row(
                name,
                Space.POINTWISE,
                Sizes.SAME,
                NO_AXIS,
                Effect.NONE,
                numbers,
                Monotony.RISING,
                Signs.OF_OPERANDS,
                Whole.EXACT,
                Relevance.ROUTED,
                Rescale.LINEAR,
                function,
                rule);
    }

    private static Operator moves(
            String name, Space space, Sizes sizes, OptionalLong axis, Operands numbers, BackwardRule rule) {
        return row(
                name,
                space,
                sizes,
                axis,
                Effect.MOVES,
                numbers,
                Signs.OF_OPERANDS,
                Whole.EXACT,
                Relevance.ROUTED,
                Rescale.LINEAR,
                rule);
    }

    private static Operator fills(
            String name, Space space, Sizes sizes, OptionalLong axis, Operands numbers, BackwardRule rule) {
        return row(
                name,
                space,
                sizes,
                axis,
                Effect.FILLS,
                numbers,
                Signs.OF_OPERANDS,
                Whole.EXACT,
                Relevance.ROUTED,
                Rescale.LINEAR,
                rule);
    }

    private static Operator scatters(String name, Space space, OptionalLong axis, BackwardRule rule) {
        return row(
                name,
                space,
                Sizes.SAME,
                axis,
                Effect.COMPUTES,
                FILLED,
                Signs.OF_OPERANDS,
                Whole.WRAPS,
                Relevance.ROUTED,
                Rescale.LINEAR,
                rule);
    }

    private static Operator rounds(
            String name,
            Effect effect,
            OptionalLong axis,
            Signs signs,
            Rescale rescale,
            Optional<ScalarFunction> function,
            BackwardRule rule) {
        return row(
                name,
                Space.POINTWISE,
                Sizes.SAME,
                axis,
                effect,
                FIRST,
                Monotony.RISING,
                signs,
                Whole.DIFFERS,
                Relevance.ROUTED,
                rescale,
                function,
                rule);
    }

    private static Operator row(
            String name,
            Space space,
            Sizes sizes,
            OptionalLong axis,
            Effect effect,
            Operands numbers,
            Signs signs,
            Whole whole,
            Relevance relevance,
            Rescale rescale,
            BackwardRule rule) {
        return row(
                name,
                space,
                sizes,
                axis,
                effect,
                numbers,
                Monotony.NEITHER,
                signs,
                whole,
                relevance,
                rescale,
                Optional.empty(),
                rule);
    }

    private static Operator row(
            String name,
            Space space,
            Sizes sizes,
            OptionalLong axis,
            Effect effect,
            Operands numbers,
            Monotony monotony,
            Signs signs,
            Whole whole,
            Relevance relevance,
            Rescale rescale,
            Optional<ScalarFunction> function,
            BackwardRule rule) {
        return new Operator(
                name,
                Words.of(name),
                Kind.STRUCTURE,
                space,
                sizes,
                axis,
                Kernel.NONE,
                effect,
                numbers,
                monotony,
                Role.NONE,
                signs,
                whole,
                List.of(),
                relevance,
                rescale,
                function,
                Optional.of(rule));
    }
}
