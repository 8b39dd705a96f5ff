package dev.vitrine.study.robustness;

/**
 * A picture that is classified correctly as it is, and wrongly when corrupted.
 *
 * @param index in the list of pictures
 * @param answers the class that the network gives each version, in the order of {@link RobustnessPlan#version}
 */
public record BrokenPicture(int index, String name, int target, int[] answers) {
    /** Number of corrupted versions that are classified wrongly. */
    public int wrong() {
        int wrong = 0;
        for (int answer : answers) {
            wrong += answer == target ? 0 : 1;
        }
        return wrong;
    }
}
