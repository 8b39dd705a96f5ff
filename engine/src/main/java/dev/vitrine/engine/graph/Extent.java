package dev.vitrine.engine.graph;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * factor · batch + constant: a size that depends on the batch, as where windows or heads of all samples share an axis.
 * Its dimension's symbol is {@code 64*N} or {@code 64*N+1}.
 */
public record Extent(long factor, long constant) {
    private static final Pattern SYMBOL = Pattern.compile("(\\d+)\\*(.+?)(?:\\+(-?\\d+))?");

    public static Extent fixed(long size) {
        return new Extent(0, size);
    }

    public boolean isFixed() {
        return factor == 0;
    }

    /** A dimension in terms of the batch; empty if it is open in another way. */
    public static Optional<Extent> of(Dimension dimension, Dimension batch) {
        if (dimension.isFixed()) {
            return Optional.of(fixed(dimension.size()));
        }
        if (dimension.equals(batch)) {
            return Optional.of(new Extent(1, 0));
        }
        Matcher matcher = SYMBOL.matcher(dimension.symbol());
        if (!matcher.matches() || !matcher.group(2).equals(batch.symbol())) {
            return Optional.empty();
        }
        long constant = matcher.group(3) == null ? 0 : Long.parseLong(matcher.group(3));
        return Optional.of(new Extent(Long.parseLong(matcher.group(1)), constant));
    }

    public Dimension dimension(Dimension batch) {
        if (factor == 0) {
            return Dimension.of(constant);
        }
        if (factor == 1 && constant == 0) {
            return batch;
        }
        return Dimension.named(factor + "*" + batch.symbol() + (constant == 0 ? "" : "+" + constant));
    }

    public long at(long batch) {
        return factor * batch + constant;
    }
}
