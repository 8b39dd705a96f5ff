package dev.vitrine.study.unit.portrait;

import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.unit.filter.Contributions;
import dev.vitrine.study.unit.example.Example;
import java.util.List;
import java.util.Optional;

/**
 * Findings about a unit.
 *
 * @param portrait from a pass over pictures
 * @param strongest strongest examples first
 * @param weakest weakest examples first
 * @param drivers channels of the previous layer, largest contribution first
 * @param made a picture optimized to activate it
 * @param notes reasons why something is missing, a sentence each
 */
public record UnitFindings(
        Optional<Portrait> portrait,
        List<Example> strongest,
        List<Example> weakest,
        List<Contributions.Input> drivers,
        Optional<Made> made,
        List<String> notes) {
    public UnitFindings {
        strongest = List.copyOf(strongest);
        weakest = List.copyOf(weakest);
        drivers = List.copyOf(drivers);
        notes = List.copyOf(notes);
    }

    /**
     * @param picture {@code f32[1,C,H,W], 0..1}
     * @param score mean of the channel's map for that picture
     */
    public record Made(Tensor picture, double score, int steps, long seed) {}

    static UnitFindings of(List<Example> strongest, List<Example> weakest) {
        return new UnitFindings(Optional.empty(), strongest, weakest, List.of(), Optional.empty(), List.of());
    }

    static UnitFindings of(Portrait portrait) {
        return new UnitFindings(
                Optional.of(portrait),
                portrait.strongest(),
                portrait.weakest(),
                List.of(),
                Optional.empty(),
                List.of());
    }

    UnitFindings with(List<Contributions.Input> found) {
        return new UnitFindings(portrait, strongest, weakest, found, made, notes);
    }

    UnitFindings with(Made picture) {
        return new UnitFindings(portrait, strongest, weakest, drivers, Optional.of(picture), notes);
    }

    UnitFindings noted(String note) {
        return new UnitFindings(portrait, strongest, weakest, drivers, made, List.of(note));
    }
}
