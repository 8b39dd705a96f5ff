package dev.vitrine.lens.attack;

/** Where the steps of an attack begin. */
public enum Start {
    PICTURE,
    RANDOM
}
