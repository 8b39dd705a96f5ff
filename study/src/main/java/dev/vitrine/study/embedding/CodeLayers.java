package dev.vitrine.study.embedding;

import dev.vitrine.engine.graph.Node;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.operator.Operator;
import dev.vitrine.engine.operator.OperatorTable;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.unit.ChannelLayer;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The value of a layer that is used as its code. */
public final class CodeLayers {
    private static final Set<Operator.Kind> PART_OF_LAYER =
            EnumSet.of(Operator.Kind.ACTIVATION, Operator.Kind.NORMALIZATION);

    private CodeLayers() {}

    /** The output after normalization and activation, if nothing else reads the values before them. */
    public static ChannelLayer activated(Model model, ChannelLayer layer) {
        Value value = layer.value();
        for (Optional<Value> next = next(model, value); next.isPresent(); next = next(model, value)) {
            value = next.get();
        }
        Value last = value;
        return ChannelLayer.all(model).stream()
                .filter(known -> known.value().equals(last))
                .findFirst()
                .orElse(layer);
    }

    private static Optional<Value> next(Model model, Value value) {
        if (value.equals(model.logits())) {
            return Optional.empty();
        }
        List<Node> readers = model.graph().nodes().stream()
                .filter(node -> node.reads().contains(value))
                .toList();
        boolean isPart = readers.size() == 1
                && PART_OF_LAYER.contains(OperatorTable.row(readers.get(0)).kind());
        return isPart ? Optional.of(readers.get(0).output()) : Optional.empty();
    }
}
