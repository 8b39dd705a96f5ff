package dev.vitrine.lens.session;

/** A way to ask the model that holds sessions of its own. */
public interface NativeEvaluator extends AutoCloseable {
    @Override
    void close();
}
