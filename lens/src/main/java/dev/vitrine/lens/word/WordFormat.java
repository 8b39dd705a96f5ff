package dev.vitrine.lens.word;

/** File formats of word vectors. */
public enum WordFormat {
    /** word2vec's text: a line with the numbers of words and dimensions, then a line for each word. */
    TEXT,
    /** word2vec's binary: the same first line, then word, space, little-endian float32 numbers, line feed. */
    BINARY,
    /** GloVe's text: a line for each word, without a first line; words may contain spaces. */
    GLOVE
}
