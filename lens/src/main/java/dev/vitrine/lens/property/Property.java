package dev.vitrine.lens.property;

import java.util.function.ToDoubleFunction;

/**
 * A number that is measured of a picture alone.
 *
 * @param id as people write it
 * @param meaning with unit, a phrase
 * @param subject of which pictures it can be told
 */
public record Property(String id, String meaning, Subject subject, ToDoubleFunction<Shades> measure) {
    /** Which pictures have the property. */
    public enum Subject {
        ANY,
        /** Drawn strokes on an even ground: digits, letters, signs. */
        STROKES
    }

    /** Its value; NaN where the picture has none. */
    public double of(Shades shades) {
        return subject == Subject.STROKES && !shades.hasStrokes() ? Double.NaN : measure.applyAsDouble(shades);
    }
}
