package dev.vitrine.lens.attack;

/** Meanings of settings that several attacks have. */
public final class Words {
    public static final String EPSILON = "largest change of a value, of 0 to 1";
    public static final String STEP_SIZE = "length of a step";
    public static final String STEPS = "number of steps";
    public static final String START = "where steps begin: at the picture, or at a random place within epsilon of it";
    public static final String RESTARTS = "attempts at pictures that still resist, each from another start";
    public static final String ENDING =
            "when a picture is done: after the last step, or at the first success, which takes fewer queries";
    public static final String SEED = "seed of all that is drawn at random";
    public static final String DECAY = "share of the accumulated gradient that goes into the next step";

    /** The customary bound for pictures of 8 bits. */
    public static final double USUAL_EPSILON = 8.0 / 255;

    public static final double USUAL_STEP = 2.0 / 255;
    public static final int USUAL_STEPS = 10;

    private Words() {}
}
