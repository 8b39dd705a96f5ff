package dev.vitrine.engine.operator.property;

/** What an operator does to the numbers it reads. */
public enum Effect {
    /** The result is the first operand. */
    NONE,
    /** The result is the first operand in another type. */
    CASTS,
    /** The result is the first operand, rounded to the steps of a code. */
    CODES,
    /** The result is the dequantized first operand. */
    DECODES,
    /** Each number of the result is one of the input's. */
    MOVES,
    /** The same, but some numbers of the result are a fill value or another operand's. */
    FILLS,
    /** Each number of the result is one of the input's, selected by comparison. */
    CHOOSES,
    /** New numbers. */
    COMPUTES,
    /** New numbers computed on integers: packed codes with separate scales. */
    COMPUTES_CODES,
    /** The sizes of operands, independent of their values. */
    MEASURES,
    /** Numbers that do not depend on the input. */
    MAKES,
    /** The same, a single number everywhere. */
    MAKES_ONE_NUMBER,
    /** Random numbers. */
    DRAWS,
    /** Runs one of its subgraphs. */
    BRANCHES,
    /** Runs its subgraph repeatedly. */
    LOOPS,
    /** Unknown. */
    UNKNOWN;

    /** Whether the result is the first operand, up to type and rounding. */
    public boolean passesNumbers() {
        return this == NONE || this == CASTS || this == CODES || this == DECODES;
    }

    /** Whether each number of the result is one of the input's, at any position; some may be a fill value. */
    public boolean movesNumbers() {
        return this == NONE || this == MOVES || this == FILLS;
    }

    /** Whether it reads, writes or computes with quantized codes. */
    public boolean isQuantized() {
        return this == CODES || this == DECODES || this == COMPUTES_CODES;
    }
}
