package dev.vitrine.engine.operator.property;

/** What becomes of the numbers that an operator reads. */
public enum Effect {
    /** The result is the first operand. */
    NONE,
    /** The result is the first operand in another type. */
    CASTS,
    /** The result is the first operand, rounded to the steps of a code. */
    CODES,
    /** The result is what the codes in the first operand stand for. */
    DECODES,
    /** Each number of the result is one of those read. */
    MOVES,
    /** The same, some numbers of the result being a filling or another operand's. */
    FILLS,
    /** Each number of the result is one of those read, chosen by comparing them. */
    CHOOSES,
    /** New numbers. */
    COMPUTES,
    /** New numbers on whole numbers: packed codes with their scales beside them. */
    COMPUTES_CODES,
    /** What sizes operands have, whatever they hold. */
    MEASURES,
    /** Numbers that it does not read. */
    MAKES,
    /** The same, one number everywhere. */
    MAKES_ONE_NUMBER,
    /** Other numbers each time. */
    DRAWS,
    /** Runs one of its own graphs. */
    BRANCHES,
    /** Runs a graph of its own again and again. */
    LOOPS,
    /** Not known. */
    UNKNOWN;

    /** Whether the result is the first operand, but for its type and rounding. */
    public boolean passesNumbers() {
        return this == NONE || this == CASTS || this == CODES || this == DECODES;
    }

    /** Whether each number of the result is one of those read, wherever it lies; some may be a filling. */
    public boolean movesNumbers() {
        return this == NONE || this == MOVES || this == FILLS;
    }

    /** Whether it reads, writes or computes with codes. */
    public boolean isQuantized() {
        return this == CODES || this == DECODES || this == COMPUTES_CODES;
    }
}
