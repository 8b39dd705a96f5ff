package dev.vitrine.app.method;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.lens.method.Attributions;
import dev.vitrine.lens.method.MethodChoice;
import dev.vitrine.lens.method.MethodChoice.Impossible;
import dev.vitrine.lens.setting.SettingValues;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** The requested methods. */
public final class MethodsOption {
    /** Regions, contributions and fine structure. */
    public static final List<String> USUAL =
            List.of("grad-cam", "integrated-gradients", "smooth-grad", "guided-backprop", "lrp-epsilon-plus");

    @Option(
            names = "--method",
            paramLabel = "LIST|all",
            description =
                    "Comma-separated methods, or all; see 'vitrine methods'. Default: a small selection of" + " them.")
    private List<String> words = new ArrayList<>();

    private final List<String> usual;

    /**
     * @param usual default methods
     */
    public MethodsOption(List<String> usual) {
        this.usual = usual;
    }

    /** A usage error if a named method does not exist. */
    public List<Attributions.Entry> entries() {
        if (impossible() == Impossible.IS_LEFT_OUT) {
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
                    "--method: found no name; expected comma-separated methods, or all. See: vitrine methods");
        }
        return named;
    }

    /**
     * The methods with these settings; methods that the model does not support are skipped unless named individually.
     */
    public MethodChoice with(SettingValues values) {
        return new MethodChoice(entries(), values, impossible());
    }

    private Impossible impossible() {
        boolean any =
                words.isEmpty() || words.stream().anyMatch(word -> word.strip().equalsIgnoreCase("all"));
        return any ? Impossible.IS_LEFT_OUT : Impossible.FAILS;
    }
}
