package dev.vitrine.lens.model.head;

import dev.vitrine.engine.graph.Node;
import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.operator.OperatorTable;
import dev.vitrine.engine.operator.property.Space;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The columns of a detector's single output, derived from the parts that its last Concat joins: four unbounded numbers
 * of a box, and scores in 0..1.
 *
 * @param box index of the first of the four numbers
 * @param objectness the objectness column, −1 if there is none
 * @param from first class column
 * @param to end of the class columns
 */
record DetectorColumns(int box, int objectness, int from, int to) {
    private static final int BOX = 4;
    private static final int DEPTH = 40;

    private record Part(int from, int size, boolean share) {}

    /**
     * @param columns of the output
     * @param labels number of class names; 0 if unknown
     * @param said whether there is an objectness, if specified
     */
    static Optional<DetectorColumns> of(
            Value output, int columns, int labels, Optional<Boolean> said, Surroundings graph) {
        return concat(output, columns, graph).flatMap(parts -> told(parts, columns, labels, said));
    }

    private static Optional<List<Part>> concat(Value output, int columns, Surroundings graph) {
        Value value = output;
        for (int step = 0; step < DEPTH; step++) {
            Optional<Node> node = graph.producer(value);
            if (node.isEmpty()) {
                return Optional.empty();
            }
            if (OperatorTable.row(node.get()).space() == Space.JOIN) {
                Optional<List<Part>> parts = parts(node.get(), columns, graph);
                if (parts.isPresent()) {
                    return parts;
                }
            } else if (!OperatorTable.row(node.get()).keepsEachNumber()) {
                return Optional.empty();
            }
            value = node.get().input(0);
        }
        return Optional.empty();
    }

    /** The parts of a Concat over the columns; empty if it joins rows, or sizes are inconsistent. */
    private static Optional<List<Part>> parts(Node concat, int columns, Surroundings graph) {
        Optional<TensorType> type = graph.type(concat.output());
        if (type.isEmpty()) {
            return Optional.empty();
        }
        int axis = (int) concat.attributes().integer("axis", 0);
        int from = 0;
        List<Part> parts = new ArrayList<>();
        for (Value input : concat.inputs()) {
            Optional<Long> size = graph.type(input).map(of -> of.dimension(axis).size());
            if (size.isEmpty() || size.get() < 1) {
                return Optional.empty();
            }
            parts.add(
                    new Part(from, size.get().intValue(), Range.of(input, graph).isProbability()));
            from += size.get().intValue();
        }
        return from == columns && parts.size() > 1 ? Optional.of(parts) : Optional.empty();
    }

    private static Optional<DetectorColumns> told(List<Part> parts, int columns, int labels, Optional<Boolean> said) {
        List<Part> free = parts.stream().filter(part -> !part.share()).toList();
        List<Part> shares = new ArrayList<>(parts.stream().filter(Part::share).toList());
        int freeSize = free.stream().mapToInt(Part::size).sum();
        boolean adjacent = !free.isEmpty()
                && free.get(free.size() - 1).from()
                                + free.get(free.size() - 1).size()
                                - free.get(0).from()
                        == BOX;
        int box = freeSize == BOX && adjacent ? free.get(0).from() : -1;
        if (free.isEmpty() && shares.get(0).size() == BOX && shares.size() > 1) {
            box = shares.remove(0).from();
        }
        if (box < 0 || shares.isEmpty()) {
            return Optional.empty();
        }
        Part first = shares.get(0);
        Part last = shares.get(shares.size() - 1);
        int scores = shares.stream().mapToInt(Part::size).sum();
        if (shares.size() == 2 && first.size() == 1 && last.size() >= 1) {
            return Optional.of(new DetectorColumns(box, first.from(), last.from(), last.from() + last.size()));
        }
        if (last.from() + last.size() - first.from() != scores) {
            return Optional.empty();
        }
        boolean centerAndSize = free.size() == 2 && free.get(0).size() == 2;
        boolean objectness = scores > 1 && said.orElse(labels > 0 ? labels == scores - 1 : centerAndSize);
        return Optional.of(new DetectorColumns(
                box,
                objectness ? first.from() : -1,
                objectness ? first.from() + 1 : first.from(),
                first.from() + scores));
    }
}
