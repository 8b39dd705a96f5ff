package dev.vitrine.lens.model.input;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.graph.Dimension;
import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.engine.tensor.ElementType;
import dev.vitrine.engine.tensor.Numbers;
import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.data.Npy;
import dev.vitrine.lens.data.RegularFile;
import java.math.BigDecimal;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/** What an input other than the picture is given: the same in every run. */
public sealed interface Feed {
    /** One number everywhere. */
    record Constant(double value) implements Feed {
        @Override
        public Tensor tensor(String where, TensorType type) {
            long[] shape = type.dimensions().stream()
                    .mapToLong(dimension -> dimension.isFixed() ? dimension.size() : 1)
                    .toArray();
            double[] values = new double[Math.toIntExact(Tensor.elements(shape))];
            Arrays.fill(values, value);
            return held(where, values, type, shape);
        }

        @Override
        public String toString() {
            return BigDecimal.valueOf(value).stripTrailingZeros().toPlainString();
        }
    }

    /**
     * A NumPy array in the input's shape; a batch axis of 1 may be left out.
     *
     * @param folder where the file must lie, if it is not a person who names it
     */
    record Array(Path file, Optional<Path> folder) implements Feed {
        /** Named by a person. */
        public Array(Path file) {
            this(file, Optional.empty());
        }

        @Override
        public Tensor tensor(String where, TensorType type) {
            if (folder.isPresent() && !RegularFile.liesIn(folder.get(), file)) {
                throw VitrineException.failure(where + ": found " + file + ", which lies outside the card's folder;"
                        + " expected a file in or below it. Move it there, or name it with --feed.");
            }
            Tensor found = Npy.read(file);
            long[] shape = found.shape();
            if (shape.length == type.rank() - 1) {
                long[] batched = new long[shape.length + 1];
                batched[0] = 1;
                System.arraycopy(shape, 0, batched, 1, shape.length);
                shape = batched;
            }
            boolean fits = shape.length == type.rank();
            for (int axis = 0; fits && axis < shape.length; axis++) {
                Dimension declared = type.dimension(axis);
                fits = !declared.isFixed() || declared.size() == shape[axis];
            }
            if (!fits) {
                throw VitrineException.usage(where + ": found " + found + " in " + file + "; expected " + type + ".");
            }
            if (found.elementType() == type.elementType()) {
                return found.reshape(shape);
            }
            return held(where, Numbers.of(found), type, shape);
        }

        @Override
        public String toString() {
            return file.toString();
        }
    }

    /**
     * The value for an input of this type; open dimensions become 1, or what the array has.
     *
     * @param where names the feed in errors
     * @throws VitrineException of kind USAGE where it does not fit
     */
    Tensor tensor(String where, TensorType type);

    /**
     * A number, or the path of an {@code .npy} file.
     *
     * @param where names the feed in errors
     */
    static Feed parse(String where, String text) {
        return parse(where, text, name -> new Array(Path.of(name)));
    }

    /** The same as a card says it: the file lies in the card's folder. */
    static Feed ofCard(String where, String text, Path folder) {
        return parse(where, text, name -> new Array(folder.resolve(name), Optional.of(folder)));
    }

    private static Feed parse(String where, String text, Function<String, Feed> array) {
        String word = text.strip();
        if (word.toLowerCase(Locale.ROOT).endsWith(".npy")) {
            try {
                return array.apply(word);
            } catch (InvalidPathException noPath) {
                throw VitrineException.usage(where + ": found '" + word + "'; expected the path of an .npy file.");
            }
        }
        if (word.equalsIgnoreCase("true") || word.equalsIgnoreCase("false")) {
            return new Constant(word.equalsIgnoreCase("true") ? 1 : 0);
        }
        try {
            double value = Double.parseDouble(word);
            if (Double.isFinite(value)) {
                return new Constant(value);
            }
        } catch (NumberFormatException noNumber) {
            // Told below.
        }
        throw VitrineException.usage(where + ": found '" + word + "'; expected a number, or a file that ends in .npy.");
    }

    private static Tensor held(String where, double[] values, TensorType type, long[] shape) {
        return Numbers.tensor(values, type.elementType(), shape)
                .orElseThrow(() -> VitrineException.usage(where + ": found numbers that an input of type " + type
                        + " cannot hold; expected "
                        + (type.elementType() == ElementType.BOOL ? "0 and 1" : "whole numbers within its range")
                        + "."));
    }
}
