package dev.vitrine.lens.attack;

/** Meanings of settings that several attacks have. */
final class Words {
    static final String EPSILON = "largest change of a value, of 0 to 1";
    static final String STEP_SIZE = "length of a step";
    static final String STEPS = "number of steps";
    static final String START = "where steps begin: at the picture, or at a random place within epsilon of it";
    static final String RESTARTS = "attempts at pictures that still resist, each from another start";
    static final String ENDING =
            "when a picture is done: after the last step, or at the first success, which takes fewer queries";
    static final String SEED = "seed of all that is drawn at random";
    static final String DECAY = "share of the accumulated gradient that goes into the next step";

    /** The customary bound for pictures of 8 bits. */
    static final double USUAL_EPSILON = 8.0 / 255;

    static final double USUAL_STEP = 2.0 / 255;
    static final int USUAL_STEPS = 10;

    private Words() {}
}
