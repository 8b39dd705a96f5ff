package dev.vitrine.lens.model.card;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.graph.Dimension;
import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.lens.model.preprocessing.Layout;
import dev.vitrine.lens.model.preprocessing.Preprocessing;
import java.util.Optional;
import java.util.OptionalInt;

/** What the type of a model's input tells about the pictures it takes; what it leaves open is empty. */
record PictureInput(
        TensorType type, Optional<Layout> layout, OptionalInt channels, OptionalInt height, OptionalInt width) {

    /** @throws VitrineException of kind FAILURE if it cannot be a batch of pictures with one or three channels */
    static PictureInput of(String model, TensorType type) {
        if (type.rank() != 4) {
            throw notPictures(model, type);
        }
        if (isChannels(type.dimension(1))) {
            return of(type, Layout.NCHW);
        }
        if (isChannels(type.dimension(3))) {
            return of(type, Layout.NHWC);
        }
        if (type.dimension(1).isFixed() && type.dimension(3).isFixed()) {
            throw notPictures(model, type);
        }
        return new PictureInput(type, Optional.empty(), OptionalInt.empty(), OptionalInt.empty(), OptionalInt.empty());
    }

    private static PictureInput of(TensorType type, Layout layout) {
        return new PictureInput(
                type,
                Optional.of(layout),
                size(type.dimension(layout.channelAxis())),
                size(type.dimension(layout.heightAxis())),
                size(type.dimension(layout.widthAxis())));
    }

    private static boolean isChannels(Dimension dimension) {
        return dimension.size() == 1 || dimension.size() == 3;
    }

    private static OptionalInt size(Dimension dimension) {
        return dimension.isFixed() ? OptionalInt.of(Math.toIntExact(dimension.size())) : OptionalInt.empty();
    }

    private static VitrineException notPictures(String model, TensorType type) {
        return VitrineException.failure(model + ": its input is " + type
                + "; expected pictures, [N, C, H, W] or [N, H, W, C] with 1 or 3 channels. Only networks that take"
                + " pictures can be looked into.");
    }

    /** Fails if such tensors would not fit this input. */
    void require(String card, Preprocessing preprocessing) {
        long[] shape = preprocessing
                .layout()
                .shape(-1, preprocessing.channels().count(), preprocessing.height(), preprocessing.width());
        for (int axis = 1; axis < 4; axis++) {
            Dimension dimension = type.dimension(axis);
            if (dimension.isFixed() && dimension.size() != shape[axis]) {
                throw VitrineException.failure(card + ", key 'input': gives tensors of [N, " + shape[1] + ", "
                        + shape[2] + ", " + shape[3] + "] (" + preprocessing.channels() + ", " + preprocessing.layout()
                        + "); the model's input is " + type + ". Correct size, channels or layout.");
            }
        }
    }
}
