package dev.vitrine.lens.model.card;

import dev.vitrine.lens.model.label.Labels;
import dev.vitrine.lens.model.preprocessing.Preprocessing;
import java.util.List;
import java.util.stream.Stream;

/**
 * What an ONNX file does not say about its network.
 *
 * @param licence of the network, empty where it is not told
 * @param description one line for a person, empty where there is none
 * @param notes what was guessed and how to say it better, one sentence each; none where the card told everything
 */
public record ModelCard(
        String name,
        Preprocessing preprocessing,
        Labels labels,
        Activation activation,
        String licence,
        String description,
        List<String> notes) {
    public ModelCard {
        notes = List.copyOf(notes);
    }

    /** The same card with one more note. */
    public ModelCard noted(String note) {
        List<String> more = Stream.concat(notes.stream(), Stream.of(note)).toList();
        return new ModelCard(name, preprocessing, labels, activation, licence, description, more);
    }
}
