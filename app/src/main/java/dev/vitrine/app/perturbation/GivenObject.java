package dev.vitrine.app.perturbation;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.data.Digest;
import dev.vitrine.lens.data.Picture;
import dev.vitrine.lens.data.PictureList;
import dev.vitrine.lens.data.PictureReader;
import dev.vitrine.lens.model.Model;
import dev.vitrine.study.stress.ObjectFinder;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;

/** A user-supplied mask of the object in a picture: bright on dark. */
record GivenObject(Path path, Picture mask) {
    private static final int BRIGHT = 128;

    /** A usage error if it does not fit the picture. */
    static GivenObject read(Path path, PictureList pictures) {
        if (pictures.size() != 1) {
            throw VitrineException.usage("--mask " + path + ": found " + pictures.size()
                    + " pictures; expected one, since a mask is of one picture.");
        }
        Picture mask = PictureReader.read(path);
        Picture picture = pictures.read(0);
        if (mask.width() != picture.width() || mask.height() != picture.height()) {
            throw VitrineException.usage("--mask " + path + ": found " + mask.width() + "×" + mask.height()
                    + " pixels; expected " + picture.width() + "×" + picture.height() + " as the picture.");
        }
        return new GivenObject(path, mask);
    }

    ObjectFinder on(Model model) {
        Picture view = model.preprocessing().view(mask);
        boolean[] bright = new boolean[view.width() * view.height()];
        for (int at = 0; at < bright.length; at++) {
            bright[at] = Picture.luminance(view.color(at % view.width(), at / view.width())) >= BRIGHT;
        }
        return new ObjectFinder() {
            @Override
            public String name() {
                return "mask " + Digest.of(path);
            }

            @Override
            public boolean[] find(Picture ignored, Supplier<List<Tensor>> heats) {
                return bright.clone();
            }
        };
    }
}
