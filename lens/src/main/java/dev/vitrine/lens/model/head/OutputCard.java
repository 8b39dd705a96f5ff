package dev.vitrine.lens.model.head;

import java.util.Optional;

/**
 * What a card says of a network's output; what is left empty is recognized.
 *
 * @param name of the output, or its number from 0
 * @param objectness whether a detector's first score is whether there is anything in the box at all
 * @param normalized whether boxes are in 0..1 in place of pixels
 * @param background the class of a detector that stands for nothing at all
 * @param region which places of a map count
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
    /** Where nothing is said. */
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
