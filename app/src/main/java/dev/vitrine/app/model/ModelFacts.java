package dev.vitrine.app.model;

import dev.vitrine.app.terminal.Choices;
import dev.vitrine.app.terminal.Version;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.model.preprocessing.Preprocessing;
import java.util.LinkedHashMap;
import java.util.Map;

/** What a page says of the model and the program behind it. */
public final class ModelFacts {
    private ModelFacts() {}

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
        if (!model.card().licence().isEmpty()) {
            facts.put("licence of the model", model.card().licence());
        }
        model.card().notes().forEach(note -> facts.merge("guessed", note, (one, other) -> one + " " + other));
        leftOut.forEach((id, reason) -> facts.put("left out: " + id, reason));
        facts.put("made by", Version.maker());
        return facts;
    }
}
