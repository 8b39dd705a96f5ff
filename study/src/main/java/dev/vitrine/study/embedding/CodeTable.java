package dev.vitrine.study.embedding;

import com.fasterxml.jackson.annotation.JsonInclude;
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

    /**
     * A layer and its array.
     *
     * @param positions if each picture has several rows, one for each of these
     */
    public record Layer(
            String layer,
            String file,
            int columns,
            @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<Positions.Grid> positions) {
        int rowsPerPicture() {
            return positions.map(Positions.Grid::count).orElse(1);
        }
    }

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
