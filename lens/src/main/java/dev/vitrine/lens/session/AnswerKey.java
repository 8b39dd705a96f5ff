package dev.vitrine.lens.session;

/**
 * A question to the network with all that its answer depends on but the model.
 *
 * @param <T> what the answer is
 */
public interface AnswerKey<T> {}
