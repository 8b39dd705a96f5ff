package dev.vitrine.study;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.tensor.ElementType;
import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.data.Picture;
import dev.vitrine.lens.data.PictureList;
import dev.vitrine.lens.model.Model;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** Reads pictures as batches, in order, decoded on other threads while the network runs. */
final class BatchReader implements AutoCloseable {
    private static final int MOST_THREADS = 4;

    private final Model model;
    private final PictureList pictures;
    private final Batch.Need need;
    private final int size;
    private final int ahead;
    private final ExecutorService decoders;
    private final Deque<Future<Batch>> coming = new ArrayDeque<>();
    private int next;

    BatchReader(Model model, PictureList pictures, Batch.Need need, int size, int first) {
        this.model = model;
        this.pictures = pictures;
        this.need = need;
        this.size = size;
        this.next = first;
        int threads = Math.max(1, Math.min(MOST_THREADS, Runtime.getRuntime().availableProcessors() / 2));
        this.ahead = threads + 1;
        this.decoders = Executors.newFixedThreadPool(threads, work -> {
            Thread thread = new Thread(work, "decoding");
            thread.setDaemon(true);
            return thread;
        });
        fill();
    }

    private void fill() {
        while (coming.size() < ahead && next < pictures.size()) {
            int first = next;
            next = Math.min(pictures.size(), first + size);
            coming.add(decoders.submit(() -> decode(model, pictures, need, first, size)));
        }
    }

    boolean hasNext() {
        return !coming.isEmpty();
    }

    Batch next() {
        try {
            Batch batch = coming.remove().get();
            fill();
            return batch;
        } catch (ExecutionException failure) {
            if (failure.getCause() instanceof Error error) {
                throw error;
            }
            throw (RuntimeException) failure.getCause();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new CancellationException("interrupted");
        }
    }

    static Batch decode(Model model, PictureList pictures, Batch.Need need, int first, int size) {
        int end = Math.min(pictures.size(), first + size);
        long[] shape = model.sampleShape();
        shape[0] = size;
        ByteBuffer bytes = Tensor.allocate(ElementType.FLOAT32, shape);
        int sample = bytes.capacity() / size;
        List<Batch.Item> items = new ArrayList<>();
        SortedMap<Integer, String> unreadable = new TreeMap<>();
        for (int index = first; index < end; index++) {
            try {
                Picture picture = pictures.read(index);
                bytes.position((index - first) * sample);
                bytes.put(model.preprocessing().apply(picture).bytes());
                Optional<Picture> kept = Optional.of(picture);
                items.add(new Batch.Item(
                        index,
                        index - first,
                        pictures.name(index),
                        kept.filter(any -> need == Batch.Need.VIEW).map(model.preprocessing()::view),
                        kept.filter(any -> need == Batch.Need.PICTURE)));
            } catch (VitrineException broken) {
                unreadable.put(index, broken.getMessage());
            }
        }
        return new Batch(first, end, Tensor.wrap(ElementType.FLOAT32, shape, bytes.clear()), items, unreadable);
    }

    @Override
    public void close() {
        coming.forEach(batch -> batch.cancel(false));
        decoders.shutdown();
        boolean ended = false;
        while (!ended) {
            try {
                ended = decoders.awaitTermination(1, TimeUnit.SECONDS);
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }
}
