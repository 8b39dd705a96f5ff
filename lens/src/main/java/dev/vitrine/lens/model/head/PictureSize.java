package dev.vitrine.lens.model.head;

/** Pixels of a network's input. */
public record PictureSize(int width, int height) {}
