package dev.vitrine.study.unit.example;

/**
 * A picture that a channel answers strongly or weakly to.
 *
 * @param picture index in the list of pictures
 * @param name of the picture
 * @param value by which it was ranked
 * @param row of the map where the channel is strongest, the first of equals; 0 where the layer has no places, −1 where
 *     the search was stopped before it was clear
 * @param column of the map
 */
public record Example(int picture, String name, float value, int row, int column) {
    static final int UNSETTLED = -1;

    boolean isSettled() {
        return row != UNSETTLED;
    }

    Example at(int place, int width) {
        return new Example(picture, name, value, place / width, place % width);
    }
}
