package dev.vitrine.lens.attack;

/** An attack along gradients. */
interface WhiteBox extends Attack {
    @Override
    default Access access() {
        return Access.GRADIENTS;
    }
}
