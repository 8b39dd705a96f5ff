package dev.vitrine.study.ablation;

/** What a channel that is taken out holds instead. */
public enum Fill {
    /** Its mean over the pictures and places. */
    MEAN,
    ZERO
}
