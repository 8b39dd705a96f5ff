package dev.vitrine.lens.model.anatomy;

import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.lens.model.head.Head;
import dev.vitrine.lens.model.preprocessing.Layout;

/**
 * The parts of a model that its anatomy is derived from.
 *
 * @param name for display
 * @param layout of the input, if it takes pictures
 */
public record Body(String name, Graph graph, Value input, Value logits, Head head, Layout layout) {
    boolean takesPictures() {
        return graph.types().get(input).rank() == 4;
    }
}
