package dev.vitrine.lens.model.head;

/** What a network's output is for. */
public enum HeadKind {
    /** A score for each class, {@code [N,classes]}. */
    CLASSES,
    /** Plain numbers, such as an age, {@code [N,numbers]}. */
    NUMBERS,
    /** A point in a space where distance means likeness, {@code [N,dimensions]}. */
    EMBEDDING,
    /** A score for each class at each place, {@code [N,classes,h,w]} or {@code [N,h,w,classes]}. */
    MAP,
    /** Scores of many boxes, {@code [N,boxes,…]} or {@code [N,…,boxes]}. */
    DETECTOR
}
