package dev.vitrine.study.unit.example;

/**
 * A picture that a channel answers strongly or weakly to.
 *
 * @param picture index in the source
 * @param value by which it was ranked
 * @param row of the map where the channel is strongest, the first of equals; 0 where the layer has no places
 * @param column of the map
 */
public record Example(int picture, float value, int row, int column) {}
