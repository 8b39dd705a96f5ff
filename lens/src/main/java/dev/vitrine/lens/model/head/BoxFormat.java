package dev.vitrine.lens.model.head;

/** The meaning of the four numbers of a box. */
public enum BoxFormat {
    /** Left, top, right, bottom. */
    XYXY,
    /** Left, top, width, height. */
    XYWH,
    /** Center, width, height. */
    CXCYWH
}
