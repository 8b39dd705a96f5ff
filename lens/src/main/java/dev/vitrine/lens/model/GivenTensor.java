package dev.vitrine.lens.model;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.graph.Dimension;
import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.engine.tensor.ElementType;
import dev.vitrine.engine.tensor.Numbers;
import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.data.Npy;
import dev.vitrine.lens.model.card.ModelCard;
import dev.vitrine.lens.model.preprocessing.Layout;
import dev.vitrine.lens.model.preprocessing.Preprocessing;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A preprocessed input made by another program: a batch, or one sample without a batch axis.
 *
 * @param where its name in errors
 * @param input the model's input that it is for, if given
 */
public record GivenTensor(String where, Optional<String> input, Tensor tensor) {
    /**
     * A NumPy file of float32 or integers.
     *
     * @param option the option's name, for errors
     * @param text {@code FILE} or {@code INPUT=FILE}
     */
    public static GivenTensor read(String option, String text) {
        int equals = text.indexOf('=');
        boolean named = equals > 0 && !Files.exists(Path.of(text));
        Path file = Path.of(named ? text.substring(equals + 1) : text);
        String where = option + text;
        Tensor tensor = Npy.read(file);
        boolean whole = !tensor.elementType().isFloating() && tensor.elementType() != ElementType.BOOL;
        if (!whole && tensor.elementType() != ElementType.FLOAT32) {
            throw VitrineException.usage(
                    where + ": found " + tensor + "; expected FLOAT32. Convert it with array.astype('float32').");
        }
        if (tensor.rank() == 0 || tensor.elements() == 0) {
            throw VitrineException.usage(where + ": found " + tensor
                    + "; expected a batch, such as [N,C,H,W], or one sample, preprocessed as the model's input.");
        }
        return new GivenTensor(
                where,
                named ? Optional.of(text.substring(0, equals)) : Optional.empty(),
                whole
                        ? Numbers.tensor(Numbers.of(tensor), ElementType.FLOAT32, tensor.shape())
                                .orElseThrow()
                        : tensor);
    }

    /** As a batch for a model. */
    public Tensor batch(Model model) {
        return tensor.rank() < model.sampleShape().length ? tensor.reshape(prefixed(tensor.shape())) : tensor;
    }

    private static long[] prefixed(long[] sample) {
        long[] shape = new long[sample.length + 1];
        shape[0] = 1;
        System.arraycopy(sample, 0, shape, 1, sample.length);
        return shape;
    }

    /** The card with the tensor's height and width, if the model accepts them. */
    public ModelCard sized(ModelCard card, TensorType type) {
        if (type.rank() != 4) {
            return card;
        }
        Preprocessing preprocessing = card.preprocessing();
        long[] shape = tensor.rank() == 3 ? prefixed(tensor.shape()) : tensor.shape();
        boolean fits = shape.length == 4;
        for (int axis = 1; fits && axis < 4; axis++) {
            Dimension dimension = type.dimension(axis);
            fits &= !dimension.isFixed() || dimension.size() == shape[axis];
        }
        Layout layout = preprocessing.layout();
        fits = fits && shape[layout.channelAxis()] == preprocessing.channels().count();
        if (!fits) {
            throw VitrineException.usage(where + ": found " + tensor + "; the model's input is " + type
                    + " with " + preprocessing.channels().count()
                    + " channels. Give a tensor of that shape, with a batch axis or as one sample.");
        }
        int height = Math.toIntExact(shape[layout.heightAxis()]);
        int width = Math.toIntExact(shape[layout.widthAxis()]);
        if (height == preprocessing.height() && width == preprocessing.width()) {
            return card;
        }
        Preprocessing resized = new Preprocessing(
                width,
                height,
                preprocessing.fit(),
                preprocessing.resampling(),
                preprocessing.channels(),
                preprocessing.layout(),
                preprocessing.normalization());
        return card.withPreprocessing(resized).withNotes(List.of());
    }
}
