package dev.vitrine.engine.operator.property;

/** Which of an operator's inputs are data of the result's type, rather than sizes, axes, indices or parameters. */
public enum Operands {
    ALL,
    FIRST,
    FIRST_AND_SECOND,
    FIRST_AND_THIRD,
    SECOND_AND_THIRD,
    NO_INPUT;

    public boolean contains(int input) {
        return switch (this) {
            case ALL -> true;
            case FIRST -> input == 0;
            case FIRST_AND_SECOND -> input == 0 || input == 1;
            case FIRST_AND_THIRD -> input == 0 || input == 2;
            case SECOND_AND_THIRD -> input == 1 || input == 2;
            case NO_INPUT -> false;
        };
    }
}
