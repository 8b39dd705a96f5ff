package dev.vitrine.engine.file;

/** Names of layers, networks and the like as parts of portable file names. */
public final class FileName {
    private static final int LONGEST = 100;

    private FileName() {}

    /** Latin letters, digits, dots, dashes and underscores; names that are too long end in a hash. */
    public static String of(String name) {
        String plain = name.replaceAll("[^A-Za-z0-9._-]+", "_").replaceAll("^[_.]+", "");
        return plain.length() <= LONGEST
                ? plain
                : plain.substring(0, LONGEST) + "-" + Integer.toHexString(name.hashCode());
    }
}
