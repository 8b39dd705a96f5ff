package dev.vitrine.study.picture;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.model.label.Labels;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Picture folders named after classes of a network, matched by {@link Labels#findFolder}.
 *
 * @param known the network's class for each folder
 * @param unknown folders that match no class
 */
public record ClassFolders(Map<String, Integer> known, List<String> unknown) {
    public ClassFolders {
        known = Collections.unmodifiableMap(new LinkedHashMap<>(known));
        unknown = List.copyOf(unknown);
    }

    /**
     * @param where names the pictures in error messages
     * @throws VitrineException of kind USAGE if no folder is named after a class
     */
    public static ClassFolders of(String where, Collection<String> folders, Model model) {
        Map<String, Integer> known = new LinkedHashMap<>();
        List<String> unknown = new ArrayList<>();
        List<String> reasons = new ArrayList<>();
        for (String folder : folders) {
            try {
                known.put(folder, find(folder, model));
            } catch (VitrineException none) {
                unknown.add(folder);
                reasons.add(none.getMessage());
            }
        }
        if (known.isEmpty()) {
            throw VitrineException.usage(where + ": none of its " + unknown.size() + " folders ("
                    + LabeledPictures.listed(unknown) + ") is named after one of the " + model.classes()
                    + " classes of '" + model.name() + "'. The first: " + reasons.get(0)
                    + ". Name folders by class names, ids or numbers, or give the network's labels with --labels.");
        }
        return new ClassFolders(known, unknown);
    }

    private static int find(String folder, Model model) {
        int found = model.labels().findFolder(folder);
        if (found >= model.classes()) {
            throw VitrineException.usage("class " + found + ": expected a number from 0 to " + (model.classes() - 1));
        }
        return found;
    }

    /** Notes for the user, one sentence each: folders matched under another name, and those left out. */
    public List<String> notes(Model model) {
        List<String> renamed = known.entrySet().stream()
                .filter(entry -> !entry.getKey().equalsIgnoreCase(model.labels().name(entry.getValue())))
                .filter(entry -> !entry.getKey().equals(Integer.toString(entry.getValue())))
                .map(entry -> entry.getKey() + " for " + model.labels().name(entry.getValue()))
                .toList();
        List<String> notes = new ArrayList<>();
        if (!renamed.isEmpty()) {
            notes.add("folders are taken for classes of other names: " + LabeledPictures.listed(renamed) + ".");
        }
        if (!unknown.isEmpty()) {
            notes.add("left out, since no class of '" + model.name() + "' is named so: "
                    + LabeledPictures.listed(unknown) + ".");
        }
        return notes;
    }
}
