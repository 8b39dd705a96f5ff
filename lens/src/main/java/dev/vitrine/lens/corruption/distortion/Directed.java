package dev.vitrine.lens.corruption.distortion;

/** A distortion along a direction that is drawn at random for each picture. */
public interface Directed extends Distortion {
    /** The same distortion along one direction, degrees clockwise from the right. */
    Distortion along(double degrees);
}
