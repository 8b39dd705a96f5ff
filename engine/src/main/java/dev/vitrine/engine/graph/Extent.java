package dev.vitrine.engine.graph;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * factor · batch + constant: a size that depends on the batch, as when windows or heads of all samples share an axis.
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

    /** A dimension in terms of the batch; empty if it is open otherwise. */
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

    /** The sum of some dimensions, if all are linear in one size. */
    static Dimension sum(List<Dimension> parts) {
        return linear(
                parts,
                new Extent(0, 0),
                (sum, part) -> Optional.of(new Extent(sum.factor() + part.factor(), sum.constant() + part.constant())));
    }

    /** The product of some dimensions, if at most one is open. */
    static Dimension product(List<Dimension> parts) {
        return linear(parts, fixed(1), (left, right) -> {
            Extent open = left.isFixed() ? right : left;
            long times = left.isFixed() ? left.constant() : right.constant();
            return left.isFixed() || right.isFixed()
                    ? Optional.of(new Extent(open.factor() * times, open.constant() * times))
                    : Optional.empty();
        });
    }

    /** The product of some dimensions divided by that of others, if linear too. */
    static Dimension quotient(List<Dimension> whole, List<Dimension> parts) {
        List<Dimension> above = new ArrayList<>(whole);
        List<Dimension> below = new ArrayList<>(parts);
        below.removeIf(part -> !part.equals(Dimension.UNKNOWN) && above.remove(part));
        Dimension divisor = product(below);
        Dimension product = product(above);
        long by = divisor.size();
        if (by <= 0 || product.equals(Dimension.UNKNOWN)) {
            return Dimension.UNKNOWN;
        }
        Dimension base = base(product);
        Extent extent = of(product, base).orElseThrow();
        return extent.factor() % by == 0 && extent.constant() % by == 0
                ? new Extent(extent.factor() / by, extent.constant() / by).dimension(base)
                : Dimension.UNKNOWN;
    }

    private static Dimension linear(
            List<Dimension> parts, Extent start, BiFunction<Extent, Extent, Optional<Extent>> join) {
        Dimension base = parts.stream()
                .filter(part -> !part.isFixed())
                .findFirst()
                .map(Extent::base)
                .orElse(Dimension.UNKNOWN);
        Optional<Extent> result = Optional.of(start);
        for (Dimension part : parts) {
            Optional<Extent> next = part.equals(Dimension.UNKNOWN) ? Optional.empty() : of(part, base);
            result = result.flatMap(left -> next.flatMap(right -> join.apply(left, right)));
        }
        return result.map(extent -> extent.dimension(base)).orElse(Dimension.UNKNOWN);
    }

    /** The size that an open dimension is linear in. */
    private static Dimension base(Dimension open) {
        Matcher matcher = SYMBOL.matcher(open.symbol());
        return matcher.matches() ? Dimension.named(matcher.group(2)) : open;
    }
}
