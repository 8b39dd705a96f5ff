package dev.vitrine.lens.model.input;

import java.util.Map;
import java.util.Optional;

/**
 * What a card says of a model's inputs before anything is known of them.
 *
 * @param name of the picture's input, key {@code input.name}
 * @param feeds what the other inputs are given, key {@code feeds}
 */
public record CardInputs(Optional<String> name, Map<String, Feed> feeds) {
    public static final CardInputs NONE = new CardInputs(Optional.empty(), Map.of());

    public CardInputs {
        feeds = Map.copyOf(feeds);
    }
}
