package dev.vitrine.lens.session;

/** An evaluator that owns its sessions. */
public interface NativeEvaluator extends AutoCloseable {
    @Override
    void close();
}
