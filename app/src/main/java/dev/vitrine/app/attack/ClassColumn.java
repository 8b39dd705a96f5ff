package dev.vitrine.app.attack;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.tensor.Numbers;
import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.data.Npy;
import java.nio.file.Path;

/** A class for each picture, from a NumPy file. */
final class ClassColumn {
    private ClassColumn() {}

    /** Integers {@code [pictures]}. */
    static int[] read(Path file, int pictures) {
        Tensor tensor = Npy.read(file);
        if (tensor.elements() != pictures) {
            throw VitrineException.usage(file + ": found " + tensor.elements() + " classes for " + pictures
                    + " pictures; expected one per picture.");
        }
        double[] values = Numbers.of(tensor);
        int[] classes = new int[pictures];
        for (int row = 0; row < pictures; row++) {
            classes[row] = (int) values[row];
            if (classes[row] != values[row]) {
                throw VitrineException.usage(file + ": class " + row + " is " + values[row] + "; expected integers.");
            }
        }
        return classes;
    }
}
