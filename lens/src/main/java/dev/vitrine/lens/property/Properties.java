package dev.vitrine.lens.property;

import dev.vitrine.engine.VitrineException;
import java.util.List;
import java.util.stream.Collectors;

/** All properties that are measured of pictures. To add one: its measure, and a line here. */
public final class Properties {
    public static final List<Property> ALL = List.of(
            new Property("brightness", "mean luminance, 0 to 1", Property.Subject.ANY, Tones::brightness),
            new Property("contrast", "standard deviation of the luminance", Property.Subject.ANY, Tones::contrast),
            new Property(
                    "colorfulness",
                    "colorfulness by Hasler and Süsstrunk 2003, 0 is gray",
                    Property.Subject.ANY,
                    Tones::colorfulness),
            new Property("warmth", "mean red minus mean blue, -1 to 1", Property.Subject.ANY, Tones::warmth),
            new Property("edges", "mean slope of the luminance", Property.Subject.ANY, Edges::strength),
            new Property(
                    "vertical-edges",
                    "1 where all edges are vertical, -1 where all are horizontal",
                    Property.Subject.ANY,
                    Edges::verticality),
            new Property(
                    "rising-edges",
                    "1 where all edges rise to the right at 45°, -1 where all fall",
                    Property.Subject.ANY,
                    Edges::rise),
            new Property(
                    "thickness", "mean thickness of strokes in pixels", Property.Subject.STROKES, Strokes::thickness),
            new Property("slant", "degrees that strokes lean to the right", Property.Subject.STROKES, Strokes::slant),
            new Property(
                    "curved-top",
                    "how far the top falls towards its ends, as a share of the height",
                    Property.Subject.STROKES,
                    Strokes::curvedTop),
            new Property("holes", "number of areas that strokes enclose", Property.Subject.STROKES, Strokes::holes),
            new Property("width", "width over height of what is drawn", Property.Subject.STROKES, Strokes::width));

    private Properties() {}

    public static Property find(String id) {
        return ALL.stream()
                .filter(property -> property.id().equals(id))
                .findFirst()
                .orElseThrow(() -> VitrineException.usage("Found the property '" + id + "'; expected one of "
                        + ALL.stream().map(Property::id).collect(Collectors.joining(", ")) + "."));
    }
}
