package dev.vitrine.lens.model.anatomy;

import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.Node;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.operator.Operator;
import dev.vitrine.engine.operator.OperatorTable;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Short names of layers, by operator and numbered in graph order: {@code conv4}, {@code relu7}, {@code pool5}, {@code
 * dense2}. A sum of two branches ends a residual block: {@code block3.add}.
 */
final class LayerAliases {
    private static final String BLOCK = "block";

    private final Map<Value, String> aliases = new LinkedHashMap<>();
    private final Map<String, Value> layers = new HashMap<>();

    /** @param dependent the values computed from the picture */
    LayerAliases(Graph graph, Set<Value> dependent) {
        Map<String, Integer> counts = new HashMap<>();
        for (Node node : graph.nodes()) {
            List<Value> outputs =
                    node.outputs().stream().filter(dependent::contains).toList();
            if (outputs.isEmpty()) {
                continue;
            }
            String word = word(node, dependent);
            int number = counts.merge(word, 1, Integer::sum);
            String alias = word.equals(BLOCK) ? BLOCK + number + ".add" : word + number;
            for (int index = 0; index < outputs.size(); index++) {
                String own = index == 0 ? alias : alias + "." + (index + 1);
                aliases.put(outputs.get(index), own);
                layers.put(own, outputs.get(index));
            }
        }
        // A name in the file takes precedence, so an alias equal to another layer's name would be useless.
        for (Node node : graph.nodes()) {
            node.outputs().forEach(output -> drop(output.name(), output));
            if (!node.outputs().isEmpty()) {
                drop(node.name(), node.output());
            }
        }
    }

    private void drop(String name, Value owner) {
        Value aliased = layers.get(name);
        if (aliased != null && !aliased.equals(owner)) {
            layers.remove(name);
            aliases.remove(aliased);
        }
    }

    private static String word(Node node, Set<Value> dependent) {
        long ways =
                node.inputs().stream().filter(dependent::contains).distinct().count();
        Operator row = OperatorTable.row(node);
        return row.isAddition() && ways > 1 ? BLOCK : row.word(ways);
    }

    Optional<String> of(Value layer) {
        return Optional.ofNullable(aliases.get(layer));
    }

    Optional<Value> layer(String alias) {
        return Optional.ofNullable(layers.get(alias.toLowerCase(Locale.ROOT)));
    }
}
