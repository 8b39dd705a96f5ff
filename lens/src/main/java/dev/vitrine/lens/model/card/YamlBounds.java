package dev.vitrine.lens.model.card;

import dev.vitrine.engine.VitrineException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.common.Anchor;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionEndEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;

/**
 * Limits on the depth and, with every alias expanded, size of a YAML document, checked on its events before it is
 * built.
 */
final class YamlBounds {
    private static final int DEEPEST = 32;
    private static final long MOST_VALUES = 1_000_000;

    /** An open list or mapping, and the number of values before it. */
    private record Open(Anchor anchor, long before) {}

    private final String file;
    private final Deque<Open> open = new ArrayDeque<>();
    private final Map<Anchor, Long> sizes = new HashMap<>();
    private final Anchor unnamed = new Anchor("unnamed");
    private long values;

    private YamlBounds(String file) {
        this.file = file;
    }

    /** Fails if the text is nested too deeply, refers to itself, or is too large with aliases expanded. */
    static void check(String file, String text, LoadSettings settings) {
        YamlBounds bounds = new YamlBounds(file);
        for (Event event : new Parse(settings).parseString(text)) {
            bounds.see(event);
        }
    }

    private void see(Event event) {
        if (event instanceof CollectionEndEvent) {
            Open closed = open.pop();
            sizes.put(closed.anchor, values - closed.before);
            return;
        }
        if (!(event instanceof NodeEvent node)) {
            return;
        }
        Anchor anchor = node.getAnchor().orElse(unnamed);
        if (event instanceof CollectionStartEvent) {
            open.push(new Open(anchor, values));
            if (open.size() > DEEPEST) {
                throw refused(event, "lists and mappings nested more than " + DEEPEST + " deep");
            }
        } else if (event instanceof ScalarEvent) {
            sizes.put(anchor, 1L);
        } else if (event instanceof AliasEvent) {
            if (open.stream().anyMatch(around -> around.anchor.equals(anchor))) {
                throw refused(event, "the alias '" + anchor + "' inside its own anchor");
            }
            values += sizes.getOrDefault(anchor, 0L);
        }
        if (++values > MOST_VALUES) {
            throw refused(event, "more than " + MOST_VALUES + " values with aliases expanded");
        }
    }

    private VitrineException refused(Event event, String found) {
        String line = event.getStartMark()
                .map(mark -> ", line " + (mark.getLine() + 1))
                .orElse("");
        return VitrineException.failure(file + line + ": found " + found + "; expected plain keys and values");
    }
}
