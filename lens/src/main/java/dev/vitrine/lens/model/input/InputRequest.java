package dev.vitrine.lens.model.input;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a person says of a model's inputs.
 *
 * @param kind what the program can use
 * @param card that is to be taken in place of the model's own
 * @param name of the input that is looked at; chosen by its type where left out
 * @param feeds what the other inputs are given, by their names
 * @param shape of the tensor that is to be looked at, or of one sample of it, where it is known; empty otherwise
 * @param given keys of the card's section {@code input}, and {@code labels}, for which a person gave a value: nothing is
 *     guessed for them
 */
public record InputRequest(
        Kind kind,
        Optional<Path> card,
        Optional<String> name,
        Map<String, Feed> feeds,
        List<Long> shape,
        Set<String> given) {
    /** What may be looked at. */
    public enum Kind {
        PICTURE,
        /** Pictures, and inputs with other axes, for programs that make tensors. */
        TENSOR
    }

    public static final InputRequest PICTURE =
            new InputRequest(Kind.PICTURE, Optional.empty(), Optional.empty(), Map.of(), List.of(), Set.of());

    public InputRequest {
        feeds = Map.copyOf(feeds);
        shape = List.copyOf(shape);
        given = Set.copyOf(given);
    }

    /** With what the card says of the inputs where this says nothing. */
    public InputRequest over(CardInputs inputs) {
        Map<String, Feed> all = new LinkedHashMap<>(inputs.feeds());
        all.putAll(feeds);
        return new InputRequest(kind, card, name.or(inputs::name), all, shape, given);
    }

    /** For programs that make tensors. */
    public InputRequest forTensor(List<Long> tensorShape) {
        return new InputRequest(Kind.TENSOR, card, name, feeds, tensorShape, given);
    }
}
