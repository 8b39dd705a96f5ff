package dev.vitrine.study.page;

import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.model.preprocessing.Preprocessing;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** Facts about the model and the program for a page. */
public final class PageFacts {
    private PageFacts() {}

    /**
     * @param leftOut omitted methods with reasons
     * @param maker the program and its version
     */
    public static Map<String, String> of(Model model, Map<String, String> leftOut, String maker) {
        Preprocessing preprocessing = model.preprocessing();
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("model", model.name());
        facts.put("SHA-256 of the model", model.sha256().toString());
        facts.put(
                "input",
                preprocessing.width() + "×" + preprocessing.height() + " pixels, "
                        + preprocessing.channels().word() + ", fitted by " + word(preprocessing.fit())
                        + ", " + word(preprocessing.resampling()));
        facts.put("output", "'" + model.head().output() + "': " + model.head().words());
        if (!model.card().license().isEmpty()) {
            facts.put("license of the model", model.card().license());
        }
        model.card().notes().forEach(note -> facts.merge("of the model", note, (one, other) -> one + " " + other));
        model.head().notes().forEach(note -> facts.merge("of the output", note, (one, other) -> one + " " + other));
        leftOut.forEach((id, reason) -> facts.put("left out: " + id, reason));
        facts.put("made by", maker);
        return facts;
    }

    private static String word(Enum<?> choice) {
        return choice.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
