package dev.vitrine.lens.objective;

import dev.vitrine.engine.graph.Value;
import java.util.List;

/** An objective on the network's output, the same for every sample. */
interface OutputObjective extends Objective {
    @Override
    default List<Value> layers() {
        return List.of();
    }

    @Override
    default boolean takesTarget() {
        return false;
    }
}
