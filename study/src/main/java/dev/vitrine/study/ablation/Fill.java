package dev.vitrine.study.ablation;

/** The replacement of an ablated channel. */
public enum Fill {
    /** Its mean over pictures and positions. */
    MEAN,
    ZERO
}
