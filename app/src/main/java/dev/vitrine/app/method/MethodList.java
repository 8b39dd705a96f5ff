package dev.vitrine.app.method;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.lens.method.Attributions;
import java.util.List;

/** Which methods a person asks for. */
public final class MethodList {
    private MethodList() {}

    /**
     * @param words of the option: ids with commas between them, or all
     * @param usual what is taken where nothing is named
     */
    public static List<Attributions.Entry> of(List<String> words, List<String> usual) {
        if (isLenient(words)) {
            return words.isEmpty() ? usual.stream().map(Attributions::find).toList() : Attributions.ALL;
        }
        List<Attributions.Entry> named = words.stream()
                .flatMap(list -> List.of(list.split(",")).stream())
                .filter(id -> !id.isBlank())
                .map(Attributions::find)
                .distinct()
                .toList();
        if (named.isEmpty()) {
            throw VitrineException.usage(
                    "--method: found no name; expected methods with commas between them, or all. See: vitrine methods");
        }
        return named;
    }

    /** Whether methods that the model does not allow are left out, since nobody asked for just them. */
    public static boolean isLenient(List<String> words) {
        return words.isEmpty() || words.stream().anyMatch(word -> word.strip().equalsIgnoreCase("all"));
    }
}
