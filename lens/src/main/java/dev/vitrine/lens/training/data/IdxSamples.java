package dev.vitrine.lens.training.data;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.lens.data.Digest;
import dev.vitrine.lens.data.IdxPictures;
import dev.vitrine.lens.data.Picture;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;

/** Gray pictures and their labels in two IDX files. */
public final class IdxSamples implements Samples {
    private final IdxPictures pictures;
    private final byte[] labels;
    private final List<String> classNames;

    private IdxSamples(IdxPictures pictures, byte[] labels) {
        this.pictures = pictures;
        this.labels = labels;
        int classes = 1
                + IntStream.range(0, labels.length)
                        .map(i -> labels[i] & 255)
                        .max()
                        .orElse(0);
        this.classNames =
                IntStream.range(0, classes).mapToObj(Integer::toString).toList();
    }

    public static IdxSamples open(Path images, Path labels) {
        IdxPictures pictures = IdxPictures.read(images);
        byte[] classes = IdxPictures.labels(labels);
        if (pictures.size() != classes.length) {
            throw VitrineException.failure(images + ": " + pictures.size() + " pictures, but " + labels + " has "
                    + classes.length + " labels; expected as many. Give the files that belong together.");
        }
        return new IdxSamples(pictures, classes);
    }

    @Override
    public List<String> classNames() {
        return classNames;
    }

    @Override
    public int size() {
        return labels.length;
    }

    @Override
    public int label(int index) {
        return labels[index] & 255;
    }

    @Override
    public String name(int index) {
        return "picture " + index;
    }

    @Override
    public Picture read(int index) {
        return pictures.picture(index);
    }

    @Override
    public String contents() {
        Digest digest = Digest.begin().add(pictures.width() + "x" + pictures.height() + '\n');
        IntStream.range(0, size()).forEach(index -> digest.add(pictures.values(index)));
        return digest.add(labels).hex();
    }

    @Override
    public void close() {}
}
