package dev.vitrine.study.ablation;

import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.rewrite.FixDimension;
import dev.vitrine.engine.runtime.Executable;
import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.data.PictureList;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.objective.Objective;
import dev.vitrine.lens.session.ModelSession;
import dev.vitrine.lens.store.Question;
import dev.vitrine.study.Batch;
import dev.vitrine.study.Survey;
import dev.vitrine.study.ablation.RowSums.Sums;
import dev.vitrine.study.picture.KnownPictures;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Sums the outputs of a graph over pictures.
 *
 * @param graph reads the picture, and the true class if it has such an input
 * @param rows its outputs, each {@code f32[N,C]}
 */
record RowSums(Model model, KnownPictures known, Graph graph, List<Value> rows) implements Survey<Sums, Sums> {
    private static final int FORMAT = 1;
    private static final Value TARGET = new Value(Objective.TARGET);

    /**
     * @param places indices of the pictures
     * @param sums sum of each output, one number per channel
     */
    record Sums(int[] places, List<double[]> sums) {
        double[] mean(int row) {
            double[] mean = sums.get(row).clone();
            for (int channel = 0; channel < mean.length; channel++) {
                mean[channel] /= places.length;
            }
            return mean;
        }
    }

    @Override
    public String id() {
        return "ablate";
    }

    @Override
    public PictureList pictures() {
        return known.pictures().list();
    }

    @Override
    public Question question() {
        return Question.of("sums of rows", FORMAT).with("rows", rows);
    }

    @Override
    public Class<Sums> part() {
        return Sums.class;
    }

    @Override
    public int batch(ModelSession session) {
        return (int) session.forwardRuns(1 << 10, model.graph()).get(0)[1];
    }

    @Override
    public Look<Sums> open(ModelSession session, int batch) {
        Executable executable = session.runner().load(new FixDimension(model.batch(), batch).apply(graph));
        return new Look<>() {
            @Override
            public Sums at(Batch pictures) {
                Map<Value, Tensor> inputs = new HashMap<>(Map.of(model.input(), pictures.images()));
                if (graph.inputs().contains(TARGET)) {
                    inputs.put(TARGET, targets(pictures, batch));
                }
                Map<Value, Tensor> results = executable.run(inputs);
                pictures.refuseNaN(results.values());
                return sums(pictures, results);
            }

            @Override
            public void close() {
                executable.close();
            }
        };
    }

    private Tensor targets(Batch pictures, int batch) {
        long[] targets = new long[batch];
        pictures.items().forEach(item -> targets[item.row()] = known.target(item.index()));
        return Tensor.vector(targets);
    }

    private Sums sums(Batch pictures, Map<Value, Tensor> results) {
        List<double[]> sums = new ArrayList<>();
        for (Value row : rows) {
            float[] values = results.get(row).toFloats();
            int channels = values.length / (int) results.get(row).dimension(0);
            double[] sum = new double[channels];
            for (Batch.Item item : pictures.items()) {
                for (int channel = 0; channel < channels; channel++) {
                    sum[channel] += values[item.row() * channels + channel];
                }
            }
            sums.add(sum);
        }
        return new Sums(pictures.items().stream().mapToInt(Batch.Item::index).toArray(), sums);
    }

    @Override
    public Sums merge(Sums left, Sums right) {
        List<double[]> sums = new ArrayList<>();
        for (int row = 0; row < rows.size(); row++) {
            double[] sum = left.sums().get(row).clone();
            for (int channel = 0; channel < sum.length; channel++) {
                sum[channel] += right.sums().get(row)[channel];
            }
            sums.add(sum);
        }
        return new Sums(ChangedNetworks.joined(left.places(), right.places()), sums);
    }

    @Override
    public Sums finish(Sums all, Seen seen) {
        return all;
    }
}
