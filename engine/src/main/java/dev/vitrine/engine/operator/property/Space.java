package dev.vitrine.engine.operator.property;

import java.util.EnumSet;
import java.util.Set;

/** Which elements of its operands an element of an operator's result comes from. */
public enum Space {
    /** The same position of every operand, broadcast. */
    POINTWISE,
    /** The same position of the first operand; its axis 1 indexes the other operands. */
    PER_CHANNEL,
    /** The same position of feature maps, and neighboring channels. */
    ACROSS_CHANNELS,
    /** A window of maps {@code [N,C,…]}, given by the operator's {@link Kernel}, strides, dilations and pads. */
    WINDOW,
    /** Every position is spread over a window of the result: the adjoint of a window. */
    SPREAD,
    /** All positions of maps {@code [N,C,…]}. */
    WHOLE_MAP,
    /** A row of the first operand and a column of the second. */
    PRODUCT,
    /** All elements along the reduced axes. */
    REDUCTION,
    /** All elements along one axis. */
    ALONG_AXIS,
    /** All elements along one axis and those after it. */
    FROM_AXIS,
    /** Operands concatenated along an axis. */
    JOIN,
    /** Some entries along an axis, in order. */
    PART,
    /** Positions from a start, by a step. */
    SLICE,
    /** The same positions, shifted by the padding before them. */
    PADDING,
    /** The same position or a fill value, depending on the indices along the last two axes. */
    MASK,
    /** Axes in another order. */
    TURN,
    /** The same elements in the same order, in rows {@code [before axis, rest]}. */
    FLATTEN,
    /** The same elements in the same order, without axes of size 1. */
    SQUEEZE,
    /** The same elements in the same order, with further axes of size 1. */
    UNSQUEEZE,
    /** The same elements in the same order, in another shape. */
    RESHAPE,
    /** Blocks of positions become channels. */
    TO_CHANNELS,
    /** Channels become blocks of positions. */
    FROM_CHANNELS,
    /** Positions at another scale. */
    RESAMPLING,
    /** The first operand, broadcast to another shape. */
    BROADCASTING,
    /** The first operand, repeated. */
    REPEATING,
    /** Entries along an axis, selected by indices. */
    PICKING_ALONG_AXIS,
    /** Element-wise, at positions along an axis selected by indices. */
    PICKING_ELEMENTS,
    /** Entries selected by indices over several axes. */
    PICKING,
    /** Maps sampled at positions given by another operand. */
    SAMPLING,
    /** All earlier steps of a sequence. */
    SEQUENCE,
    /** None: the result depends on sizes only, or on nothing. */
    NOWHERE,
    /** Possibly any element. */
    ANYWHERE;

    private static final Set<Space> CHANNELS_FIRST =
            EnumSet.of(PER_CHANNEL, ACROSS_CHANNELS, WINDOW, SPREAD, WHOLE_MAP, TO_CHANNELS, FROM_CHANNELS);

    /** Whether the first operand is maps {@code [N,C,…]} by the operator's definition. */
    public boolean isChannelsFirst() {
        return CHANNELS_FIRST.contains(this);
    }

    /** Whether the result has the elements of the first operand in the same order, in another shape. */
    public boolean keepsOrder() {
        return this == FLATTEN || this == SQUEEZE || this == UNSQUEEZE || this == RESHAPE;
    }
}
