package dev.vitrine.study.variant;

import dev.vitrine.engine.VitrineException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A change to a layer of a network before training. */
public sealed interface Change {
    /** The name of the layer. */
    String layer();

    /** Removes the layer and the normalization, rectifier and dropout after it. */
    record Remove(String layer) implements Change {
        @Override
        public String toString() {
            return "remove " + layer;
        }
    }

    /**
     * @param size number of filters or units
     */
    record Resize(String layer, int size) implements Change {
        @Override
        public String toString() {
            return layer + ": " + size;
        }
    }

    /**
     * Parses a change such as {@code remove conv3, conv4} and {@code conv2: 48, full6: 1024}, or both with a comma
     * between them.
     */
    static List<Change> parse(String text) {
        Pattern removal = Pattern.compile("remove\\s+(\\S+)");
        Pattern resizing = Pattern.compile("([^\\s:=]+)\\s*[:=]\\s*(\\S+)");
        Pattern name = Pattern.compile("[^\\s:=]+");
        List<Change> changes = new ArrayList<>();
        boolean removing = false;
        for (String part : text.split(",", -1)) {
            String word = part.strip();
            Matcher removed = removal.matcher(word);
            Matcher resized = resizing.matcher(word);
            if (removed.matches()) {
                changes.add(new Remove(removed.group(1)));
                removing = true;
            } else if (resized.matches()) {
                changes.add(new Resize(resized.group(1), size(resized.group(2), word)));
                removing = false;
            } else if (removing && name.matcher(word).matches()) {
                changes.add(new Remove(word));
            } else {
                throw VitrineException.usage("--change '" + text + "': found '" + word
                        + "'; expected 'remove LAYER' or 'LAYER: SIZE', several separated by commas, such as"
                        + " 'remove conv3, conv2: 48'.");
            }
        }
        return changes;
    }

    private static int size(String digits, String word) {
        int size;
        try {
            size = Integer.parseInt(digits);
        } catch (NumberFormatException noNumber) {
            size = 0;
        }
        if (size < 1) {
            throw VitrineException.usage("--change '" + word + "': found the size '" + digits
                    + "'; expected an integer of at least 1. To remove the layer, use 'remove LAYER'.");
        }
        return size;
    }
}
