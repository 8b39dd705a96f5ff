package dev.vitrine.lens.model.head;

/** The kind of a network's output. */
public enum HeadKind {
    /** A score for each class, {@code [N,classes]}. */
    CLASSES,
    /** Plain numbers, such as an age, {@code [N,numbers]}. */
    NUMBERS,
    /** An embedding, in which distance measures dissimilarity, {@code [N,dimensions]}. */
    EMBEDDING,
    /** A score for each class at each position, {@code [N,classes,h,w]} or {@code [N,h,w,classes]}. */
    MAP,
    /** Scores of many boxes, {@code [N,boxes,…]} or {@code [N,…,boxes]}. */
    DETECTOR
}
