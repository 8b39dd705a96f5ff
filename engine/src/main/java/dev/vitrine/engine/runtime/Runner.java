package dev.vitrine.engine.runtime;

import dev.vitrine.engine.graph.Graph;

/** Makes graphs runnable. */
public interface Runner extends AutoCloseable {
    /** Opens a graph, which is expensive: call it once per graph. The caller closes the result. */
    Executable load(Graph graph);

    /** Where graphs run. */
    Device device();

    /** As {@link #load}, for graphs that several threads run side by side: each run stays on its own thread. */
    Executable loadForOneThread(Graph graph);

    /**
     * Channels that the runtime's blocked layout of maps (NCHWc) holds together on this processor, 1 where it has none.
     * Graphs may then use the operators of its domain {@code com.microsoft.nchwc}.
     */
    int channelBlock();

    @Override
    void close();
}
