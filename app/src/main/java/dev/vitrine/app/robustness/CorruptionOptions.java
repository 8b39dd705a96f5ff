package dev.vitrine.app.robustness;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.lens.corruption.Corruption;
import dev.vitrine.lens.corruption.Corruptions;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import picocli.CommandLine.Option;

/** Which corruptions, in which severities. */
final class CorruptionOptions {
    private static final String ALL = "all";
    private static final List<Integer> EVERY = List.of(1, 2, 3, 4, 5);

    @Option(
            names = "--corruption",
            paramLabel = "ID",
            split = ",",
            description = "Corruptions, or a kind of them (noise, blur, weather, digital), or 'benchmark' for the 15 of"
                    + " ImageNet-C, or 'all' for these and the four extra ones: ${COMPLETION-CANDIDATES}.",
            completionCandidates = Ids.class)
    private List<String> words = new ArrayList<>();

    @Option(names = "--severity", paramLabel = "S", split = ",", description = "Severities, 1 to 5. Default: all.")
    private List<Integer> severities = new ArrayList<>();

    /**
     * In the order of {@link Corruptions#ALL}.
     *
     * @param usual what is meant where none is named
     */
    List<String> ids(String usual) {
        List<Corruption> chosen = (words.isEmpty() ? List.of(usual) : words)
                .stream().flatMap(CorruptionOptions::named).toList();
        return Corruptions.ALL.stream()
                .filter(chosen::contains)
                .map(Corruption::id)
                .toList();
    }

    private static Stream<Corruption> named(String word) {
        String wanted = word.strip().toLowerCase(Locale.ROOT);
        List<Corruption> several = Corruptions.ALL.stream()
                .filter(corruption -> wanted.equals(ALL)
                        || wanted.equals(corruption.suite().name().toLowerCase(Locale.ROOT))
                        || wanted.equals(corruption.kind().name().toLowerCase(Locale.ROOT)))
                .toList();
        return several.isEmpty() ? Stream.of(Corruptions.find(word)) : several.stream();
    }

    List<Integer> severities() {
        return (severities.isEmpty() ? EVERY : severities)
                .stream().sorted().distinct().toList();
    }

    /** The only corruption; a usage error if there are none or several. */
    Corruption only() {
        if (words.size() != 1) {
            throw VitrineException.usage("--corruption: found " + words.size() + "; an array takes one.");
        }
        return Corruptions.find(words.get(0));
    }

    /** The only severity, which may be 0; a usage error if there are none or several. */
    int onlySeverity() {
        if (severities.size() != 1) {
            throw VitrineException.usage("--severity: found " + severities.size() + "; an array takes one.");
        }
        return severities.get(0);
    }

    /** The names of all corruptions. */
    static final class Ids implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return Corruptions.ALL.stream().map(Corruption::id).iterator();
        }
    }
}
