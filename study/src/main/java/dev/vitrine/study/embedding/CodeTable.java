package dev.vitrine.study.embedding;

import java.util.List;
import java.util.Optional;

/**
 * The codes of some pictures.
 *
 * @param files of the layers, in the output folder
 * @param pictures in the order of the rows
 */
public record CodeTable(List<Layer> files, List<Row> pictures) {
    public CodeTable {
        files = List.copyOf(files);
        pictures = List.copyOf(pictures);
    }

    /** A layer, the name of its file, and how many numbers a row has. */
    public record Layer(String layer, String file, int columns) {}

    /**
     * @param index in the list of pictures that was asked about
     * @param className of its folder, empty where it has none
     * @param predicted name of the likeliest class, empty for a network without classes
     * @param confidence the network's probability of that class
     * @param loss cross-entropy of the class that its folder is named after, where the network has it
     */
    public record Row(
            int index,
            String picture,
            String className,
            String predicted,
            Optional<Double> confidence,
            Optional<Double> loss) {}
}
