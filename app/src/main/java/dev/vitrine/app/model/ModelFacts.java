package dev.vitrine.app.model;

import dev.vitrine.app.terminal.Choices;
import dev.vitrine.app.terminal.Version;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.model.head.Head;
import dev.vitrine.lens.model.head.HeadKind;
import dev.vitrine.lens.model.head.Link;
import dev.vitrine.lens.model.preprocessing.Preprocessing;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Facts about the model and the program, for pages and notes. */
public final class ModelFacts {
    private ModelFacts() {}

    public static Map<String, String> of(Model model) {
        return of(model, Map.of());
    }

    /**
     * @param leftOut methods with the reason why they are not there
     */
    public static Map<String, String> of(Model model, Map<String, String> leftOut) {
        Preprocessing preprocessing = model.preprocessing();
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("model", model.name());
        facts.put("SHA-256 of the model", model.sha256().toString());
        facts.put(
                "input",
                preprocessing.width() + "×" + preprocessing.height() + " pixels, "
                        + preprocessing.channels().word() + ", fitted by " + Choices.word(preprocessing.fit())
                        + ", " + Choices.word(preprocessing.resampling()));
        facts.put("output", "'" + model.head().output() + "': " + model.head().words());
        if (!model.card().licence().isEmpty()) {
            facts.put("licence of the model", model.card().licence());
        }
        model.card().notes().forEach(note -> facts.merge("of the model", note, (one, other) -> one + " " + other));
        model.head().notes().forEach(note -> facts.merge("of the output", note, (one, other) -> one + " " + other));
        leftOut.forEach((id, reason) -> facts.put("left out: " + id, reason));
        facts.put("made by", Version.maker());
        return facts;
    }

    /** What a person should know of the output before anything is explained; nothing of a softmax over classes. */
    static Optional<String> headNote(Model model) {
        Head head = model.head();
        boolean usual = head.kind() == HeadKind.CLASSES && head.link() == Link.SOFTMAX;
        List<String> sentences = new ArrayList<>();
        if (!usual) {
            sentences.add("Output '" + head.output() + "' is " + head.words() + ".");
        }
        sentences.addAll(head.notes());
        return sentences.isEmpty() ? Optional.empty() : Optional.of(String.join(" ", sentences));
    }
}
