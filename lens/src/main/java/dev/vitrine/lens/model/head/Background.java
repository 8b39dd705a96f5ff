package dev.vitrine.lens.model.head;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.lens.model.label.Labels;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.Set;

/**
 * The background class of a detector. If softmax runs over the classes of a box, there must be one, since most boxes
 * are empty: of two classes it is the first, as in SSD (Liu et al. 2016, arXiv:1512.02325). Of more, it is identified
 * by name or by the card, since SSD puts it first and DETR last.
 */
final class Background {
    private static final Set<String> NAMES =
            Set.of("background", "__background__", "bg", "no object", "no-object", "no_object", "nothing");

    private Background() {}

    /**
     * @param exclusive whether softmax runs over the classes
     */
    static OptionalInt of(OutputCard card, Labels labels, int size, boolean exclusive, String model) {
        if (card.background().isPresent()) {
            int said = card.background().get();
            if (said >= size) {
                throw VitrineException.failure("Model '" + model + "': found background " + said + " in its card, with "
                        + size + (size == 1 ? " class" : " classes") + "; expected a class from 0 to " + (size - 1)
                        + ".");
            }
            return size > 1 ? OptionalInt.of(said) : OptionalInt.empty();
        }
        if (size < 2) {
            return OptionalInt.empty();
        }
        for (int index = 0; index < labels.size(); index++) {
            if (NAMES.contains(labels.name(index).strip().toLowerCase(Locale.ROOT))) {
                return OptionalInt.of(index);
            }
        }
        return exclusive && size == 2 ? OptionalInt.of(0) : OptionalInt.empty();
    }

    static String words(int index, Labels labels, int size) {
        String name = labels.size() == size ? "'" + labels.name(index) + "'" : "class " + index;
        return "Of the detector's classes " + name + " is the background: it is not a prediction, and explained only if"
                + " --target names it. Set another with 'background: NUMBER' in the card.";
    }
}
