package dev.vitrine.lens.training.data;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.lens.attribution.Progress;
import dev.vitrine.lens.data.Picture;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;

/** Samples resized for training; kept in memory up to a limit. */
public final class PreparedPictures {
    private final Samples samples;
    private final UnaryOperator<Picture> preparation;
    private final long mostBytes;
    private final Map<Integer, Picture> kept = new ConcurrentHashMap<>();
    private final AtomicLong bytes = new AtomicLong();

    public PreparedPictures(Samples samples, UnaryOperator<Picture> preparation, long mostBytes) {
        this.samples = samples;
        this.preparation = preparation;
        this.mostBytes = mostBytes;
    }

    /**
     * Reads pictures once, on several threads.
     *
     * @return those that cannot be read, with the reason
     */
    public Map<Integer, String> read(List<Integer> indices, ExecutorService pool, Progress progress) {
        Map<Integer, String> unreadable = new ConcurrentSkipListMap<>();
        AtomicLong done = new AtomicLong();
        List<Callable<Void>> work = new ArrayList<>();
        for (int index : indices) {
            work.add(() -> {
                try {
                    picture(index);
                } catch (VitrineException broken) {
                    unreadable.put(index, broken.getMessage());
                }
                progress.report(done.incrementAndGet(), indices.size());
                return null;
            });
        }
        Tasks.all(pool, work);
        return new TreeMap<>(unreadable);
    }

    /** A prepared picture, read again if not kept. */
    public Picture picture(int index) {
        Picture known = kept.get(index);
        if (known != null) {
            return known;
        }
        Picture prepared = preparation.apply(samples.read(index));
        long size = prepared.sharedRgb().length;
        if (bytes.addAndGet(size) <= mostBytes) {
            kept.put(index, prepared);
        } else {
            bytes.addAndGet(-size);
        }
        return prepared;
    }
}
