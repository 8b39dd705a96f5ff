package dev.vitrine.lens.training.data;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.lens.data.Digest;
import dev.vitrine.lens.data.Picture;
import dev.vitrine.lens.data.PictureSource;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** The pictures of a folder or zip archive; the folder that holds a picture names its class. */
public final class PictureSamples implements Samples {
    private final PictureSource source;
    private final List<String> classNames;
    private final List<String> emptyClasses;
    private final int[] entries;
    private final int[] labels;

    private PictureSamples(PictureSource source, List<String> classNames, List<String> emptyClasses) {
        this.source = source;
        this.classNames = List.copyOf(classNames);
        this.emptyClasses = emptyClasses;
        List<PictureSource.Entry> all = source.entries();
        this.entries = IntStream.range(0, all.size())
                .filter(index -> classNames.contains(all.get(index).className()))
                .toArray();
        this.labels = IntStream.of(entries)
                .map(index -> classNames.indexOf(all.get(index).className()))
                .toArray();
    }

    /** @param classes the folders to train on, in label order; by default all, sorted */
    public static PictureSamples open(Path folderOrZip, List<String> classes) {
        PictureSource source = PictureSource.open(folderOrZip);
        List<String> found = source.classNames();
        List<String> absent = new ArrayList<>(classes);
        absent.removeAll(found);
        if (!absent.isEmpty()) {
            source.close();
            throw VitrineException.failure(folderOrZip + ": holds no pictures of the class '" + absent.get(0)
                    + "'; expected a folder of that name with pictures in it. There are "
                    + String.join(", ", found.subList(0, Math.min(8, found.size())))
                    + (found.size() > 8 ? " and " + (found.size() - 8) + " more." : "."));
        }
        return classes.isEmpty()
                ? new PictureSamples(source, found, source.emptyFolders())
                : new PictureSamples(source, classes, List.of());
    }

    @Override
    public List<String> classNames() {
        return classNames;
    }

    @Override
    public List<String> emptyClasses() {
        return emptyClasses;
    }

    @Override
    public int size() {
        return entries.length;
    }

    @Override
    public int label(int index) {
        return labels[index];
    }

    @Override
    public String name(int index) {
        return source.entries().get(entries[index]).name();
    }

    @Override
    public Picture read(int index) {
        return source.read(entries[index]);
    }

    @Override
    public String contents() {
        Digest digest = Digest.begin();
        for (int index = 0; index < entries.length; index++) {
            digest.add(name(index) + '\n' + labels[index] + '\n' + source.content(entries[index]) + '\n');
        }
        return digest.hex();
    }

    @Override
    public void close() {
        source.close();
    }
}
