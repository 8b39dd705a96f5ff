package dev.vitrine.study.unit.example;

/**
 * A picture that activates a channel strongly or weakly.
 *
 * @param picture index in the list of pictures
 * @param name of the picture
 * @param value used for ranking
 * @param row of the map's maximum, the first of ties; 0 if the layer has no spatial positions, −1 if
 *     the search was stopped before it was determined
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
