package dev.vitrine.study.unit.filter;

import java.util.List;
import java.util.OptionalDouble;

/**
 * How noisy the filters of a layer are.
 *
 * @param channels number of the layer's channels
 * @param filters a selection of them, evenly spaced
 */
public record Filters(String layer, int channels, List<Filter> filters) {
    public Filters {
        filters = List.copyOf(filters);
    }

    /** @param roughness Geary's C, near 0 smooth, near 1 random; empty if it has no spatial extent */
    public record Filter(int channel, OptionalDouble roughness) {}
}
