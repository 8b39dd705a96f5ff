package dev.vitrine.lens.word;

/**
 * A word that was found.
 *
 * @param score by which it was ranked
 */
public record ScoredWord(String word, double score) {}
