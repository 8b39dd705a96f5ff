package dev.vitrine.engine.graph;

/** One dimension of a type: a size, or a symbol for a size known only at run time ({@code size} is then -1). */
public record Dimension(long size, String symbol) {
    public static final Dimension UNKNOWN = new Dimension(-1, "?");

    public static Dimension of(long size) {
        return new Dimension(size, "");
    }

    public static Dimension named(String symbol) {
        return new Dimension(-1, symbol);
    }

    public boolean isFixed() {
        return size >= 0;
    }

    /** Whether both are known to be the same size. */
    public boolean matches(Dimension other) {
        return isFixed() ? size == other.size : !this.equals(UNKNOWN) && this.equals(other);
    }

    @Override
    public String toString() {
        return isFixed() ? Long.toString(size) : symbol;
    }
}
