package dev.vitrine.engine.incremental;

import java.util.List;

/** A rectangle of a layer for each change of a batch, all of one size. */
sealed interface Region {
    /** Height and width for the largest change at any position. */
    Size nominal(Size change);

    /** The rectangles of a batch. */
    Placement place(List<Change> batch);

    /** Height and width. */
    record Size(int height, int width) {
        long places() {
            return (long) height * width;
        }
    }

    /** Rectangles of one size, by their first row and column; they may extend beyond the map. */
    record Placement(Size size, int[] tops, int[] lefts) {}

    /** The region of a layer that a change affects, widened to the batch's size, within the map. */
    record Changed(Reach reach) implements Region {
        @Override
        public Size nominal(Size change) {
            return new Size(
                    reach.rows().longest(change.height()), reach.columns().longest(change.width()));
        }

        @Override
        public Placement place(List<Change> batch) {
            int height = 1;
            int width = 1;
            for (Change change : batch) {
                height = Math.max(height, reach.rows().length(change.top(), change.height()));
                width = Math.max(width, reach.columns().length(change.left(), change.width()));
            }
            int[] tops = new int[batch.size()];
            int[] lefts = new int[batch.size()];
            for (int i = 0; i < tops.length; i++) {
                tops[i] = Math.min(
                        reach.rows().first(batch.get(i).top()), reach.rows().size() - height);
                lefts[i] = Math.min(
                        reach.columns().first(batch.get(i).left()),
                        reach.columns().size() - width);
            }
            return new Placement(new Size(height, width), tops, lefts);
        }
    }

    /** The region that a sliding window reads to compute a region of its output. */
    record Read(Locality.Sliding window, Region of) implements Region {
        @Override
        public Size nominal(Size change) {
            return read(of.nominal(change));
        }

        private Size read(Size behind) {
            return new Size(
                    window.rows().read(behind.height()), window.columns().read(behind.width()));
        }

        @Override
        public Placement place(List<Change> batch) {
            Placement behind = of.place(batch);
            int[] tops = new int[batch.size()];
            int[] lefts = new int[batch.size()];
            for (int i = 0; i < tops.length; i++) {
                tops[i] = behind.tops()[i] * window.rows().stride()
                        - window.rows().pad();
                lefts[i] = behind.lefts()[i] * window.columns().stride()
                        - window.columns().pad();
            }
            return new Placement(read(behind.size()), tops, lefts);
        }
    }
}
