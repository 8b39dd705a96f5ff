package dev.vitrine.app.method;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.lens.method.Attributions;
import dev.vitrine.lens.method.MethodChoice;
import dev.vitrine.lens.method.MethodChoice.Impossible;
import dev.vitrine.lens.setting.SettingValues;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** Which methods a person asks for. */
public final class MethodsOption {
    /** Regions, contributions and fine structure. */
    public static final List<String> USUAL =
            List.of("grad-cam", "integrated-gradients", "smooth-grad", "guided-backprop", "lrp-epsilon-plus");

    @Option(
            names = "--method",
            paramLabel = "LIST|all",
            description = "Methods with commas between them, or all; see 'vitrine methods'. Default: a small choice of"
                    + " them.")
    private List<String> words = new ArrayList<>();

    private final List<String> usual;

    /**
     * @param usual what is taken where nothing is named
     */
    public MethodsOption(List<String> usual) {
        this.usual = usual;
    }

    /** A usage error where one is named that there is not. */
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
                    "--method: found no name; expected methods with commas between them, or all. See: vitrine methods");
        }
        return named;
    }

    /** The methods with these settings; those that a model does not allow are left out where nobody asked for just them. */
    public MethodChoice with(SettingValues values) {
        return new MethodChoice(entries(), values, impossible());
    }

    private Impossible impossible() {
        boolean any =
                words.isEmpty() || words.stream().anyMatch(word -> word.strip().equalsIgnoreCase("all"));
        return any ? Impossible.IS_LEFT_OUT : Impossible.FAILS;
    }
}
