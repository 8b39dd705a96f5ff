package dev.vitrine.study.picture;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.lens.data.Digest;
import dev.vitrine.lens.data.Picture;
import dev.vitrine.lens.data.PictureList;
import dev.vitrine.lens.data.PictureSource;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;

/**
 * Pictures labeled by their folders.
 *
 * @param path of the folder or archive
 * @param classes names, sorted
 * @param items sorted by class, then by name
 */
public record LabeledPictures(Path path, PictureList source, List<String> classes, List<Item> items) {
    /**
     * One picture.
     *
     * @param index in the source
     * @param label index of its class
     */
    public record Item(int index, String name, int label) {}

    public LabeledPictures {
        classes = List.copyOf(classes);
        items = List.copyOf(items);
    }

    /**
     * All pictures in class folders.
     *
     * @param without names of classes to leave out
     */
    public static LabeledPictures of(Path path, PictureSource source, List<String> without) {
        Set<String> known = new HashSet<>(source.classNames());
        for (String left : without) {
            if (!known.contains(left)) {
                throw VitrineException.usage("--without " + left + ": " + path + " has no folder of this name; expected"
                        + " one of " + listed(source.classNames()) + ".");
            }
        }
        TreeMap<String, List<Integer>> byClass = new TreeMap<>();
        for (int index = 0; index < source.size(); index++) {
            String className = source.entries().get(index).className();
            if (!className.isEmpty() && !without.contains(className)) {
                byClass.computeIfAbsent(className, key -> new ArrayList<>()).add(index);
            }
        }
        if (byClass.isEmpty()) {
            throw VitrineException.usage(path + ": found " + source.size() + " pictures, none in a class folder;"
                    + " expected CLASS/NAME.jpg.");
        }
        List<String> classes = List.copyOf(byClass.keySet());
        List<Item> items = new ArrayList<>();
        for (int label = 0; label < classes.size(); label++) {
            for (int index : byClass.get(classes.get(label))) {
                items.add(new Item(index, source.entries().get(index).name(), label));
            }
        }
        return new LabeledPictures(path, source, classes, items);
    }

    /** At most this many pictures per class, sampled by seed. */
    public LabeledPictures atMost(int perClass, long seed) {
        List<Item> kept = new ArrayList<>();
        for (int label = 0; label < classes.size(); label++) {
            List<Item> members = shuffled(label, seed);
            kept.addAll(members.subList(0, Math.min(perClass, members.size())).stream()
                    .sorted((one, other) -> Integer.compare(one.index(), other.index()))
                    .toList());
        }
        return new LabeledPictures(path, source, classes, kept);
    }

    /** The pictures of a class, shuffled by seed. */
    public List<Item> shuffled(int label, long seed) {
        List<Item> members = new ArrayList<>(
                items.stream().filter(item -> item.label() == label).toList());
        Collections.shuffle(members, new Random(seed * 31 + classes.get(label).hashCode()));
        return members;
    }

    /** The name of the folder or archive. */
    public String name() {
        return path.toAbsolutePath().normalize().getFileName().toString();
    }

    /** A digest that changes with any picture's name, class or content. */
    public String fingerprint() {
        Digest digest = Digest.begin();
        for (Item item : items) {
            digest.add(item.name() + '\n' + item.label() + '\n' + source.content(item.index()) + '\n');
        }
        return digest.hex();
    }

    /** The same pictures without labels. */
    public PictureList list() {
        return source.only(items.stream().map(Item::index).toList());
    }

    /** The pictures at the given indices. */
    public LabeledPictures only(List<Integer> places) {
        return new LabeledPictures(
                path, source, classes, places.stream().map(items::get).toList());
    }

    public int size() {
        return items.size();
    }

    /** Decodes a picture; errors are those of the source. */
    public Picture read(Item item) {
        return source.read(item.index());
    }

    /** Some names and the number of the others. */
    public static String listed(List<String> names) {
        return String.join(", ", names.subList(0, Math.min(8, names.size())))
                + (names.size() > 8 ? " and " + (names.size() - 8) + " more" : "");
    }
}
