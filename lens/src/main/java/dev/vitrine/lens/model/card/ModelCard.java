package dev.vitrine.lens.model.card;

import dev.vitrine.lens.model.head.OutputCard;
import dev.vitrine.lens.model.label.Labels;
import dev.vitrine.lens.model.preprocessing.Preprocessing;
import java.util.List;
import java.util.stream.Stream;

/**
 * What an ONNX file does not say about its network.
 *
 * @param license of the network, empty if unknown
 * @param description one line for display, empty if there is none
 * @param notes what was guessed and how to change it, one line each; empty if the card is complete
 */
public record ModelCard(
        String name,
        Preprocessing preprocessing,
        Labels labels,
        OutputCard output,
        String license,
        String description,
        List<String> notes) {
    public ModelCard {
        notes = List.copyOf(notes);
    }

    public ModelCard withPreprocessing(Preprocessing newPreprocessing) {
        return new ModelCard(name, newPreprocessing, labels, output, license, description, notes);
    }

    public ModelCard withLabels(Labels newLabels) {
        return new ModelCard(name, preprocessing, newLabels, output, license, description, notes);
    }

    public ModelCard withOutput(OutputCard newOutput) {
        return new ModelCard(name, preprocessing, labels, newOutput, license, description, notes);
    }

    public ModelCard withNotes(List<String> newNotes) {
        return new ModelCard(name, preprocessing, labels, output, license, description, newNotes);
    }

    /** The same card with one more note. */
    public ModelCard noted(String note) {
        List<String> more = Stream.concat(notes.stream(), Stream.of(note)).toList();
        return withNotes(more);
    }

    /** The same card with more notes. */
    public ModelCard noted(List<String> more) {
        return withNotes(Stream.concat(notes.stream(), more.stream()).toList());
    }
}
