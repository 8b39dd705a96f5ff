package dev.vitrine.lens.model;

import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.Node;
import dev.vitrine.engine.graph.Value;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Short names of layers, by what their nodes do and numbered in the graph's order: {@code conv4}, {@code relu7},
 * {@code pool5}, {@code dense2}. A sum of two ways from the picture ends a residual block: {@code block3.add}.
 */
final class LayerAliases {
    private static final Map<String, String> WORDS = Map.ofEntries(
            Map.entry("Conv", "conv"),
            Map.entry("ConvInteger", "conv"),
            Map.entry("QLinearConv", "conv"),
            Map.entry("ConvTranspose", "deconv"),
            Map.entry("Gemm", "dense"),
            Map.entry("BatchNormalization", "norm"),
            Map.entry("InstanceNormalization", "norm"),
            Map.entry("LayerNormalization", "norm"),
            Map.entry("GroupNormalization", "norm"),
            Map.entry("RMSNormalization", "norm"),
            Map.entry("MeanVarianceNormalization", "norm"),
            Map.entry("LRN", "norm"),
            Map.entry("LeakyRelu", "relu"),
            Map.entry("PRelu", "relu"),
            Map.entry("ThresholdedRelu", "relu"),
            Map.entry("MaxPool", "pool"),
            Map.entry("AveragePool", "pool"),
            Map.entry("LpPool", "pool"),
            Map.entry("GlobalMaxPool", "pool"),
            Map.entry("GlobalAveragePool", "pool"),
            Map.entry("GlobalLpPool", "pool"));

    private static final Set<String> PRODUCTS = Set.of("MatMul", "QLinearMatMul", "MatMulInteger");
    private static final Set<String> SUMS = Set.of("Add", "Sum");
    private static final String BLOCK = "block";

    private final Map<Value, String> aliases = new LinkedHashMap<>();
    private final Map<String, Value> layers = new HashMap<>();

    /**
     * @param dependent the values that are computed from the picture
     */
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
        // A name in the file goes first, so an alias that is another layer's name would be of no use.
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
        if (PRODUCTS.contains(node.operator())) {
            return ways > 1 ? "matmul" : "dense";
        }
        if (SUMS.contains(node.operator()) && ways > 1) {
            return BLOCK;
        }
        // com.microsoft.Gelu is a gelu.
        String operator = node.operator().substring(node.operator().lastIndexOf('.') + 1);
        return WORDS.getOrDefault(operator, operator.toLowerCase(Locale.ROOT));
    }

    Optional<String> of(Value layer) {
        return Optional.ofNullable(aliases.get(layer));
    }

    Optional<Value> layer(String alias) {
        return Optional.ofNullable(layers.get(alias.toLowerCase(Locale.ROOT)));
    }
}
