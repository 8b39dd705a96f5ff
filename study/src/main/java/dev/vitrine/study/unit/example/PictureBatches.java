package dev.vitrine.study.unit.example;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.tensor.ElementType;
import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.data.Picture;
import dev.vitrine.lens.data.PictureSource;
import dev.vitrine.lens.model.Model;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * The pictures of a source as inputs of a network, in order, decoded on other threads while the network runs. A batch is a
 * fixed part of the source: a picture that cannot be read leaves its place empty.
 */
public final class PictureBatches implements AutoCloseable {
    private static final int MOST_THREADS = 4;

    /**
     * A part of the source.
     *
     * @param first index of its first picture
     * @param end index behind its last picture
     * @param images {@code f32[B,…]}, zero beyond {@code end} and where a picture is missing
     * @param unreadable what is wrong with each picture that could not be read
     */
    public record Batch(int first, int end, Tensor images, SortedMap<Integer, String> unreadable) {
        /** Without the pictures of which the network makes NaN, which are unreadable for it. */
        public Batch withoutNaN(Map<Value, Tensor> results, PictureSource source) {
            SortedMap<Integer, String> left = new TreeMap<>(unreadable);
            for (Tensor numbers : results.values()) {
                float[] values = numbers.toFloats();
                int sample = values.length / (int) numbers.dimension(0);
                for (int at = 0; at < (end - first) * sample; at++) {
                    if (Float.isNaN(values[at])) {
                        String name = source.entries().get(first + at / sample).name();
                        left.putIfAbsent(
                                first + at / sample,
                                name + ": the network makes NaN of it; expected numbers. It may divide by something"
                                        + " that is 0 in this picture, or want other preprocessing.");
                        at = (at / sample + 1) * sample - 1;
                    }
                }
            }
            return new Batch(first, end, images, left);
        }
    }

    private final Model model;
    private final PictureSource source;
    private final int size;
    private final int last;
    private final int ahead;
    private final ExecutorService decoders;
    private final Deque<Future<Batch>> coming = new ArrayDeque<>();
    private int next;

    /** From the picture {@code first} on, which must begin a batch. */
    public PictureBatches(Model model, PictureSource source, int size, int first) {
        this(model, source, size, first, source.size());
    }

    PictureBatches(Model model, PictureSource source, int size, int first, int last) {
        this.model = model;
        this.source = source;
        this.size = size;
        this.last = last;
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
        while (coming.size() < ahead && next < last) {
            int first = next;
            next = Math.min(last, first + size);
            coming.add(decoders.submit(() -> decode(first)));
        }
    }

    public boolean hasNext() {
        return !coming.isEmpty();
    }

    public Batch next() {
        try {
            Batch batch = coming.remove().get();
            fill();
            return batch;
        } catch (ExecutionException failure) {
            if (failure.getCause() instanceof Error error) {
                throw error;
            }
            throw (RuntimeException) failure.getCause();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while pictures were read", e);
        }
    }

    private Batch decode(int first) {
        int end = Math.min(last, first + size);
        long[] shape = model.sampleShape();
        shape[0] = size;
        ByteBuffer bytes = Tensor.allocate(ElementType.FLOAT32, shape);
        int sample = bytes.capacity() / size;
        SortedMap<Integer, String> unreadable = new TreeMap<>();
        for (int index = first; index < end; index++) {
            try {
                Picture picture = source.read(index);
                bytes.position((index - first) * sample);
                bytes.put(model.preprocessing().apply(picture).bytes());
            } catch (VitrineException e) {
                unreadable.put(index, e.getMessage());
            }
        }
        return new Batch(first, end, Tensor.wrap(ElementType.FLOAT32, shape, bytes.clear()), unreadable);
    }

    @Override
    public void close() {
        coming.forEach(batch -> batch.cancel(false));
        decoders.shutdown();
        boolean ended = false;
        while (!ended) {
            try {
                ended = decoders.awaitTermination(1, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }
}
