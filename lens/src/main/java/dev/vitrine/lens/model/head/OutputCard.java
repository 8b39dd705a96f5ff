package dev.vitrine.lens.model.head;

import java.util.Optional;

/**
 * What a card specifies about a network's output; the rest is recognized.
 *
 * @param name of the output, or its index from 0
 * @param objectness whether a detector's first score is objectness
 * @param normalized whether boxes are in 0..1 rather than pixels
 * @param background the background class of a detector
 * @param region the positions of a map that count
 */
public record OutputCard(
        Optional<String> name,
        Optional<HeadKind> kind,
        Optional<Activation> activation,
        Optional<BoxFormat> boxes,
        Optional<Boolean> objectness,
        Optional<Boolean> normalized,
        Optional<Integer> background,
        Region region) {
    /** Nothing specified. */
    public static final OutputCard NONE = new OutputCard(
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            new Region.Usual());

    public OutputCard withName(String newName) {
        return new OutputCard(
                Optional.of(newName), kind, activation, boxes, objectness, normalized, background, region);
    }

    public OutputCard withKind(HeadKind newKind) {
        return new OutputCard(
                name, Optional.of(newKind), activation, boxes, objectness, normalized, background, region);
    }

    public OutputCard withActivation(Activation newActivation) {
        return new OutputCard(
                name, kind, Optional.of(newActivation), boxes, objectness, normalized, background, region);
    }

    public OutputCard withRegion(Region newRegion) {
        return new OutputCard(name, kind, activation, boxes, objectness, normalized, background, newRegion);
    }
}
