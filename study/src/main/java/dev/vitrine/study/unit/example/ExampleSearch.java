package dev.vitrine.study.unit.example;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.runtime.Executable;
import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.attribution.ModelSession;
import dev.vitrine.lens.attribution.Progress;
import dev.vitrine.lens.data.PictureSource;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.unit.ChannelLayer;
import dev.vitrine.lens.unit.Summary;
import dev.vitrine.study.unit.example.Ranking.End;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * For every channel the k pictures with the largest and the smallest summary of its map, and where in the map the maximum
 * lies, in one pass over the pictures. Zeiler and Fergus 2013, arXiv:1311.2901, figure 2. Memory: k × channels.
 */
public final class ExampleSearch {
    /** Larger batches gained nothing on the networks measured. */
    private static final int BATCH = 4;

    /**
     * What is asked for.
     *
     * @param top how many strongest examples of each channel
     * @param bottom how many weakest
     */
    public record Settings(List<Probe> probes, int top, int bottom, Summary summary) {
        public Settings {
            probes = List.copyOf(probes);
            if (probes.isEmpty() || top < 0 || bottom < 0 || top + bottom == 0) {
                throw VitrineException.usage("Examples of " + probes.size() + " layers, top " + top + ", bottom "
                        + bottom + ": expected at least one layer, none below 0 and not both 0.");
            }
        }

        /** The channels of some layers, by their maximum. */
        public static Settings of(List<ChannelLayer> layers, int top, int bottom) {
            return new Settings(Probe.of(layers), top, bottom, Summary.MAXIMUM);
        }
    }

    private final ModelSession session;
    private final PictureSource source;
    private final int batch;

    public ExampleSearch(ModelSession session, PictureSource source) {
        this.session = session;
        this.source = source;
        Model model = session.model();
        this.batch = model.batch().isFixed() ? (int) model.batch().size() : BATCH;
    }

    /** The whole pass. */
    public Examples run(Settings settings, Progress progress) {
        Examples examples = new Examples(settings);
        resume(examples, progress);
        return examples;
    }

    /** Nothing looked at yet, to be handed to {@link #resume}. */
    public static Examples begin(Settings settings) {
        return new Examples(settings);
    }

    /**
     * Goes on where the examples end. When it is cut short by an exception, they hold what the whole batches before gave,
     * and it may be called again.
     *
     * @param progress hears of each batch when the examples hold it
     */
    public void resume(Examples examples, Progress progress) {
        Settings settings = examples.settings();
        ReducedGraph reduced = ReducedGraph.of(session.model(), settings.probes(), settings.summary(), batch);
        if (examples.done() < source.size()) {
            try (Executable executable = session.runner().load(reduced.graph());
                    PictureBatches batches = new PictureBatches(session.model(), source, batch, examples.done())) {
                while (batches.hasNext()) {
                    PictureBatches.Batch read = batches.next();
                    Map<Value, Tensor> results =
                            executable.run(Map.of(session.model().input(), read.images()));
                    PictureBatches.Batch next = read.withoutNaN(results, source);
                    take(examples, reduced, next, results);
                    examples.advance(next.end(), next.unreadable());
                    progress.report(next.end(), source.size());
                }
            }
        }
        if (examples.unreadable().size() == source.size()) {
            throw VitrineException.failure("None of the " + source.size()
                    + " pictures could be read; expected at least one. The first: "
                    + examples.unreadable().get(0));
        }
        settle(examples);
    }

