package dev.vitrine.engine.runtime;

/** Where graphs run. */
public enum Device {
    CPU,
    /** Needs the build profile {@code cuda}, which takes ONNX Runtime's CUDA artifact. */
    CUDA
}
