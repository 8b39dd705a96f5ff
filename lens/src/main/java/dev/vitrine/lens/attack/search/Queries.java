package dev.vitrine.lens.attack.search;

/** The limit that searches have in common. */
final class Queries {
    static final String MEANING = "how often the network is asked about a picture, at most";

    private Queries() {}
}
