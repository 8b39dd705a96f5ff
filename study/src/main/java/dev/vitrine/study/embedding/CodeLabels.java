package dev.vitrine.study.embedding;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.tensor.Numbers;
import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.data.Npy;
import dev.vitrine.lens.embedding.Layout.Labels;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.TreeSet;

/** Class labels of rows from a NumPy file; any integers are accepted. */
public final class CodeLabels {
    private CodeLabels() {}

    /**
     * @param rows expected number of labels
     */
    public static Labels read(Path path, int rows) {
        Tensor tensor = Npy.read(path);
        if (tensor.elements() != rows) {
            throw VitrineException.usage(path + ": found " + tensor.elements() + " labels for " + rows
                    + " rows of codes; expected one for each row.");
        }
        double[] values = Numbers.of(tensor);
        TreeSet<Integer> classes = new TreeSet<>();
        int[] given = new int[values.length];
        for (int row = 0; row < rows; row++) {
            given[row] = (int) values[row];
            if (given[row] != values[row]) {
                throw VitrineException.usage(path + ": label " + row + " is " + values[row]
                        + "; expected whole numbers, one for each class.");
            }
            classes.add(given[row]);
        }
        Integer[] known = classes.toArray(Integer[]::new);
        return new Labels(
                Arrays.stream(given)
                        .map(label -> Arrays.binarySearch(known, label))
                        .toArray(),
                known.length);
    }
}
