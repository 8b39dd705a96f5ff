package dev.vitrine.lens.model.anatomy;

import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.lens.model.head.Head;
import dev.vitrine.lens.model.preprocessing.Layout;

/**
 * What of a model its anatomy is told from.
 *
 * @param name for people
 * @param layout of the input, where it is pictures
 */
public record Body(String name, Graph graph, Value input, Value logits, Head head, Layout layout) {
    boolean takesPictures() {
        return graph.types().get(input).rank() == 4;
    }
}
