package dev.vitrine.study.probe;

import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.rewrite.FixDimension;
import dev.vitrine.engine.runtime.Executable;
import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.data.PictureList;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.session.ModelSession;
import dev.vitrine.lens.store.Question;
import dev.vitrine.study.Batch;
import dev.vitrine.study.PooledLayers;
import dev.vitrine.study.PooledLayers.Features;
import dev.vitrine.study.Survey;
import dev.vitrine.study.picture.LabeledPictures;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Computes the features that are not stored yet, writes them to the store picture by picture, and resumes where the
 * store ends.
 *
 * @param layers indices of the incomplete layers
 * @param start index of the first picture that some layer lacks
 */
record FeatureSurvey(
        Model model, LabeledPictures labeled, PooledLayers pooled, FeatureStore store, List<Integer> layers, int start)
        implements Survey<Integer, Integer> {
    private static final int FORMAT = 1;

    /** Features between two index entries: at most this many are lost in a kill. */
    private static final int PICTURES_BETWEEN = 64;

    @Override
    public String id() {
        return "probe";
    }

    @Override
    public PictureList pictures() {
        return labeled.list()
                .only(IntStream.range(start, labeled.size()).boxed().toList());
    }

    @Override
    public Question question() {
        return Question.of("features", FORMAT);
    }

    @Override
    public Class<Integer> part() {
        return Integer.class;
    }

    @Override
    public int batch(ModelSession session) {
        return (int) session.forwardRuns(1 << 10, pooled.graph()).get(0)[1];
    }

    @Override
    public Look<Integer> open(ModelSession session, int batch) {
        return new Looking(session.runner().load(new FixDimension(model.batch(), batch).apply(pooled.graph())));
    }

    private final class Looking implements Look<Integer> {
        private final Executable executable;
        private final List<Features> missing =
                layers.stream().map(pooled.features()::get).toList();
        private final List<Value> outputs =
                layers.stream().map(pooled.outputs()::get).toList();
        private int done = start;
        private int committed = start;

        Looking(Executable executable) {
            this.executable = executable;
        }

        @Override
        public Integer at(Batch batch) {
            Map<Value, Tensor> results = executable.run(Map.of(model.input(), batch.images()), outputs);
            batch.refuseNaN(outputs.stream().map(results::get).toList());
            for (int index = 0; index < missing.size(); index++) {
                for (Batch.Item item : batch.items()) {
                    store.put(
                            missing.get(index),
                            List.of(start + item.index()),
                            results.get(outputs.get(index)).rows(item.row(), item.row() + 1));
                }
            }
            return batch.items().size();
        }

        @Override
        public void passed(Batch batch) {
            batch.unreadable().forEach((index, problem) -> store.mark(start + index, problem));
            done = start + batch.end();
            if (done - committed >= PICTURES_BETWEEN || done == labeled.size()) {
                commit();
            }
        }

        private void commit() {
            store.commit(missing, done);
            committed = done;
        }

        @Override
        public void close() {
            executable.close();
            if (done > committed) {
                commit();
            }
        }
    }

    @Override
    public Integer merge(Integer left, Integer right) {
        return left + right;
    }

    @Override
    public Integer finish(Integer all, Seen seen) {
        return all;
    }
}
