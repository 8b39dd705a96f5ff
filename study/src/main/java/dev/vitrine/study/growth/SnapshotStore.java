package dev.vitrine.study.growth;

import dev.vitrine.lens.render.file.StoredImage;
import dev.vitrine.lens.store.PartStore;
import dev.vitrine.lens.store.PartText;
import java.awt.image.BufferedImage;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Snapshots of checkpoints that are done, among the parts of work that is not finished. */
public final class SnapshotStore {
    /** To be raised whenever the layout or the meaning of a part changes. */
    public static final int FORMAT = 1;

    private final PartStore parts;

    public SnapshotStore(PartStore parts) {
        this.parts = parts;
    }

    /**
     * A checkpoint that was looked at.
     *
     * @param unreadable what could not be read of the pictures by then
     */
    public record Looked(Snapshot snapshot, List<String> unreadable) {
        public Looked {
            unreadable = List.copyOf(unreadable);
        }
    }

    /** What was kept of a checkpoint. */
    public Optional<Looked> read(String checkpoint) {
        return parts.read(checkpoint, SnapshotStore::read);
    }

    public void keep(Looked looked) {
        parts.write(looked.snapshot().name(), output -> write(looked, output));
    }

    /** Removes all, once the report is written. */
    public void remove() {
        parts.remove();
    }

    private static void write(Looked looked, DataOutput output) throws IOException {
        Snapshot snapshot = looked.snapshot();
        PartText.write(snapshot.name(), output);
        output.writeInt(snapshot.weights().size());
        for (Snapshot.Distance distance : snapshot.weights()) {
            PartText.write(distance.layer(), output);
            output.writeDouble(distance.distance());
        }
        output.writeInt(snapshot.layers().size());
        for (Snapshot.LayerState state : snapshot.layers()) {
            PartText.write(state.layer(), output);
            output.writeInt(state.channels());
            output.writeDouble(state.likeness());
            output.writeBoolean(state.dead().isPresent());
            output.writeInt(state.dead().orElse(0));
        }
        output.writeInt(snapshot.units().size());
        for (Snapshot.UnitState unit : snapshot.units()) {
            PartText.write(unit.layer(), output);
            output.writeInt(unit.channel());
            output.writeInt(unit.picture());
            PartText.write(unit.name(), output);
            output.writeFloat(unit.value());
            StoredImage.write(unit.patch(), output);
            output.writeBoolean(unit.projection().isPresent());
            if (unit.projection().isPresent()) {
                StoredImage.write(unit.projection().get(), output);
            }
        }
        output.writeInt(snapshot.filters().size());
        for (BufferedImage filter : snapshot.filters()) {
            StoredImage.write(filter, output);
        }
        PartText.write(looked.unreadable(), output);
    }

    private static Looked read(DataInput input) throws IOException {
        String name = PartText.read(input);
        List<Snapshot.Distance> weights = new ArrayList<>();
        for (int left = input.readInt(); left > 0; left--) {
            weights.add(new Snapshot.Distance(PartText.read(input), input.readDouble()));
        }
        List<Snapshot.LayerState> layers = new ArrayList<>();
        for (int left = input.readInt(); left > 0; left--) {
            String layer = PartText.read(input);
            int channels = input.readInt();
            double likeness = input.readDouble();
            boolean counted = input.readBoolean();
            int dead = input.readInt();
            layers.add(
                    new Snapshot.LayerState(layer, channels, likeness, counted ? Optional.of(dead) : Optional.empty()));
        }
        List<Snapshot.UnitState> units = new ArrayList<>();
        for (int left = input.readInt(); left > 0; left--) {
            String layer = PartText.read(input);
            int channel = input.readInt();
            int picture = input.readInt();
            String pictureName = PartText.read(input);
            float value = input.readFloat();
            BufferedImage patch = StoredImage.read(input);
            Optional<BufferedImage> projection =
                    input.readBoolean() ? Optional.of(StoredImage.read(input)) : Optional.empty();
            units.add(new Snapshot.UnitState(layer, channel, picture, pictureName, value, patch, projection));
        }
        List<BufferedImage> filters = new ArrayList<>();
        for (int left = input.readInt(); left > 0; left--) {
            filters.add(StoredImage.read(input));
        }
        return new Looked(new Snapshot(name, weights, layers, units, filters), PartText.readAll(input));
    }
}
