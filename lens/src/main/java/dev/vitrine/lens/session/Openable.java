package dev.vitrine.lens.session;

import dev.vitrine.lens.objective.Objective;

/**
 * What a session can open for an objective.
 *
 * @param <E> what it is then
 */
public interface Openable<E> {
    E open(ModelSession session, Objective objective);
}
