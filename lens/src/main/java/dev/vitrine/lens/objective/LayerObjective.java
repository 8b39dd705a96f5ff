package dev.vitrine.lens.objective;

import dev.vitrine.engine.graph.Value;
import java.util.List;

/** An objective that reads one layer. */
interface LayerObjective extends Objective {
    Value layer();

    @Override
    default List<Value> layers() {
        return List.of(layer());
    }

    @Override
    default boolean takesTarget() {
        return false;
    }
}
