package dev.vitrine.study.growth;

import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.Node;
import dev.vitrine.lens.model.Model;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The architecture of a network, without the values of its weights.
 *
 * @param parts its input, then each node with the shapes of its weights, as text
 */
record Architecture(List<String> parts) {
    Architecture {
        parts = List.copyOf(parts);
    }

    static Architecture of(Model model) {
        Graph graph = model.graph();
        List<String> parts = new ArrayList<>();
        parts.add("input " + graph.types().get(model.input()));
        for (Node node : graph.nodes()) {
            StringBuilder part = new StringBuilder(node.label());
            node.inputs()
                    .forEach(input -> graph.constant(input)
                            .ifPresent(weights -> part.append(" with ")
                                    .append(input)
                                    .append(' ')
                                    .append(Arrays.toString(weights.shape()))));
            parts.add(part.toString());
        }
        return new Architecture(parts);
    }

    /** The first difference: what was found in the other, and what this one has; empty if they are equal. */
    Optional<String> difference(Architecture other) {
        for (int index = 0; index < Math.max(parts.size(), other.parts.size()); index++) {
            String found = index < other.parts.size() ? other.parts.get(index) : "nothing more";
            String expected = index < parts.size() ? parts.get(index) : "nothing more";
            if (!found.equals(expected)) {
                return Optional.of("found " + found + "; expected " + expected);
            }
        }
        return Optional.empty();
    }
}
