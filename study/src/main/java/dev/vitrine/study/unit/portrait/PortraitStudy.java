package dev.vitrine.study.unit.portrait;

import dev.vitrine.engine.graph.GraphBuilder;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.rewrite.FixDimension;
import dev.vitrine.engine.rewrite.Prune;
import dev.vitrine.engine.runtime.Executable;
import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.data.PictureList;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.session.ModelSession;
import dev.vitrine.lens.store.Question;
import dev.vitrine.lens.unit.ChannelLayer;
import dev.vitrine.lens.unit.UnitName;
import dev.vitrine.study.Batch;
import dev.vitrine.study.Survey;
import dev.vitrine.study.unit.example.Example;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Statistics of one unit in one pass over the pictures: its whole map is output, the rest of its layer only as means.
 *
 * @param unit with a channel
 * @param top number of strongest and weakest examples
 */
public record PortraitStudy(Model model, PictureList pictures, UnitName unit, int top)
        implements Survey<PortraitSums, Portrait> {
    private static final int FORMAT = 1;
    private static final int RELATED = 8;

    @Override
    public String id() {
        return "unit-portrait";
    }

    @Override
    public Question question() {
        return Question.of(id(), FORMAT)
                .with(model)
                .with(pictures)
                .with("unit", unit.words())
                .with("top", top);
    }

    @Override
    public Class<PortraitSums> part() {
        return PortraitSums.class;
    }

    @Override
    public Look<PortraitSums> open(ModelSession session, int batch) {
        GraphBuilder builder = new GraphBuilder(model.graph()).scope("portrait");
        builder.clearOutputs();
        Value channel = channel(builder);
        ChannelLayer layer = unit.layer();
        Value means = layer.isSpatial() ? builder.node("GlobalAveragePool", layer.value()) : layer.value();
        builder.output(channel).output(means).output(model.logits());
        Executable executable = session.runner()
                .load(new Prune().then(new FixDimension(model.batch(), batch)).apply(builder.build()));
        return new Looking(channel, means, executable);
    }

    private Value channel(GraphBuilder builder) {
        ChannelLayer layer = unit.layer();
        long index = unit.channel().orElseThrow();
        if (unit.place().isEmpty()) {
            return builder.node(
                    "Slice", layer.value(), builder.vector(index), builder.vector(index + 1), builder.vector(1));
        }
        UnitName.Place place = unit.place().get();
        return builder.node(
                "Slice",
                layer.value(),
                builder.vector(index, place.row(), place.column()),
                builder.vector(index + 1, place.row() + 1L, place.column() + 1L),
                builder.vector(1, 2, 3));
    }

    private final class Looking implements Look<PortraitSums> {
        private final Value channel;
        private final Value means;
        private final Executable executable;

        Looking(Value channel, Value means, Executable executable) {
            this.channel = channel;
            this.means = means;
            this.executable = executable;
        }

        @Override
        public PortraitSums at(Batch batch) {
            Map<Value, Tensor> results = executable.run(Map.of(model.input(), batch.images()));
            batch.refuseNaN(results.values());
            float[] logits = results.get(model.logits()).toFloats();
            float[] all = results.get(means).toFloats();
            List<PortraitSums> sums = new ArrayList<>();
            for (Batch.Item item : batch.items()) {
                float[] map =
                        results.get(channel).rows(item.row(), item.row() + 1).toFloats();
                sums.add(of(item, map, logits, all));
            }
            return sums.stream().reduce(PortraitStudy.this::merge).orElse(PortraitSums.NONE);
        }

        @Override
        public void close() {
            executable.close();
        }
    }

    /** @param map of the unit's channel, or its single position */
    private PortraitSums of(Batch.Item item, float[] map, float[] logits, float[] means) {
        int best = 0;
        double total = 0;
        long silent = 0;
        double[] where = new double[unit.layer().places()];
        for (int place = 0; place < map.length; place++) {
            float value = map[place];
            best = value > map[best] ? place : best;
            total += value;
            silent += value > 0 ? 0 : 1;
            where[place] = Math.max(0, value);
        }
        int width = unit.layer().width();
        int row = unit.place().map(UnitName.Place::row).orElse(best / width);
        int column = unit.place().map(UnitName.Place::column).orElse(best % width);
        List<Example> example = List.of(new Example(item.index(), item.name(), map[best], row, column));
        double mean = total / map.length;
        int classes = (int) model.classes();
        int channels = unit.layer().channels();
        return new PortraitSums(
                Histogram.of(map),
                Correlations.of(mean, logits, item.row() * classes, classes),
                Correlations.of(mean, means, item.row() * channels, channels),
                example,
                example,
                where,
                total,
                map[best],
                map.length,
                silent,
                map[best] > 0 ? 0 : 1);
    }

    @Override
    public PortraitSums merge(PortraitSums left, PortraitSums right) {
        return left.and(right, top);
    }

    @Override
    public Portrait finish(PortraitSums all, Seen seen) {
        ChannelLayer layer = unit.layer();
        float[] where = new float[layer.places()];
        for (int place = 0; place < where.length; place++) {
            where[place] = (float) (all.where()[place] / seen.pictures());
        }
        return new Portrait(
                seen.pictures(),
                seen.unreadable(),
                all.strongest(),
                all.weakest(),
                all.histogram(),
                (double) all.silent() / all.values(),
                (double) all.silentPictures() / seen.pictures(),
                all.sum() / all.values(),
                all.maximum(),
                Tensor.floats(where, layer.height(), layer.width()),
                related(all.classes(), -1),
                related(all.neighbors(), unit.channel().orElseThrow()));
    }

    private static List<Portrait.Related> related(Correlations correlations, int own) {
        return correlations.largest(RELATED + 1).stream()
                .filter(index -> index != own)
                .limit(RELATED)
                .map(index -> new Portrait.Related(index, correlations.of(index)))
                .toList();
    }
}