    private void take(
            Examples examples, ReducedGraph reduced, PictureBatches.Batch pictures, Map<Value, Tensor> results) {
        Settings settings = examples.settings();
        for (int probe = 0; probe < settings.probes().size(); probe++) {
            ChannelLayer layer = settings.probes().get(probe).layer();
            ReducedGraph.Outputs outputs = reduced.probes().get(probe);
            float[] rows = results.get(outputs.rows()).toFloats();
            float[] columns = outputs.columns()
                    .map(value -> results.get(value).toFloats())
                    .orElse(rows);
            float[] means =
                    outputs.mean().map(value -> results.get(value).toFloats()).orElse(rows);
            Maxima maxima = new Maxima(rows, columns, layer.height(), layer.width());
            Ranking strongest = examples.ranking(End.STRONGEST, probe);
            Ranking weakest = examples.ranking(End.WEAKEST, probe);
            int channels = strongest.channels();
            for (int picture = pictures.first(); picture < pictures.end(); picture++) {
                if (pictures.unreadable().containsKey(picture)) {
                    continue;
                }
                int first = (picture - pictures.first()) * channels;
                for (int channel = 0; channel < channels; channel++) {
                    int map = first + channel;
                    float value = outputs.mean().isPresent() ? means[map] : maxima.value(map);
                    if (Float.isNaN(value)) {
                        throw VitrineException.failure("Picture '"
                                + source.entries().get(picture).name() + "': channel " + channel + " of '"
                                + settings.probes().get(probe).name()
                                + "' is not a number. Check that the model's own outputs are finite for it.");
                    }
                    strongest.offer(channel, value, picture, () -> maxima.place(map));
                    weakest.offer(channel, value, picture, () -> maxima.place(map));
                }
            }
        }
    }

    /**
     * The largest value of a map and its place, from the maxima of its rows and columns: sure where all places that hold it
     * share a row or a column.
     */
    private record Maxima(float[] rows, float[] columns, int height, int width) {
        float value(int map) {
            float maximum = rows[map * height];
            for (int row = 1; row < height; row++) {
                maximum = Math.max(maximum, rows[map * height + row]);
            }
            return maximum;
        }

        int place(int map) {
            float maximum = value(map);
            int row = first(rows, map * height, height, maximum);
            int column = first(columns, map * width, width, maximum);
            boolean sure = isLast(rows, map * height + row, (map + 1) * height, maximum)
                    || isLast(columns, map * width + column, (map + 1) * width, maximum);
            return sure ? row * width + column : Ranking.UNSETTLED;
        }

        private static int first(float[] values, int from, int count, float wanted) {
            int index = 0;
            while (index < count - 1 && values[from + index] != wanted) {
                index++;
            }
            return index;
        }

        private static boolean isLast(float[] values, int at, int end, float wanted) {
            for (int index = at + 1; index < end; index++) {
                if (values[index] == wanted) {
                    return false;
                }
            }
            return true;
        }
    }

    private record Open(int probe, Ranking ranking, int channel, int rank) {}

    /** Looks at whole maps where equal values lie at several rows and columns: the first place in reading order counts. */
    private void settle(Examples examples) {
        Map<Integer, List<Open>> open = new TreeMap<>();
        List<Probe> probes = examples.settings().probes();
        for (int probe = 0; probe < probes.size(); probe++) {
            for (End end : End.values()) {
                Ranking ranking = examples.ranking(end, probe);
                for (int channel = 0; channel < ranking.channels(); channel++) {
                    for (int rank = 0; rank < ranking.count(channel); rank++) {
                        if (ranking.place(channel, rank) == Ranking.UNSETTLED) {
                            open.computeIfAbsent(ranking.picture(channel, rank), key -> new ArrayList<>())
                                    .add(new Open(probe, ranking, channel, rank));
                        }
                    }
                }
            }
        }
        if (open.isEmpty()) {
            return;
        }
        Model model = session.model();
        ReducedGraph whole =
                ReducedGraph.whole(model, probes, examples.settings().summary());
        try (Executable executable = session.runner().load(whole.graph())) {
            open.forEach((picture, entries) -> {
                Tensor input = session.filled(model.preprocessing().apply(source.read(picture)));
                Map<Integer, Value> wanted = new LinkedHashMap<>();
                entries.forEach(entry -> wanted.put(
                        entry.probe(), whole.probes().get(entry.probe()).rows()));
                Map<Value, Tensor> maps = executable.run(Map.of(model.input(), input), List.copyOf(wanted.values()));
                Map<Integer, float[]> values = new LinkedHashMap<>();
                wanted.forEach(
                        (probe, value) -> values.put(probe, maps.get(value).toFloats()));
                for (Open entry : entries) {
                    int places = probes.get(entry.probe()).layer().places();
                    entry.ranking()
                            .settle(
                                    entry.channel(),
                                    entry.rank(),
                                    firstMaximum(values.get(entry.probe()), entry.channel() * places, places));
                }
            });
        }
    }

    private static int firstMaximum(float[] values, int from, int count) {
        int best = 0;
        for (int place = 1; place < count; place++) {
            best = values[from + place] > values[from + best] ? place : best;
        }
        return best;
    }
}
