package dev.vitrine.lens.attribution;

import dev.vitrine.engine.VitrineException;

/** The cause of a {@link VitrineException} that tells of numbers that are none, so that callers can go on without them. */
public final class NotFinite extends RuntimeException {
    private NotFinite(String what) {
        super(what, null, false, false);
    }

    /** A failure with a message for people. */
    static VitrineException failure(String message) {
        return VitrineException.failure(message, new NotFinite(message));
    }

    /** Whether it is NaN or an infinity, made by one picture, that ended the work. */
    public static boolean ended(VitrineException problem) {
        return problem.getCause() instanceof NotFinite;
    }
}
