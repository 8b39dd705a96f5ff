package dev.vitrine.study.attack;

import dev.vitrine.study.Interval;

/** A share with its 95 % Wilson interval. */
public record Share(double share, Interval interval) {
    /** Of none, 0 with an interval that leaves all open. */
    public static Share of(long some, long all) {
        double share = all == 0 ? 0 : (double) some / all;
        return new Share(share, all == 0 ? new Interval(0, 1) : Interval.ofShare(share, all));
    }
}
