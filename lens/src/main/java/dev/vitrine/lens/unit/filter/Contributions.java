package dev.vitrine.lens.unit.filter;

import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.engine.rewrite.Cut;
import dev.vitrine.engine.rewrite.FixDimension;
import dev.vitrine.engine.runtime.Executable;
import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.session.ModelSession;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * The inputs that drive a unit when it is strongly activated: for each channel of the previous layer, Σ over the kernel
 * of weight · value, averaged over examples, each at its own position. The contributions of all channels sum to the
 * unit's value before bias, normalization and rectifier.
 */
public final class Contributions {
    /** One channel of the previous layer. */
    public record Input(int channel, double amount) {}

    /** The position at which a unit is examined. */
    public record Place(int row, int column) {}

    private Contributions() {}

    /**
     * All channels that the unit reads, by descending magnitude; empty if the step's input is the picture or has no
     * maps.
     *
     * @param images one per position, {@code f32[N,…]}
     */
    public static List<Input> of(ModelSession session, LinearStep step, int output, Tensor images, List<Place> places) {
        Model model = session.model();
        Optional<TensorType> type = model.graph().type(step.input());
        if (step.input().equals(model.input()) || type.isEmpty()) {
            return List.of();
        }
        boolean maps = type.get().rank() == 4;
        int height = maps ? (int) type.get().dimension(2).size() : 1;
        int width = maps ? (int) type.get().dimension(3).size() : 1;
        double[] sums = new double[step.depth()];
        try (Executable executable = session.runner()
                .load(new Cut(List.of(step.input()))
                        .then(new FixDimension(model.batch(), 1))
                        .apply(model.graph()))) {
            for (int index = 0; index < places.size(); index++) {
                Tensor image = session.filled(images.rows(index, index + 1L));
                float[] values = executable
                        .run(Map.of(model.input(), image))
                        .get(step.input())
                        .rows(0, 1)
                        .toFloats();
                add(step, output, values, height, width, places.get(index), sums);
            }
        }
        List<Input> inputs = new ArrayList<>();
        for (int index : IntStream.range(0, sums.length)
                .boxed()
                .sorted(Comparator.comparingDouble((Integer channel) -> -sums[channel]))
                .toList()) {
            inputs.add(new Input(step.inputChannel(output, index), sums[index] / places.size()));
        }
        return inputs;
    }

    private static void add(
            LinearStep step, int output, float[] values, int height, int width, Place place, double[] sums) {
        float[] weights = step.kernel(output).toFloats();
        int at = 0;
        for (int index = 0; index < step.depth(); index++) {
            int plane = step.inputChannel(output, index) * height * width;
            for (int down = 0; down < step.height(); down++) {
                long row = place.row() * step.strides()[0] - step.pads()[0] + down * step.dilations()[0];
                for (int across = 0; across < step.width(); across++) {
                    long column = place.column() * step.strides()[1] - step.pads()[1] + across * step.dilations()[1];
                    if (row >= 0 && row < height && column >= 0 && column < width) {
                        sums[index] += (double) weights[at] * values[(int) (plane + row * width + column)];
                    }
                    at++;
                }
            }
        }
    }
}
