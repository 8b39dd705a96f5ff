package dev.vitrine.app.model;

import dev.vitrine.app.terminal.Terminal;
import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.model.anatomy.Anatomy;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Reports the layer that a short name or a part of a name stands for. */
public final class ShortNames {
    private static final Pattern BEHIND_LAYER = Pattern.compile(":\\d{1,9}(,\\d{1,9},\\d{1,9})?$");

    private ShortNames() {}

    /**
     * @param texts comma-separated layers
     */
    public static void ofLayers(List<String> texts, Model model, Terminal terminal) {
        note(texts.stream().flatMap(text -> Stream.of(text.split(","))), model, terminal);
    }

    /**
     * @param texts such as {@code conv4:17} or {@code conv4:17,3,3}
     */
    public static void ofUnits(List<String> texts, Model model, Terminal terminal) {
        note(texts.stream().map(text -> BEHIND_LAYER.matcher(text.strip()).replaceFirst("")), model, terminal);
    }

    private static void note(Stream<String> names, Model model, Terminal terminal) {
        Anatomy layers = model.anatomy();
        names.map(String::strip).filter(name -> !name.isEmpty()).distinct().forEach(name -> {
            try {
                Value layer = layers.find(name);
                if (!layer.name().equals(name)) {
                    terminal.err().println("note: layer '" + name + "' is '" + layer + "'.");
                }
            } catch (VitrineException noLayer) {
                // Keywords such as all; errors are reported where the name is used.
            }
        });
    }
}
