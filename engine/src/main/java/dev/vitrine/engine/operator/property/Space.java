package dev.vitrine.engine.operator.property;

import java.util.EnumSet;
import java.util.Set;

/** Where in its operands an element of an operator's result comes from. */
public enum Space {
    /** The same place of every operand, broadcast. */
    POINTWISE,
    /** The same place of the first operand; axis 1 of it chooses among the others' numbers. */
    PER_CHANNEL,
    /** The same place of maps, and neighboring channels. */
    ACROSS_CHANNELS,
    /** A window of maps {@code [N,C,…]}, as the operator's {@link Kernel} and its strides, dilations and pads have it. */
    WINDOW,
    /** Every place of maps is spread over a window of the result: the adjoint of a window. */
    SPREAD,
    /** All places of maps {@code [N,C,…]}. */
    WHOLE_MAP,
    /** A row of the first operand and a column of the second. */
    PRODUCT,
    /** All along the axes that are reduced. */
    REDUCTION,
    /** All along one axis. */
    ALONG_AXIS,
    /** All along one axis and those behind it. */
    FROM_AXIS,
    /** Operands side by side along an axis. */
    JOIN,
    /** Some entries along an axis, in their order. */
    PART,
    /** Places from a start, by a step. */
    SLICE,
    /** The same places, moved by what is put before them. */
    PADDING,
    /** The same place, or a filling, as its indices along the last two axes have it. */
    MASK,
    /** Axes in another order. */
    TURN,
    /** The same elements in the same order, in rows {@code [before axis, rest]}. */
    FLATTEN,
    /** The same elements in the same order, without axes of size 1. */
    SQUEEZE,
    /** The same elements in the same order, with further axes of size 1. */
    UNSQUEEZE,
    /** The same elements in the same order, under other axes. */
    RESHAPE,
    /** Blocks of places become channels. */
    TO_CHANNELS,
    /** Channels become blocks of places. */
    FROM_CHANNELS,
    /** Places at another scale. */
    RESAMPLING,
    /** The first operand, broadcast to other sizes. */
    BROADCASTING,
    /** The first operand again and again. */
    REPEATING,
    /** Places along an axis that indices name. */
    PICKING_ALONG_AXIS,
    /** Element by element, at places along an axis that indices name. */
    PICKING_ELEMENTS,
    /** Places that indices name by several axes. */
    PICKING,
    /** Maps at places that another operand names. */
    SAMPLING,
    /** All steps of a sequence before its own. */
    SEQUENCE,
    /** No place: the result tells of sizes, or of nothing that was read. */
    NOWHERE,
    /** Any place, as far as is known. */
    ANYWHERE;

    private static final Set<Space> CHANNELS_FIRST =
            EnumSet.of(PER_CHANNEL, ACROSS_CHANNELS, WINDOW, SPREAD, WHOLE_MAP, TO_CHANNELS, FROM_CHANNELS);

    /** Whether the first operand is maps {@code [N,C,…]} by the operator's definition. */
    public boolean isChannelsFirst() {
        return CHANNELS_FIRST.contains(this);
    }

    /** Whether the result has the elements of the first operand in the same order, under other axes. */
    public boolean keepsOrder() {
        return this == FLATTEN || this == SQUEEZE || this == UNSQUEEZE || this == RESHAPE;
    }
}
