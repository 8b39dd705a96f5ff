package dev.vitrine.study.unit.filter;

import java.util.List;
import java.util.OptionalDouble;

/**
 * How noisy the filters of a layer are.
 *
 * @param channels how many the layer has
 * @param filters of some of them, evenly spaced
 */
public record Filters(String layer, int channels, List<Filter> filters) {
    public Filters {
        filters = List.copyOf(filters);
    }

    /** @param roughness Geary's C, near 0 smooth, near 1 by chance; empty where it has no places to compare */
    public record Filter(int channel, OptionalDouble roughness) {}
}
