package dev.vitrine.engine.runtime;

import dev.vitrine.engine.graph.GraphTransform;
import dev.vitrine.engine.rewrite.lowering.SteepMasks;

/** The device that graphs run on. */
public enum Device {
    CPU(new SteepMasks()),
    /** Requires the build profile {@code cuda}, which uses ONNX Runtime's CUDA artifact. */
    CUDA(graph -> graph);

    private final GraphTransform forms;

    Device(GraphTransform forms) {
        this.forms = forms;
    }

    /**
     * The same computation in the forms that run fastest on this device, in standard operators so that it can be saved.
     * Runners apply it to the graphs they open.
     */
    public GraphTransform forms() {
        return forms;
    }
}
