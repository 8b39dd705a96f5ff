package dev.vitrine.app.model;

import dev.vitrine.app.terminal.Version;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.model.head.Head;
import dev.vitrine.lens.model.head.HeadKind;
import dev.vitrine.lens.model.head.Link;
import dev.vitrine.study.page.PageFacts;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Facts about the model and the program, for pages and notes. */
public final class ModelFacts {
    private ModelFacts() {}

    public static Map<String, String> of(Model model) {
        return of(model, Map.of());
    }

    /** See {@link PageFacts#of}. */
    public static Map<String, String> of(Model model, Map<String, String> leftOut) {
        return PageFacts.of(model, leftOut, Version.maker());
    }

    /** A note on the kind of output; empty for a softmax over classes. */
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
