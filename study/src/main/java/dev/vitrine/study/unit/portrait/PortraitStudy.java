package dev.vitrine.study.unit.portrait;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.graph.GraphBuilder;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.rewrite.FixDimension;
import dev.vitrine.engine.rewrite.Prune;
import dev.vitrine.engine.runtime.Executable;
import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.session.ModelSession;
import dev.vitrine.lens.attribution.Progress;
import dev.vitrine.lens.data.PictureSource;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.unit.ChannelLayer;
import dev.vitrine.lens.unit.UnitName;
import dev.vitrine.study.unit.example.Example;
import dev.vitrine.study.unit.example.PictureBatches;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** One pass over a source that looks at one unit closely: its channel leaves the runtime, the rest of its layer as means. */
public final class PortraitStudy {
    private static final int BATCH = 4;
    private static final int RELATED = 8;

    private final ModelSession session;
    private final PictureSource source;
    private final UnitName unit;
    private final int top;

    /**
     * @param unit with a channel
     * @param top how many strongest and weakest examples
     */
    public PortraitStudy(ModelSession session, PictureSource source, UnitName unit, int top) {
        this.session = session;
        this.source = source;
        this.unit = unit;
        this.top = top;
    }

    /** What is added up while pictures come. */
    private final class Sums {
        private final Histogram histogram = new Histogram();
        private final Correlations classes =
                new Correlations((int) session.model().classes());
        private final Correlations neighbours = new Correlations(unit.layer().channels());
        private final List<Example> examples = new ArrayList<>();
        private final double[] where = new double[unit.layer().places()];
        private final TreeMap<Integer, String> unreadable = new TreeMap<>();
        private double sum;
        private double maximum = Double.NEGATIVE_INFINITY;
        private long values;
        private long silent;
        private int silentPictures;

        /** @param map of the unit's channel, or of its one place */
        void add(int picture, float[] map, float[] logits, float[] means, int row) {
            int best = 0;
            double total = 0;
            for (int place = 0; place < map.length; place++) {
                float value = map[place];
                if (Float.isNaN(value)) {
                    throw VitrineException.failure(
                            "Picture '" + source.entries().get(picture).name() + "': " + unit.words()
                                    + " is not a number. Check that the model's own outputs are finite for it.");
                }
                best = value > map[best] ? place : best;
                total += value;
                silent += value > 0 ? 0 : 1;
                where[place] += Math.max(0, value);
            }
            histogram.add(map);
            sum += total;
            values += map.length;
            maximum = Math.max(maximum, map[best]);
            silentPictures += map[best] > 0 ? 0 : 1;
            int width = unit.layer().width();
            examples.add(unit.place()
                    .map(place -> new Example(picture, map[0], place.row(), place.column()))
                    .orElse(new Example(picture, map[best], best / width, best % width)));
            double mean = total / map.length;
            classes.add(mean, logits, row * (int) session.model().classes());
            neighbours.add(mean, means, row * unit.layer().channels());
        }
    }

    public Portrait run(Progress progress) {
        Model model = session.model();
        ChannelLayer layer = unit.layer();
        int batch = model.batch().isFixed() ? (int) model.batch().size() : BATCH;
        GraphBuilder builder = new GraphBuilder(model.graph()).scope("portrait");
        builder.clearOutputs();
        Value channel = channel(builder);
        Value means = layer.isSpatial() ? builder.node("GlobalAveragePool", layer.value()) : layer.value();
        builder.output(channel).output(means).output(model.logits());
        Sums sums = new Sums();
        try (Executable executable = session.runner()
                        .load(new Prune()
                                .then(new FixDimension(model.batch(), batch))
                                .apply(builder.build()));
                PictureBatches batches = new PictureBatches(model, source, batch, 0)) {
            while (batches.hasNext()) {
                PictureBatches.Batch read = batches.next();
                Map<Value, Tensor> results = executable.run(Map.of(model.input(), read.images()));
                PictureBatches.Batch next = read.withoutNaN(results, source);
                float[] logits = results.get(model.logits()).toFloats();
                float[] all = results.get(means).toFloats();
                for (int picture = next.first(); picture < next.end(); picture++) {
                    int row = picture - next.first();
                    if (!next.unreadable().containsKey(picture)) {
                        sums.add(
                                picture, results.get(channel).rows(row, row + 1).toFloats(), logits, all, row);
                    }
                }
                sums.unreadable.putAll(next.unreadable());
                progress.report(next.end(), source.size());
            }
        }
        return portrait(sums);
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

    private Portrait portrait(Sums sums) {
        int pictures = sums.examples.size();
        if (pictures == 0) {
            throw VitrineException.failure("None of the " + source.size()
                    + " pictures could be read; expected at least one. The first: " + sums.unreadable.get(0));
        }
        ChannelLayer layer = unit.layer();
        float[] where = new float[layer.places()];
        for (int place = 0; place < where.length; place++) {
            where[place] = (float) (sums.where[place] / pictures);
        }
        // Sorting is stable: of equals the picture that comes first.
        List<Example> rising = new ArrayList<>(sums.examples);
        rising.sort(Comparator.comparingDouble(Example::value));
        List<Example> falling = new ArrayList<>(sums.examples);
        falling.sort(Comparator.comparingDouble((Example example) -> -example.value()));
        int own = unit.channel().orElseThrow();
        return new Portrait(
                pictures,
                sums.unreadable,
                falling.subList(0, Math.min(top, pictures)),
                rising.subList(0, Math.min(top, pictures)),
                sums.histogram,
                (double) sums.silent / sums.values,
                (double) sums.silentPictures / pictures,
                sums.sum / sums.values,
                sums.maximum,
                Tensor.floats(where, layer.height(), layer.width()),
                related(sums.classes, -1),
                related(sums.neighbours, own));
    }

    private static List<Portrait.Related> related(Correlations correlations, int own) {
        return correlations.largest(RELATED + 1).stream()
                .filter(index -> index != own)
                .limit(RELATED)
                .map(index -> new Portrait.Related(index, correlations.of(index)))
                .toList();
    }
}
