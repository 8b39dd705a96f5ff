package dev.vitrine.study.unit.portrait;

import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.unit.filter.Contributions;
import dev.vitrine.study.unit.example.Example;
import java.util.List;
import java.util.Optional;

/**
 * What is known of a unit.
 *
 * @param portrait from a pass over pictures
 * @param strongest first the picture that it answers to most
 * @param weakest first the picture that it answers to least
 * @param drivers channels of the layer before, the largest amount first
 * @param made a picture made to excite it
 * @param notes why something is missing, a sentence each
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
     * @param score mean of the channel's map that it reaches
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
