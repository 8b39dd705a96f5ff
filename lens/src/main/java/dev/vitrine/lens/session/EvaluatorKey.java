package dev.vitrine.lens.session;

/**
 * What an evaluator is for, with all that it depends on but the model.
 *
 * @param <T> its kind
 */
public interface EvaluatorKey<T extends NativeEvaluator> {}
