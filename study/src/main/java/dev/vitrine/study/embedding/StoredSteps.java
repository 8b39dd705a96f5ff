package dev.vitrine.study.embedding;

import dev.vitrine.lens.embedding.Layout;
import dev.vitrine.lens.store.Cadence;
import dev.vitrine.lens.store.PartStore;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Progress of a map, stored among the parts of an unfinished study. */
record StoredSteps(PartStore parts, Cadence cadence) implements Layout.Memory {
    private static final String NAME = "steps";

    @Override
    public Optional<Layout.State> recalled() {
        return parts.read(NAME, StoredSteps::read);
    }

    @Override
    public void pass(Supplier<Layout.State> now) {
        cadence.pass(() -> keep(now.get()));
    }

    @Override
    public void keep(Layout.State now) {
        parts.write(NAME, output -> write(now, output));
    }

    private static Layout.State read(DataInput input) throws IOException {
        int done = input.readInt();
        List<double[]> numbers = new ArrayList<>();
        for (int left = input.readInt(); left > 0; left--) {
            double[] values = new double[input.readInt()];
            for (int index = 0; index < values.length; index++) {
                values[index] = input.readDouble();
            }
            numbers.add(values);
        }
        return new Layout.State(done, numbers);
    }

    private static void write(Layout.State state, DataOutput output) throws IOException {
        output.writeInt(state.done());
        output.writeInt(state.numbers().size());
        for (double[] values : state.numbers()) {
            output.writeInt(values.length);
            for (double value : values) {
                output.writeDouble(value);
            }
        }
    }
}
