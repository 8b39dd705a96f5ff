package dev.vitrine.engine.runtime;

import dev.vitrine.engine.graph.Graph;

/** Makes graphs runnable. */
public interface Runner extends AutoCloseable {
    /** Opens a graph, which is expensive: call it once per graph. The caller closes the result. */
    Executable load(Graph graph);

    /** The device that graphs run on. */
    Device device();

    /** As {@link #load}, for graphs run by several threads concurrently: each run stays on its calling thread. */
    Executable loadForOneThread(Graph graph);

    /**
     * Channels per block of the runtime's blocked layout (NCHWc) on this processor, 1 if it has none. Graphs may then
     * use the operators of its domain {@code com.microsoft.nchwc}.
     */
    int channelBlock();

    @Override
    void close();
}
