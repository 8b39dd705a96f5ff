package dev.vitrine.lens.attribution;

import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.runtime.Device;
import dev.vitrine.engine.runtime.Executable;
import dev.vitrine.engine.runtime.Runner;

/** Counts the sessions that are opened. */
final class CountingRunner implements Runner {
    private int loads;

    int loads() {
        return loads;
    }

    @Override
    public Executable load(Graph graph) {
        loads++;
        return Nets.RUNNER.load(graph);
    }

    @Override
    public Executable loadForOneThread(Graph graph) {
        loads++;
        return Nets.RUNNER.loadForOneThread(graph);
    }

    @Override
    public Device device() {
        return Nets.RUNNER.device();
    }

    @Override
    public int channelBlock() {
        return Nets.RUNNER.channelBlock();
    }

    @Override
    public void close() {}
}
