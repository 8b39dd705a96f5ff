package dev.vitrine.study.picture;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.lens.data.PictureList;
import dev.vitrine.lens.model.Model;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;

/**
 * Pictures in folders named after their classes.
 *
 * @param pictures those whose class the network has
 */
public record FolderPictures(PictureList pictures, ClassFolders folders) {
    /**
     * @param where names the pictures in error messages
     * @throws VitrineException of kind USAGE if a picture is not in a class folder, or no folder is named after a class
     */
    public static FolderPictures of(String where, PictureList all, Model model) {
        Set<String> names = new TreeSet<>();
        for (int index = 0; index < all.size(); index++) {
            names.add(folder(where, all, index));
        }
        ClassFolders folders = ClassFolders.of(where, names, model);
        PictureList known = all.only(IntStream.range(0, all.size())
                .filter(index -> folders.known().containsKey(folder(where, all, index)))
                .boxed()
                .toList());
        return new FolderPictures(known, folders);
    }

    /** The network's class of a picture. */
    public int target(int index) {
        return folders.known().get(pictures.className(index));
    }

    private static String folder(String where, PictureList pictures, int index) {
        String folder = pictures.className(index);
        if (folder.isEmpty()) {
            throw VitrineException.usage(where + ": '" + pictures.name(index)
                    + "' is not in a class folder; expected CLASS/NAME in the given source.");
        }
        return folder;
    }
}
