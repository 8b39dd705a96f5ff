package dev.vitrine.lens.training.data;

import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.data.Picture;
import dev.vitrine.lens.model.preprocessing.Fit;
import dev.vitrine.lens.model.preprocessing.Preprocessing;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;

/**
 * The batches of an epoch, made in the background a few ahead. What happens to a picture depends on seed, epoch and place
 * in the epoch alone, not on which thread comes first.
 */
public final class BatchLoader {
    private static final int AHEAD = 4;

    private final Samples samples;
    private final List<Integer> train;
    private final PreparedPictures pictures;
    private final Augmentation augmentation;
    private final Preprocessing preprocessing;
    private final Orders orders;
    private final int batch;
    private final long seed;
    private final ExecutorService pool;

    /**
     * @param train indices of the samples to learn from
     * @param preprocessing of the network
     */
    public BatchLoader(
            Samples samples,
            List<Integer> train,
            PreparedPictures pictures,
            Augmentation augmentation,
            Preprocessing preprocessing,
            Orders orders,
            int batch,
            long seed,
            ExecutorService pool) {
        this.samples = samples;
        this.train = List.copyOf(train);
        this.pictures = pictures;
        this.augmentation = augmentation;
        this.preprocessing = new Preprocessing(
                preprocessing.width(),
                preprocessing.height(),
                Fit.SQUASH,
                preprocessing.resampling(),
                preprocessing.channels(),
                preprocessing.layout(),
                preprocessing.normalization());
        this.orders = orders;
        this.batch = batch;
        this.seed = seed;
        this.pool = pool;
    }

    /** Whole batches of an epoch; what is left over waits for the next. */
    public int steps() {
        return train.size() / batch;
    }

    /**
     * @param epoch counted from 0
     * @param from the step of the epoch to begin with
     */
    public Iterator<Batch> epoch(int epoch, int from) {
        List<Integer> order = orders.epoch(samples, train, seed, epoch);
        return new Iterator<>() {
            private final Deque<Future<Batch>> ahead = new ArrayDeque<>();
            private int submitted = from;

            @Override
            public boolean hasNext() {
                return submitted < steps() || !ahead.isEmpty();
            }

            @Override
            public Batch next() {
                while (ahead.size() < AHEAD && submitted < steps()) {
                    int step = submitted++;
                    ahead.add(pool.submit(() -> batch(order, epoch, step)));
                }
                if (ahead.isEmpty()) {
                    throw new NoSuchElementException();
                }
                return Tasks.result(ahead.remove());
            }
        };
    }

    private Batch batch(List<Integer> order, int epoch, int step) {
        List<Picture> changed = new ArrayList<>();
        long[] labels = new long[batch];
        for (int i = 0; i < batch; i++) {
            int place = step * batch + i;
            int index = order.get(place);
            SplittableRandom random = new SplittableRandom(mixed(seed, epoch, place));
            changed.add(augmentation.apply(
                    pictures.picture(index),
                    preprocessing.width(),
                    preprocessing.height(),
                    preprocessing.meanColour(),
                    random));
            labels[i] = samples.label(index);
        }
        return new Batch(preprocessing.apply(changed), Tensor.longs(labels, batch));
    }

    private static long mixed(long seed, int epoch, int place) {
        long mixed = seed * 0x9e3779b97f4a7c15L + epoch;
        return (mixed ^ (mixed >>> 29)) * 0xbf58476d1ce4e5b9L + place;
    }
}
