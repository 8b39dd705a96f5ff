package dev.vitrine.lens.attribution;

import dev.vitrine.engine.VitrineException;

/** The cause of a {@link VitrineException} about NaN or infinite numbers, so that callers can skip them. */
public final class NotFinite extends RuntimeException {
    private NotFinite(String what) {
        super(what, null, false, false);
    }

    /** A failure with a message for the user. */
    static VitrineException failure(String message) {
        return VitrineException.failure(message, new NotFinite(message));
    }

    /** Whether the failure is due to NaN or infinity on one picture. */
    public static boolean ended(VitrineException problem) {
        return problem.getCause() instanceof NotFinite;
    }
}
