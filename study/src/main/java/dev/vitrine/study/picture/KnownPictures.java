package dev.vitrine.study.picture;

import dev.vitrine.lens.model.Model;
import java.util.List;

/**
 * Pictures in folders named after classes of a network.
 *
 * @param pictures those of classes that the network has
 * @param classes the network's class index for each label
 * @param folders the matching of folders to classes, and the folders left out
 */
public record KnownPictures(LabeledPictures pictures, List<Integer> classes, ClassFolders folders) {
    public KnownPictures {
        classes = List.copyOf(classes);
    }

    public static KnownPictures of(LabeledPictures all, Model model) {
        ClassFolders folders = ClassFolders.of(all.path().toString(), all.classes(), model);
        List<String> kept = List.copyOf(folders.known().keySet());
        List<LabeledPictures.Item> items = all.items().stream()
                .filter(item -> folders.known().containsKey(all.classes().get(item.label())))
                .map(item -> new LabeledPictures.Item(
                        item.index(), item.name(), kept.indexOf(all.classes().get(item.label()))))
                .toList();
        LabeledPictures pictures = new LabeledPictures(all.path(), all.source(), kept, items);
        return new KnownPictures(pictures, List.copyOf(folders.known().values()), folders);
    }

    /** The pictures at the given indices. */
    public KnownPictures only(List<Integer> places) {
        return new KnownPictures(pictures.only(places), classes, folders);
    }

    /** The network's class for the picture at an index. */
    public int target(int place) {
        return classes.get(pictures.items().get(place).label());
    }
}
