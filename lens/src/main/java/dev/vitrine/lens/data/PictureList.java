package dev.vitrine.lens.data;

import java.util.List;

/** Pictures in an order, each decoded when it is asked for. Several threads may read at a time. */
public interface PictureList {
    int size();

    /** Path of a picture within its folder or archive, with {@code /} between folders. */
    String name(int index);

    /** Name of the folder that holds a picture, which is its class; empty for a picture at the top. */
    default String className(int index) {
        String[] steps = name(index).split("/");
        return steps.length > 1 ? steps[steps.length - 2] : "";
    }

    /** Decodes a picture; the errors are those of {@link PictureReader}. */
    Picture read(int index);

    /** Digest of a picture's bytes, whatever its name. */
    String content(int index);

    /** Some of the pictures, in the order given. */
    default PictureList only(List<Integer> indices) {
        PictureList all = this;
        List<Integer> kept = List.copyOf(indices);
        return new PictureList() {
            @Override
            public int size() {
                return kept.size();
            }

            @Override
            public String name(int index) {
                return all.name(kept.get(index));
            }

            @Override
            public Picture read(int index) {
                return all.read(kept.get(index));
            }

            @Override
            public String content(int index) {
                return all.content(kept.get(index));
            }
        };
    }
}
