package dev.vitrine.study.picture;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.lens.data.PictureList;
import dev.vitrine.lens.model.Model;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;

/**
 * Pictures of which each lies in a folder that is named after its class.
 *
 * @param pictures those whose class the network has
 */
public record FolderPictures(PictureList pictures, ClassFolders folders) {
    /**
     * @param where names the pictures in errors
     * @throws VitrineException of kind USAGE where a picture lies in no folder, or no folder is named after a class
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
                    + "' lies in no folder of its class; expected CLASS/NAME within what is given.");
        }
        return folder;
    }
}
