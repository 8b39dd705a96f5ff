package dev.vitrine.engine.runtime;

import dev.vitrine.engine.graph.GraphTransform;
import dev.vitrine.engine.rewrite.lowering.SteepMasks;

/** Where graphs run. */
public enum Device {
    CPU(new SteepMasks()),
    /** Needs the build profile {@code cuda}, which takes ONNX Runtime's CUDA artifact. */
    CUDA(graph -> graph);

    private final GraphTransform forms;

    Device(GraphTransform forms) {
        this.forms = forms;
    }

    /**
     * The same computation in the forms that run fastest here, of standard operators, so that files may hold them. Runners
     * apply it to what they open.
     */
    public GraphTransform forms() {
        return forms;
    }
}
