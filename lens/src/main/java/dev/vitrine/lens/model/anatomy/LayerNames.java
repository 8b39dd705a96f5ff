package dev.vitrine.lens.model.anatomy;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.graph.Node;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.lens.model.label.NearMisses;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiPredicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Looks up layers by user input; the first match of: the value's name, the name of the node that computes it, its
 * alias, consecutive whole words of either name, any part of either.
 */
final class LayerNames {
    private static final Pattern BETWEEN = Pattern.compile("[^\\p{L}\\p{N}]+");
    private static final int MOST_LISTED = 8;

    private static final List<BiPredicate<String, String>> PARTS =
            List.of(String::equalsIgnoreCase, LayerNames::hasWords, LayerNames::hasPart);

    private final String model;
    private final List<Value> layers;
    private final Map<Value, Node> producers;
    private final LayerAliases aliases;

    LayerNames(Body model, List<Value> layers, LayerAliases aliases) {
        this.model = model.name();
        this.layers = layers;
        this.producers = model.graph().producers();
        this.aliases = aliases;
    }

    Value find(String text) {
        String name = text.strip();
        if (name.isEmpty()) {
            throw VitrineException.usage(
                    "Layer '': found no name; expected one. See them all with: vitrine layers MODEL");
        }
        return layers.stream()
                .filter(layer -> layer.name().equals(name))
                .findFirst()
                .or(() -> layers.stream()
                        .filter(layer -> producers.get(layer).name().equals(name))
                        .findFirst())
                .or(() -> aliases.layer(name).filter(layers::contains))
                .or(() -> byPart(name))
                .orElseThrow(() -> unknown(name));
    }

    private Optional<Value> byPart(String name) {
        for (BiPredicate<String, String> rung : PARTS) {
            List<Value> fitting = layers.stream()
                    .filter(layer -> names(layer).anyMatch(whole -> rung.test(whole, name)))
                    .toList();
            if (fitting.size() == 1) {
                return Optional.of(fitting.get(0));
            }
            if (!fitting.isEmpty()) {
                throw ambiguous(name, fitting);
            }
        }
        return Optional.empty();
    }

    private Stream<String> names(Value layer) {
        return Stream.of(layer.name(), producers.get(layer).name());
    }

    private static boolean hasWords(String whole, String part) {
        List<String> words = words(part);
        return !words.isEmpty() && Collections.indexOfSubList(words(whole), words) >= 0;
    }

    private static List<String> words(String name) {
        return BETWEEN.splitAsStream(name.toLowerCase(Locale.ROOT))
                .filter(word -> !word.isEmpty())
                .toList();
    }

    private static boolean hasPart(String whole, String part) {
        return whole.toLowerCase(Locale.ROOT).contains(part.toLowerCase(Locale.ROOT));
    }

    private VitrineException ambiguous(String name, List<Value> fitting) {
        String listed = fitting.stream()
                .limit(MOST_LISTED)
                .map(layer -> layer.name()
                        + aliases.of(layer).map(alias -> " (" + alias + ")").orElse(""))
                .collect(Collectors.joining(", "));
        return VitrineException.usage(
                "Layer '" + name + "' matches " + fitting.size() + " layers of model '" + model + "': "
                        + listed + (fitting.size() > MOST_LISTED ? ", …" : "")
                        + ". Give more of the name, or the short name. See them all with: vitrine layers MODEL");
    }

    private VitrineException unknown(String name) {
        List<String> aliased =
                layers.stream().flatMap(layer -> aliases.of(layer).stream()).toList();
        List<String> close = Stream.concat(
                        NearMisses.ofPaths(
                                name, layers.stream().map(Value::name).toList(), MOST_LISTED + 1)
                                .stream(),
                        NearMisses.of(name, aliased, MOST_LISTED + 1).stream())
                .distinct()
                .toList();
        return VitrineException.usage("No layer '" + name + "' in model '" + model + "'. "
                + (close.isEmpty()
                        ? ""
                        : "Did you mean: "
                                + String.join(", ", close.subList(0, Math.min(MOST_LISTED, close.size())))
                                + (close.size() > MOST_LISTED ? ", …" : "") + "? ")
                + "See them all with: vitrine layers MODEL");
    }
}
