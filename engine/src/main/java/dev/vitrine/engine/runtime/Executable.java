package dev.vitrine.engine.runtime;

import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.tensor.Tensor;
import java.util.List;
import java.util.Map;

/** An opened graph: cheap to run repeatedly, from any thread; holds native memory until closed. */
public interface Executable extends AutoCloseable {
    /** Computes some of the graph's outputs. */
    Map<Value, Tensor> run(Map<Value, Tensor> inputs, List<Value> outputs);

    /** Computes every output. */
    Map<Value, Tensor> run(Map<Value, Tensor> inputs);

    /**
     * Computes some of the graph's outputs into existing memory, for values that are inputs of the next run.
     *
     * @param targets for each wanted output a tensor outside the heap of its type and shape, which is overwritten; none
     *     may share memory with an input
     */
    void runInto(Map<Value, Tensor> inputs, Map<Value, Tensor> targets);

    @Override
    void close();
}
