package dev.vitrine.study.picture;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.model.preprocessing.Preprocessing;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Pictures as batches of inputs, the next one decoded while the last one is worked on. What cannot be read is left out
 * and named in the batch.
 */
public final class PictureBatches implements Iterator<PictureBatches.Batch>, AutoCloseable {
    /**
     * @param places of the pictures in the list asked for
     * @param images {@code f32[N,C,H,W]} of those that could be read
     * @param unreadable the rest
     */
    public record Batch(List<Integer> places, List<Tensor> images, List<Unreadable> unreadable) {
        public Tensor tensor() {
            return Tensor.concatenate(images);
        }

        /** Without the pictures of which the network makes NaN in any of these values, a row a picture. */
        public Batch withoutNaN(Collection<Tensor> results, LabelledPictures pictures) {
            List<Integer> kept = new ArrayList<>();
            List<Tensor> keptImages = new ArrayList<>();
            List<Unreadable> left = new ArrayList<>(unreadable);
            for (int row = 0; row < places.size(); row++) {
                int place = places.get(row);
                int own = row;
                boolean finite = results.stream().noneMatch(result -> hasNaN(result.rows(own, own + 1)));
                if (finite) {
                    kept.add(place);
                    keptImages.add(images.get(row));
                } else {
                    left.add(new Unreadable(
                            place,
                            pictures.items().get(place).name()
                                    + ": the network makes NaN of it; expected numbers. It may divide by something that"
                                    + " is 0 in this picture, or want other preprocessing."));
                }
            }
            return new Batch(kept, keptImages, left);
        }

        private static boolean hasNaN(Tensor numbers) {
            for (float value : numbers.toFloats()) {
                if (Float.isNaN(value)) {
                    return true;
                }
            }
            return false;
        }

        public boolean isEmpty() {
            return places.isEmpty();
        }
    }

    /** A picture that could not be read. */
    public record Unreadable(int place, String message) {}

    private final LabelledPictures pictures;
    private final Preprocessing preprocessing;
    private final List<Integer> wanted;
    private final int size;
    private final ExecutorService decoder = Executors.newSingleThreadExecutor(work -> {
        Thread thread = new Thread(work, "decoder");
        thread.setDaemon(true);
        return thread;
    });
    private int from;
    private int handed;
    private Future<Batch> next;

    /**
     * @param wanted places in the list of pictures
     * @param size pictures a batch
     */
    public PictureBatches(LabelledPictures pictures, Preprocessing preprocessing, List<Integer> wanted, int size) {
        this.pictures = pictures;
        this.preprocessing = preprocessing;
        this.wanted = List.copyOf(wanted);
        this.size = size;
        this.next = ahead();
    }

    private Future<Batch> ahead() {
        List<Integer> part = wanted.subList(from, Math.min(wanted.size(), from + size));
        from += part.size();
        return decoder.submit(() -> decode(part));
    }

    private Batch decode(List<Integer> part) {
        List<Integer> places = new ArrayList<>();
        List<Tensor> images = new ArrayList<>();
        List<Unreadable> unreadable = new ArrayList<>();
        for (int place : part) {
            try {
                images.add(preprocessing.apply(pictures.read(pictures.items().get(place))));
                places.add(place);
            } catch (VitrineException broken) {
                unreadable.add(new Unreadable(place, broken.getMessage()));
            }
        }
        return new Batch(places, images, unreadable);
    }

    @Override
    public boolean hasNext() {
        return handed < wanted.size();
    }

    @Override
    public Batch next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        try {
            Batch batch = next.get();
            handed += batch.places().size() + batch.unreadable().size();
            if (hasNext()) {
                next = ahead();
            }
            return batch;
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new CancellationException("interrupted");
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof RuntimeException problem) {
                throw problem;
            }
            throw new IllegalStateException(failed.getCause());
        }
    }

    @Override
    public void close() {
        decoder.shutdownNow();
    }
}
