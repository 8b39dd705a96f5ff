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
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;

/**
 * The batches of an epoch, prepared in the background a few ahead. The augmentation of a picture depends only on seed,
 * epoch and position in the epoch, not on thread scheduling.
 */
public final class BatchLoader {
    private static final int AHEAD = 4;

    private final Samples samples;
    private final List<Integer> train;
    private final PreparedPictures pictures;
    private final Augmentation augmentation;
    private final Preprocessing preprocessing;
    private final Optional<SoftLabels> teacher;
    private final Orders orders;
    private final int batch;
    private final long seed;
    private final ExecutorService pool;

    /**
     * @param train indices of the training samples
     * @param preprocessing of the network
     * @param teacher sees the same augmented pictures
     */
    public BatchLoader(
            Samples samples,
            List<Integer> train,
            PreparedPictures pictures,
            Augmentation augmentation,
            Preprocessing preprocessing,
            Optional<SoftLabels> teacher,
            Orders orders,
            int batch,
            long seed,
            ExecutorService pool) {
        this.samples = samples;
        this.train = List.copyOf(train);
        this.pictures = pictures;
        this.augmentation = augmentation;
        this.preprocessing = squashing(preprocessing);
        this.teacher = teacher;
        this.orders = orders;
        this.batch = batch;
        this.seed = seed;
        this.pool = pool;
    }

    private static Preprocessing squashing(Preprocessing preprocessing) {
        return new Preprocessing(
                preprocessing.width(),
                preprocessing.height(),
                Fit.SQUASH,
                preprocessing.resampling(),
                preprocessing.channels(),
                preprocessing.layout(),
                preprocessing.normalization());
    }

    /** Number of full batches in an epoch; the remainder is dropped. */
    public int steps() {
        return train.size() / batch;
    }

    /**
     * @param epoch counted from 0
     * @param from first step of the epoch
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
        List<Integer> indices = order.subList(step * batch, (step + 1) * batch);
        List<Change> changes = new ArrayList<>();
        for (int i = 0; i < batch; i++) {
            SplittableRandom random = new SplittableRandom(mixed(seed, epoch, step * batch + i));
            changes.add(augmentation.draw(preprocessing.width(), preprocessing.height(), random));
        }
        Tensor labels = Tensor.longs(indices.stream().mapToLong(samples::label).toArray(), batch);
        Optional<float[]> shares = augmentation.mixup() > 0 ? Optional.of(shares(epoch, step)) : Optional.empty();
        return new Batch(
                images(indices, changes, shares, preprocessing),
                labels,
                shares.map(each ->
                        new Batch.Blend(Tensor.longs(next(labels.toLongs()), batch), Tensor.floats(each, batch))),
                teacher.map(network ->
                        network.logits(images(indices, changes, shares, squashing(network.preprocessing())))));
    }

    private Tensor images(List<Integer> indices, List<Change> changes, Optional<float[]> shares, Preprocessing taken) {
        List<Picture> changed = new ArrayList<>();
        for (int i = 0; i < batch; i++) {
            changed.add(changes.get(i)
                    .apply(pictures.picture(indices.get(i)), taken.width(), taken.height(), preprocessing.meanColor()));
        }
        Tensor images = taken.apply(changed);
        return shares.map(each -> blended(images, each)).orElse(images);
    }

    private float[] shares(int epoch, int step) {
        SplittableRandom random = new SplittableRandom(mixed(~seed, epoch, step));
        float[] shares = new float[batch];
        for (int i = 0; i < batch; i++) {
            shares[i] = (float) augmentation.share(random);
        }
        return shares;
    }

    /** Blends each picture with the next of its batch, the last with the first. */
    private static Tensor blended(Tensor images, float[] shares) {
        float[] values = images.toFloats();
        float[] blended = new float[values.length];
        int size = values.length / shares.length;
        for (int i = 0; i < values.length; i++) {
            float share = shares[i / size];
            blended[i] = share * values[i] + (1 - share) * values[(i + size) % values.length];
        }
        return Tensor.floats(blended, images.shape());
    }

    private static long[] next(long[] labels) {
        long[] next = new long[labels.length];
        for (int i = 0; i < next.length; i++) {
            next[i] = labels[(i + 1) % next.length];
        }
        return next;
    }

    private static long mixed(long seed, int epoch, int place) {
        long mixed = seed * 0x9e3779b97f4a7c15L + epoch;
        return (mixed ^ (mixed >>> 29)) * 0xbf58476d1ce4e5b9L + place;
    }
}
