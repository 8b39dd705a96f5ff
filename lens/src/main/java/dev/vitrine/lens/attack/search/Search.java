package dev.vitrine.lens.attack.search;

import dev.vitrine.lens.attack.Attack;

/** An attack that draws at random and reads no more than the scores of pictures. */
interface Search extends Attack {
    @Override
    default Access access() {
        return Access.SCORES;
    }

    @Override
    default boolean startsAtRandom() {
        return true;
    }
}
