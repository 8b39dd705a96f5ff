package dev.vitrine.study;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.data.Picture;
import dev.vitrine.lens.data.PictureList;
import dev.vitrine.lens.model.Model;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** A run of consecutive pictures as network input. The row of an unreadable picture stays zero. */
public final class Batch {
    /** What is kept of each picture. */
    public enum Need {
        INPUT,
        /** The input, and the region of the picture that the network sees, at input size. */
        VIEW,
        /** The input, and the picture as decoded. */
        PICTURE
    }

    /**
     * A readable picture.
     *
     * @param index in the list of pictures
     * @param row in the batch
     * @param view if the study needs it
     * @param picture if the study needs it
     */
    public record Item(int index, int row, String name, Optional<Picture> view, Optional<Picture> picture) {}

    private final int first;
    private final int end;
    private final Tensor images;
    private final List<Item> items;
    private final SortedMap<Integer, String> unreadable;

    Batch(int first, int end, Tensor images, List<Item> items, SortedMap<Integer, String> unreadable) {
        this.first = first;
        this.end = end;
        this.images = images;
        this.items = new ArrayList<>(items);
        this.unreadable = new TreeMap<>(unreadable);
    }

    /**
     * One picture.
     *
     * @throws dev.vitrine.engine.VitrineException if it cannot be read
     */
    public static Batch of(Model model, PictureList pictures, Need need, int index) {
        Batch batch = BatchReader.decode(model, pictures, need, index, 1);
        if (batch.items.isEmpty()) {
            throw VitrineException.failure(batch.unreadable.get(index));
        }
        return batch;
    }

    /** Index of the first picture. */
    public int first() {
        return first;
    }

    /** Index after the last picture. */
    public int end() {
        return end;
    }

    /** {@code f32[B,…]}, zero beyond the last picture and for missing ones. */
    public Tensor images() {
        return images;
    }

    /** The pictures that were read and not refused. */
    public List<Item> items() {
        return List.copyOf(items);
    }

    /** The problem of each other picture, by index. */
    public SortedMap<Integer, String> unreadable() {
        return new TreeMap<>(unreadable);
    }

    /** Excludes a picture for which the network gives no result. */
    public void refuse(Item item, String problem) {
        items.remove(item);
        unreadable.put(item.index(), problem);
    }

    /** Refuses the views that are not of 8-bit color, which only a network reads. */
    public void refuseBands() {
        for (Item item : items()) {
            if (item.view().orElseThrow().bands().isPresent()) {
                refuse(item, item.name() + ": has other channels than 8-bit color; expected pictures of colors.");
            }
        }
    }

    /** Refuses the pictures with NaN in any of these outputs, one row per picture. */
    public void refuseNaN(Collection<Tensor> results) {
        for (Tensor numbers : results) {
            float[] values = numbers.toFloats();
            int sample = values.length / (int) numbers.dimension(0);
            for (Item item : items()) {
                for (int at = item.row() * sample; at < (item.row() + 1) * sample; at++) {
                    if (Float.isNaN(values[at])) {
                        refuse(
                                item,
                                item.name() + ": the network outputs NaN; expected numbers. It may divide by"
                                        + " a value that is 0 for this picture, or need other preprocessing.");
                        break;
                    }
                }
            }
        }
    }

    /** {@code f32[n,…]} of the pictures in {@link #items}, in their order. */
    public Tensor inputs() {
        return Tensor.concatenate(items.stream()
                .map(item -> images.rows(item.row(), item.row() + 1))
                .toList());
    }

    /** The same batch with all pictures but one missing. */
    Batch alone(Item item) {
        ByteBuffer target = Tensor.allocate(images.elementType(), images.shape());
        ByteBuffer row = images.rows(item.row(), item.row() + 1).bytes();
        target.position(item.row() * row.remaining());
        target.put(row);
        return new Batch(
                first,
                end,
                Tensor.wrap(images.elementType(), images.shape(), target.clear()),
                List.of(item),
                new TreeMap<>());
    }
}
