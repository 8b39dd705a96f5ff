package dev.vitrine.study.embedding;

import java.util.List;
import java.util.Optional;

/**
 * The codes of some pictures.
 *
 * @param files one per layer, in the output folder
 * @param pictures in row order
 */
public record CodeTable(List<Layer> files, List<Row> pictures) {
    public CodeTable {
        files = List.copyOf(files);
        pictures = List.copyOf(pictures);
    }

    /** A layer, its file name, and the number of columns. */
    public record Layer(String layer, String file, int columns) {}

    /**
     * @param index in the requested list of pictures
     * @param className name of its folder, empty if it has none
     * @param predicted name of the most likely class, empty for a network without classes
     * @param confidence the network's probability of that class
     * @param loss cross-entropy with respect to the class of its folder, if the network has it
     */
    public record Row(
            int index,
            String picture,
            String className,
            String predicted,
            Optional<Double> confidence,
            Optional<Double> loss) {}
}
