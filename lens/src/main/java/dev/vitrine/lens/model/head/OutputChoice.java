package dev.vitrine.lens.model.head;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.tensor.ElementType;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The output of a network to explain: the named one, else the first that can be class scores.
 *
 * @param boxes the output with the boxes of the scores, {@code [N,boxes,4]} or with more numbers per box
 * @param others the other outputs with their types, if the choice was automatic
 */
public record OutputChoice(Value output, Optional<Value> boxes, List<String> others) {
    private static final int BOX = 4;

    public static OutputChoice of(Graph graph, OutputCard card, String model) {
        if (graph.outputs().isEmpty()) {
            throw VitrineException.failure("Model '" + model + "' has no output; expected one, such as class scores.");
        }
        Value output = card.name()
                .map(name -> named(graph, name, model))
                .orElseGet(() -> usual(graph)
                        .orElseThrow(() -> VitrineException.failure("Model '" + model
                                + "' has no floating-point outputs, but " + described(graph, graph.outputs())
                                + "; expected scores, such as the input of its last ArgMax. Export it with them.")));
        requireNumbers(graph, output, model);
        List<Value> others = graph.outputs().stream()
                .filter(other -> !other.equals(output) && card.name().isEmpty())
                .toList();
        return new OutputChoice(
                output,
                boxesOf(graph, output),
                others.stream().map(other -> described(graph, other)).toList());
    }

    /** The graph up to the choice. */
    public Graph cut(Graph graph) {
        return graph.withOutputs(boxes.map(value -> List.of(output, value)).orElseGet(() -> List.of(output)));
    }

    private static Value named(Graph graph, String name, String model) {
        List<Value> outputs = graph.outputs();
        Optional<Value> exact = outputs.stream()
                .filter(output -> output.name().equals(name))
                .findFirst()
                .or(() -> outputs.stream()
                        .filter(output -> output.name().equalsIgnoreCase(name))
                        .findFirst());
        if (exact.isPresent()) {
            return exact.get();
        }
        if (name.matches("\\d{1,9}") && Integer.parseInt(name) < outputs.size()) {
            return outputs.get(Integer.parseInt(name));
        }
        String lower = name.toLowerCase(Locale.ROOT);
        List<Value> parts = outputs.stream()
                .filter(output -> output.name().toLowerCase(Locale.ROOT).contains(lower))
                .toList();
        if (parts.size() == 1) {
            return parts.get(0);
        }
        throw VitrineException.usage("Output '" + name + "': model '" + model + "' has "
                + described(graph, outputs) + "; expected one of them, by name or by number from 0 to "
                + (outputs.size() - 1) + ".");
    }

    private static void requireNumbers(Graph graph, Value output, String model) {
        if (!isFloat(graph, output)) {
            throw VitrineException.usage("Output " + described(graph, output) + " of model '" + model
                    + "' is not floating-point; expected scores. Choose another of "
                    + described(graph, graph.outputs()) + ".");
        }
    }

    private static Optional<Value> usual(Graph graph) {
        List<Value> numbers = graph.outputs().stream()
                .filter(output -> isFloat(graph, output))
                .toList();
        return numbers.stream()
                .filter(output ->
                        isFlat(graph, output) && boxesOf(graph, output).isEmpty())
                .findFirst()
                .or(() -> numbers.stream()
                        .filter(output -> boxesOf(graph, output).isPresent())
                        .findFirst())
                .or(() -> numbers.stream()
                        .filter(output -> !isBoxes(graph, output))
                        .findFirst())
                .or(() -> numbers.stream().findFirst());
    }

    private static boolean isFloat(Graph graph, Value output) {
        return graph.type(output)
                .map(type -> type.elementType() == ElementType.FLOAT32)
                .orElse(true);
    }

    /** Whether each sample has one row of numbers. */
    private static boolean isFlat(Graph graph, Value output) {
        return graph.type(output)
                .map(type -> IntStream.range(1, type.rank())
                                .filter(axis -> type.dimension(axis).size() != 1)
                                .count()
                        <= 1)
                .orElse(true);
    }

    private static boolean isBoxes(Graph graph, Value output) {
        return graph.type(output)
                .filter(type -> type.rank() == 3 && type.dimension(2).size() == BOX)
                .isPresent();
    }

    /** Another output with the same number of rows as the scores, each holding at least a box. */
    private static Optional<Value> boxesOf(Graph graph, Value scores) {
        Optional<TensorType> type = graph.type(scores).filter(found -> found.rank() == 3);
        return graph.outputs().stream()
                .filter(other -> type.isPresent()
                        && !other.equals(scores)
                        && graph.type(other)
                                .filter(boxes -> boxes.rank() == 3
                                        && boxes.dimension(1).matches(type.get().dimension(1))
                                        && type.get().dimension(1).isFixed()
                                        && boxes.dimension(2).size() >= BOX
                                        && areBoxesBeside(scores, type.get(), other, boxes))
                                .isPresent())
                .findFirst();
    }

    private static boolean areBoxesBeside(Value scores, TensorType scoreType, Value boxes, TensorType boxType) {
        long columns = scoreType.dimension(2).size();
        boolean named = boxes.name().toLowerCase(Locale.ROOT).contains("box")
                || scores.name().toLowerCase(Locale.ROOT).matches(".*(score|conf|cls|class|prob|logit|label).*");
        boolean scoresNamedBoxes = scores.name().toLowerCase(Locale.ROOT).contains("box");
        long width = boxType.dimension(2).size();
        return !scoresNamedBoxes && (named || columns != BOX && (width == BOX || columns < BOX));
    }

    private static String described(Graph graph, List<Value> outputs) {
        return outputs.stream().map(output -> described(graph, output)).collect(Collectors.joining(", "));
    }

    private static String described(Graph graph, Value output) {
        return "'" + output + "'" + graph.type(output).map(type -> " " + type).orElse("");
    }
}
