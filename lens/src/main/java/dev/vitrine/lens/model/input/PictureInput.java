package dev.vitrine.lens.model.input;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.graph.Dimension;
import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.tensor.ElementType;
import dev.vitrine.lens.model.preprocessing.Layout;
import dev.vitrine.lens.model.preprocessing.Preprocessing;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * What a model's file tells about the pictures it takes; what it leaves open is empty.
 *
 * @param type as the file declares it
 * @param white what white is for a network that preprocesses by itself, 1 or 255; empty for others
 */
public record PictureInput(
        TensorType type,
        Optional<Layout> layout,
        OptionalInt channels,
        OptionalInt height,
        OptionalInt width,
        OptionalDouble white) {
    /** Sizes up to here may be a number of channels. */
    private static final int MOST_CHANNELS = 32;

    /** From the type alone. */
    public static PictureInput of(TensorType type) {
        return of(type, InputEvidence.NONE);
    }

    /** From the type and the first operators. */
    public static PictureInput of(Graph graph, Value input) {
        TensorType type = graph.types().get(input);
        return of(type, type.rank() == 4 ? InputEvidence.of(graph, input) : InputEvidence.NONE);
    }

    PictureInput withType(TensorType newType) {
        return new PictureInput(newType, layout, channels, height, width, white);
    }

    private static PictureInput of(TensorType type, InputEvidence evidence) {
        OptionalDouble white = type.elementType().isFloating() ? evidence.white() : OptionalDouble.of(255);
        if (type.rank() != 4) {
            return new PictureInput(
                    type, Optional.empty(), OptionalInt.empty(), OptionalInt.empty(), OptionalInt.empty(), white);
        }
        Optional<Layout> layout = evidence.layout()
                .filter(found -> fits(type.dimension(found.channelAxis()), evidence.channels()))
                .or(() -> bySizes(type))
                .or(() -> byNames(type));
        return new PictureInput(
                type,
                layout,
                layout.map(found -> size(type.dimension(found.channelAxis())))
                        .filter(OptionalInt::isPresent)
                        .orElse(evidence.channels()),
                layout.map(found -> size(type.dimension(found.heightAxis()))).orElse(OptionalInt.empty()),
                layout.map(found -> size(type.dimension(found.widthAxis()))).orElse(OptionalInt.empty()),
                white);
    }

    private static boolean fits(Dimension declared, OptionalInt channels) {
        return !declared.isFixed() || channels.isPresent() && channels.getAsInt() == declared.size();
    }

    private static Optional<Layout> bySizes(TensorType type) {
        Dimension first = type.dimension(1);
        Dimension last = type.dimension(3);
        if (isUsual(first)) {
            return Optional.of(Layout.NCHW);
        }
        if (isUsual(last)) {
            return Optional.of(Layout.NHWC);
        }
        if (isFew(first) && !isFew(last)) {
            return Optional.of(Layout.NCHW);
        }
        if (isFew(last) && !isFew(first)) {
            return Optional.of(Layout.NHWC);
        }
        return first.isFixed() && last.isFixed() && first.size() != last.size()
                ? Optional.of(first.size() < last.size() ? Layout.NCHW : Layout.NHWC)
                : Optional.empty();
    }

    private static boolean isUsual(Dimension dimension) {
        return dimension.size() == 1 || dimension.size() == 3;
    }

    private static boolean isFew(Dimension dimension) {
        return dimension.isFixed() && dimension.size() <= MOST_CHANNELS;
    }

    private static Optional<Layout> byNames(TensorType type) {
        if (isNamed(type.dimension(1), "c", "chan") || isNamed(type.dimension(3), "w", "width")) {
            return Optional.of(Layout.NCHW);
        }
        if (isNamed(type.dimension(3), "c", "chan") || isNamed(type.dimension(1), "h", "height")) {
            return Optional.of(Layout.NHWC);
        }
        return Optional.empty();
    }

    private static boolean isNamed(Dimension dimension, String letter, String beginning) {
        String name = dimension.symbol().toLowerCase(Locale.ROOT);
        return name.equals(letter) || name.contains(beginning);
    }

    private static OptionalInt size(Dimension dimension) {
        return dimension.isFixed() ? OptionalInt.of(Math.toIntExact(dimension.size())) : OptionalInt.empty();
    }

    /** Whether it is a batch of pictures; other inputs have no layout, and are taken as they are. */
    public boolean isPicture() {
        return type.rank() == 4;
    }

    /** Fails if such tensors would not fit this input. */
    public void require(String card, Preprocessing preprocessing) {
        if (!isPicture()) {
            return;
        }
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

    /**
     * The type of one sample of the input as it is run: float32, and as large as the preprocessing makes it.
     *
     * @throws VitrineException of kind USAGE if a size stays open
     */
    public TensorType typed(Preprocessing preprocessing) {
        if (isPicture()) {
            return TensorType.of(
                    ElementType.FLOAT32,
                    preprocessing
                            .layout()
                            .shape(1, preprocessing.channels().count(), preprocessing.height(), preprocessing.width()));
        }
        long[] shape = type.shape();
        shape[0] = 1;
        for (int axis = 1; axis < shape.length; axis++) {
            if (shape[axis] < 0) {
                throw VitrineException.usage("The model's input is " + type + ", whose size along axis " + axis
                        + " is open; expected sizes. Give a sample, or export the model with fixed sizes.");
            }
        }
        return TensorType.of(ElementType.FLOAT32, shape);
    }
}
