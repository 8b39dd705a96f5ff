package dev.vitrine.lens.model.zoo;

/** A connection ended early; what came of the file stays. */
final class Interruption extends Exception {
    private static final long serialVersionUID = 1;

    Interruption(String reason) {
        super(reason);
    }
}
