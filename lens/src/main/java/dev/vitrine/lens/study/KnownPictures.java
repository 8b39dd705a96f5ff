package dev.vitrine.lens.study;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.lens.model.Labels;
import dev.vitrine.lens.model.Model;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Pictures whose folders are named after classes of a network.
 *
 * @param pictures those of classes that the network has
 * @param classes for each of their labels the number of the network's class
 * @param unknown folders that no class is named after, left out
 */
public record KnownPictures(LabelledPictures pictures, List<Integer> classes, List<String> unknown) {
    public KnownPictures {
        classes = List.copyOf(classes);
        unknown = List.copyOf(unknown);
    }

    /** A folder stands for the class whose id, name or number it bears. */
    public static KnownPictures of(LabelledPictures all, Model model) {
        Map<Integer, Integer> known = new LinkedHashMap<>();
        List<String> unknown = new ArrayList<>();
        List<String> reasons = new ArrayList<>();
        for (int label = 0; label < all.classes().size(); label++) {
            String folder = all.classes().get(label);
            try {
                int found = find(folder, model.labels());
                if (found >= model.classes()) {
                    throw VitrineException.usage(
                            "class " + found + ": expected a number from 0 to " + (model.classes() - 1));
                }
                known.put(label, found);
            } catch (VitrineException none) {
                unknown.add(folder);
                reasons.add(none.getMessage());
            }
        }
        if (known.isEmpty()) {
            throw VitrineException.usage(all.path() + ": none of its " + unknown.size() + " folders ("
                    + LabelledPictures.listed(unknown) + ") is named after one of the " + model.classes()
                    + " classes of '" + model.name() + "'. The first: " + reasons.get(0)
                    + ". Name folders by class names, ids or numbers, or give the network's labels with --labels.");
        }
        List<Integer> kept = List.copyOf(known.keySet());
        List<LabelledPictures.Item> items = all.items().stream()
                .filter(item -> known.containsKey(item.label()))
                .map(item -> new LabelledPictures.Item(item.index(), item.name(), kept.indexOf(item.label())))
                .toList();
        LabelledPictures pictures = new LabelledPictures(
                all.path(), all.source(), kept.stream().map(all.classes()::get).toList(), items);
        return new KnownPictures(pictures, List.copyOf(known.values()), unknown);
    }

    private static int find(String folder, Labels labels) {
        try {
            return labels.find(folder);
        } catch (VitrineException none) {
            if (!folder.contains("_")) {
                throw none;
            }
            return labels.find(folder.replace('_', ' '));
        }
    }

    /** The network's class of the picture at a place of the list. */
    public int target(int place) {
        return classes.get(pictures.items().get(place).label());
    }
}
