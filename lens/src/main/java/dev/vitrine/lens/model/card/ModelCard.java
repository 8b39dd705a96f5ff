package dev.vitrine.lens.model.card;

import dev.vitrine.lens.model.label.Labels;
import dev.vitrine.lens.model.preprocessing.Preprocessing;
import java.util.ArrayList;
import java.util.List;

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

    /** With further notes. */
    public ModelCard withNotes(List<String> more) {
        List<String> all = new ArrayList<>(notes);
        all.addAll(more);
        return new ModelCard(name, preprocessing, labels, activation, licence, description, all);
    }

    /** With other preprocessing. */
    public ModelCard with(Preprocessing other) {
        return new ModelCard(name, other, labels, activation, licence, description, notes);
    }
}
