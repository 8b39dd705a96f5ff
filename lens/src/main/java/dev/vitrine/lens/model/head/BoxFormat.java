package dev.vitrine.lens.model.head;

/** What the four numbers of a box are. */
public enum BoxFormat {
    /** Left, top, right, bottom. */
    XYXY,
    /** Left, top, width, height. */
    XYWH,
    /** Center, width, height. */
    CXCYWH
}
