package dev.vitrine.engine;

/**
 * A problem that the user can act on: the message says where it is, what was found, what was expected and what to do.
 *
 * <p>Any other exception that leaves the program is a bug.
 */
public final class VitrineException extends RuntimeException {
    /** The kind of problem, which determines the exit status. */
    public enum Kind {
        /** The request itself is wrong: an unknown name, a number out of range. */
        USAGE,
        /** The request is valid, but cannot be fulfilled: a broken file, a full disk. */
        FAILURE
    }

    private static final int MOST_LETTERS = 6000;

    private final Kind kind;

    private VitrineException(Kind kind, String message, Throwable cause) {
        super(bounded(message), cause);
        this.kind = kind;
    }

    /** A message with its middle elided if very long: names within files may have any length. */
    private static String bounded(String message) {
        return message.length() <= MOST_LETTERS
                ? message
                : message.substring(0, MOST_LETTERS / 2) + " […] "
                        + message.substring(message.length() - MOST_LETTERS / 2);
    }

    public static VitrineException usage(String message) {
        return new VitrineException(Kind.USAGE, message, null);
    }

    public static VitrineException failure(String message) {
        return new VitrineException(Kind.FAILURE, message, null);
    }

    public static VitrineException failure(String message, Throwable cause) {
        return new VitrineException(Kind.FAILURE, message, cause);
    }

    public Kind kind() {
        return kind;
    }
}
